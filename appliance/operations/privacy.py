"""Keeps what is in memory off the disk."""

import ctypes
import resource

_PR_SET_DUMPABLE = 4
"""Of linux/prctl.h."""


def keep_off_the_disk() -> None:
    """Let no core dump of this process be made: it would hold voices and faces."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Where the system pipes dumps to a program, the limit alone does not hold them back.
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
