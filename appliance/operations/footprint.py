"""What the process holds: what would grow, if anything leaked."""

import os
import threading
from dataclasses import dataclass
from pathlib import Path

_STATM = Path("/proc/self/statm")
_FILES = Path("/proc/self/fd")


@dataclass(frozen=True, slots=True)
class Footprint:
    """What a process holds.

    Attributes:
        memory_mb: in memory, of its own and shared.
        threads: of Python.
        files: that are open.
    """

    memory_mb: float
    threads: int
    files: int

    def __str__(self) -> str:
        return f"{self.memory_mb:.0f} MB, {self.threads} threads, {self.files} open files"


def footprint() -> Footprint:
    """What this process holds now."""
    pages = int(_STATM.read_text().split()[1])
    return Footprint(
        memory_mb=pages * os.sysconf("SC_PAGE_SIZE") / 1e6,
        threads=threading.active_count(),
        files=len(list(_FILES.iterdir())),
    )
