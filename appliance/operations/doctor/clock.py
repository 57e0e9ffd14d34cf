"""Whether the wall clock is set; the measures do not use it."""

import ctypes
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from appliance.domain.health import Health, Status

_EARLIEST_YEAR = 2025  # before that there was no booth
_LATEST_YEAR = 2099
_UNSET_US = 16_000_000
_HARMLESS = "Only dates on reports depend on it, no measure does."


class _Timex(ctypes.Structure):
    """The beginning of the kernel's `struct timex`, and room for its rest."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("rest", ctypes.c_char * 400),
    )


def kernel_says_set() -> bool | None:
    """Whether something keeps the clock right; None where the kernel does not tell.

    This is what `timedatectl` calls NTPSynchronized: the largest error, in microseconds, is below
    16 s (systemd, src/basic/time-util.c, `ntp_synced`). The kernel raises it to that limit where
    nobody has set the clock for long.
    """
    timex = _Timex()
    if ctypes.CDLL(None).adjtimex(ctypes.byref(timex)) < 0:
        return None
    return int(timex.maxerror) < _UNSET_US


def check_clock(
    root: Path, now: Callable[[], datetime], says_set: Callable[[], bool | None]
) -> Health:
    """Whether the wall clock is set, and what keeps it while the power is off.

    Args:
        root: the folder that holds `run` and `sys`.
        now: the wall clock.
        says_set: whether the kernel knows the clock to be set; None where it does not tell.
    """
    time = now()
    battery = any((root / "sys/class/rtc").glob("rtc*"))
    by_network = (root / "run/systemd/timesync/synchronized").exists() or says_set()
    details = {"time": time.isoformat(), "set_by_network": by_network, "rtc": battery}
    shown = f"{time:%Y-%m-%d %H:%M}"
    if not _EARLIEST_YEAR <= time.year <= _LATEST_YEAR:
        return Health(
            "clock",
            Status.WARNING,
            f"The clock says {shown}, which cannot be. {_HARMLESS}",
            "Connect the network once, or set it: sudo date -s '2026-01-31 12:00'.",
            details,
        )
    if by_network:
        message = f"The clock is set from the network: {shown}."
        return Health("clock", Status.HEALTHY, message, details=details)
    if battery:
        message = f"The clock says {shown}, kept by the machine's own clock (RTC)."
        return Health("clock", Status.HEALTHY, message, details=details)
    return Health(
        "clock",
        Status.WARNING,
        f"Nothing has set the clock, and the machine has none that runs without power (RTC). "
        f"It says {shown}. {_HARMLESS}",
        "Connect the network once after each start, or fit a real-time clock.",
        details,
    )
