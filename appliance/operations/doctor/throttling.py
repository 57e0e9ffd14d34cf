"""Whether a Raspberry Pi gets too little power, or slows down."""

import shutil
import subprocess
from pathlib import Path

from appliance.domain.health import Health, Status
from appliance.operations.doctor.kernel_files import read_text

# Raspberry Pi documentation, "vcgencmd", get_throttled; what has been is 16 bits further up.
_FLAGS = (
    (0, "under-voltage"),
    (1, "the processor's frequency is capped"),
    (2, "the processor is throttled"),
    (3, "the soft temperature limit is reached"),
)
_PAST = (
    (16, "under-voltage"),
    (17, "a capped frequency"),
    (18, "throttling"),
    (19, "the soft temperature limit"),
)
_UNDER_VOLTAGE = 1 << 0 | 1 << 16
_GRAVE_NOW = 1 << 0 | 1 << 2
_ANSWERS_S = 3.0


def check_throttling(root: Path, command: str = "vcgencmd") -> Health:
    """What the firmware says of power and speed; skipped on other boards.

    Args:
        root: the folder that holds `sys`.
        command: what to ask where the kernel does not tell.
    """
    bits = throttled_bits(root, command)
    if bits is None:
        return Health("power", Status.SKIPPED, "Only a Raspberry Pi tells whether it lacks power.")
    now = [words for bit, words in _FLAGS if bits >> bit & 1]
    past = [words for bit, words in _PAST if bits >> bit & 1 and not bits >> bit - 16 & 1]
    details = {"throttled": hex(bits), "now": now, "before": past}
    if not now and not past:
        message = "The power supply is strong enough, and nothing slows the processor."
        return Health("power", Status.HEALTHY, message, details=details)
    status = Status.CRITICAL if bits & _GRAVE_NOW else Status.WARNING
    told = [f"Now: {', '.join(now)}."] if now else []
    told += [f"Before: {', '.join(past)}."] if past else []
    return Health("power", status, " ".join(told), _advice(bits), details)


def _advice(bits: int) -> str:
    if bits & _UNDER_VOLTAGE:
        return (
            "Use the official power supply of this board (5.1 V; 3 A for a Pi 4, 5 A for a Pi 5), "
            "with its own cable, and no USB hub without power of its own."
        )
    return "Give the board air, a heat sink or a fan."


def throttled_bits(root: Path, command: str) -> int | None:
    """The firmware's flags; None where neither the kernel nor the command tells.

    Args:
        root: the folder that holds `sys`.
        command: prints such as "throttled=0x50005".
    """
    # The folder is soc/soc:firmware up to the Pi 4; on later boards it bears an address.
    for path in sorted((root / "sys/devices/platform").glob("soc*/*firmware/get_throttled")):
        if (bits := _hexadecimal(read_text(path))) is not None:
            return bits
    program = shutil.which(command)
    if program is None:
        return None
    try:
        answer = subprocess.run(  # noqa: S603 - found by name, without a word from outside
            [program, "get_throttled"],
            capture_output=True,
            text=True,
            timeout=_ANSWERS_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return _hexadecimal(answer.stdout.strip().removeprefix("throttled="))


def _hexadecimal(text: str | None) -> int | None:
    try:
        return int(text or "", 16)
    except ValueError:
        return None
