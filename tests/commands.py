"""A command that a test runs, and what it left."""

import json
from collections.abc import Callable
from typing import Any

Run = Callable[..., "Result"]


class Result:
    """What a run of the command left: its exit code and what it printed."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def report(self) -> dict[str, Any]:
        value: dict[str, Any] = json.loads(self.out)
        return value

    def measure(self, name: str) -> dict[str, Any]:
        return next(m for m in self.report["measures"] if m["name"] == name)


def one_line(result: Result) -> bool:
    """Whether it told of a fault, in one line."""
    return result.err.count("\n") == 1 and result.err.startswith("booth: ")
