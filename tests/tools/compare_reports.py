"""Compare two reports of the same recording, made on different machines.

`python tests/tools/compare_reports.py HERE THERE` prints each rating and measure of both files. It
ends with 1 where a rating differs by more than one of five or a measure by more than a tenth, or
where one report lacks a part.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

_RATING_STEP = 1
_SHARE = 0.1
"""Processors round differently, and a word heard differently moves all that is counted of words."""

_SMALL = 0.5
"""Of counts and seconds near zero, a tenth would be nothing."""

Report = Mapping[str, Any]


def main() -> int:
    """Print a line for each figure; 1 where one is too far off."""
    here, there = (json.loads(Path(name).read_text()) for name in sys.argv[1:3])
    lines = list(compare(here, there))
    for name, one, other, close in lines:
        verdict = "same" if one == other else ("close" if close else "DIFFERS")
        print(f"{verdict:8} {name:32} {one!s:>12} {other!s:>12}")
    return 0 if all(close for *_, close in lines) else 1


def compare(here: Report, there: Report) -> Iterator[tuple[str, Any, Any, bool]]:
    """Each figure's name, its two values, and whether they are close.

    Args:
        here: one report.
        there: the other one.
    """
    versions = here["schema_version"], there["schema_version"]
    yield "schema", *versions, versions[0] == versions[1]
    for kind, slack in (("ratings", 0.0), ("measures", _SHARE)):
        one, other = _values(here, kind), _values(there, kind)
        for name in dict.fromkeys([*one, *other]):
            a, b = one.get(name, "missing"), other.get(name, "missing")
            least = _RATING_STEP if kind == "ratings" else _SMALL
            yield f"{kind}.{name}", a, b, _close(a, b, slack, least)
    for part in ("face", "voice", "fusion"):
        a, b = bool(here.get(part)), bool(there.get(part))
        yield part, a, b, a == b


def _values(report: Report, kind: str) -> dict[str, Any]:
    return {part["name"]: part["value"] for part in report[kind]}


def _close(one: Any, other: Any, share: float, least: float) -> bool:
    if not (isinstance(one, (int, float)) and isinstance(other, (int, float))):
        return bool(one == other)
    return abs(one - other) <= max(least, share * abs(one))


if __name__ == "__main__":
    sys.exit(main())
