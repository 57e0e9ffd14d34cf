"""Reads the small files in which the kernel tells about the machine."""

from pathlib import Path


def read_text(path: Path) -> str | None:
    """The text of a file without white space and NUL bytes around it; None where it has none.

    A file of sysfs may be there and fail to be read, such as the sensor of a part that sleeps.
    """
    try:
        return path.read_bytes().decode(errors="replace").strip("\0 \t\r\n") or None
    except OSError:
        return None


def read_int(path: Path, base: int = 10) -> int | None:
    """The whole number in a file; None where there is none."""
    text = read_text(path)
    try:
        return None if text is None else int(text, base)
    except ValueError:
        return None
