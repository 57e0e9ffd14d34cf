"""What the doctor found, for people."""

import textwrap
from collections.abc import Sequence

from appliance.domain.health import Health, Status

_WORDS = {
    Status.HEALTHY: "ok",
    Status.WARNING: "warning",
    Status.CRITICAL: "fault",
    Status.UNKNOWN: "unknown",
    Status.SKIPPED: "-",
}

_COLOURS = {
    Status.HEALTHY: "32",
    Status.WARNING: "33",
    Status.CRITICAL: "31",
    Status.UNKNOWN: "33",
    Status.SKIPPED: "2",
}

_LEAST_TEXT = 30  # columns


def table(found: Sequence[Health], width: int, *, colour: bool) -> str:
    """One line or some for each part: its name, how it does, what was found, what to do.

    Args:
        found: the parts.
        width: columns of the terminal.
        colour: whether the terminal shows colours.
    """
    first = max((len(part.name) for part in found), default=0) + 2
    second = max(len(word) for word in _WORDS.values()) + 2
    room = max(_LEAST_TEXT, width - first - second)
    lines = []
    for part in found:
        told = textwrap.wrap(part.message, room)
        if part.advice:
            told += textwrap.wrap(f"→ {part.advice}", room, subsequent_indent="  ")
        word = _WORDS[part.status].ljust(second)
        if colour:
            word = f"\x1b[{_COLOURS[part.status]}m{word}\x1b[0m"
        lines.append(f"{part.name:<{first}}{word}{told[0]}")
        lines += [f"{'':<{first + second}}{line}" for line in told[1:]]
    return "\n".join([*lines, "", _sum(found)])


def _sum(found: Sequence[Health]) -> str:
    counts = {status: sum(part.status is status for part in found) for status in Status}
    parts = [
        f"{counts[status]} {one if counts[status] == 1 else many}"
        for status, one, many in (
            (Status.CRITICAL, "fault", "faults"),
            (Status.WARNING, "warning", "warnings"),
            (Status.UNKNOWN, "unknown", "unknown"),
            (Status.HEALTHY, "well", "well"),
        )
        if counts[status]
    ]
    told = f" {', '.join(parts)}." if parts else ""
    can = "can work" if not counts[Status.CRITICAL] else "cannot work as it is"
    return f"The booth {can}.{told}"
