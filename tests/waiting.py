"""Waiting for other threads, and counting what must not pile up."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

_PATIENCE_S = 30.0


def until(holds: Callable[[], bool]) -> None:
    """Wait for something that another thread brings about."""
    for _ in range(30_000):
        if holds():
            return
        threading.Event().wait(0.001)
    pytest.fail("it did not come to that")


def ended(name: str) -> None:
    """Wait until no thread of that name runs."""
    for thread in threading.enumerate():
        if thread.name == name:
            thread.join(_PATIENCE_S)


def open_files() -> int:
    """How many files this process has open."""
    return len(list(Path("/proc/self/fd").iterdir()))
