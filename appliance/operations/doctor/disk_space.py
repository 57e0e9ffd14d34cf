"""Whether there is room on the disk, and whether it can be written at all."""

import os
from dataclasses import dataclass
from pathlib import Path

from appliance.domain.health import Health, Status

_TIGHT_BYTES = 1_000_000_000
_TOO_LITTLE_BYTES = 200_000_000


@dataclass(frozen=True, slots=True)
class Space:
    """How full a file system is.

    Attributes:
        free_bytes: what the person who runs this may still write.
        total_bytes: its size.
        read_only: whether nothing can be written to it.
    """

    free_bytes: int
    total_bytes: int
    read_only: bool


def check_disk_space(state_dir: Path, models_dir: Path) -> list[Health]:
    """How full the disks are that the booth writes to; one finding a disk.

    Args:
        state_dir: where the booth keeps things; it may not be there yet.
        models_dir: where the models are.
    """
    state, models = existing(state_dir), existing(models_dir)
    found = [judge("disk", state, measure(state), must_write=True)]
    if models.stat().st_dev != state.stat().st_dev:
        found.append(judge("disk of models", models, measure(models), must_write=False))
    return found


def existing(folder: Path) -> Path:
    """The folder, or the nearest above it that is there and can be looked into."""
    for place in (folder, *folder.absolute().parents):
        try:
            place.stat()
        except OSError:
            continue
        return place
    return Path("/")


def measure(folder: Path) -> Space:
    """How full the file system under a folder is."""
    figures = os.statvfs(folder)
    return Space(
        free_bytes=figures.f_bavail * figures.f_frsize,
        total_bytes=figures.f_blocks * figures.f_frsize,
        read_only=bool(figures.f_flag & os.ST_RDONLY),
    )


def judge(name: str, folder: Path, space: Space, must_write: bool) -> Health:
    """What a file system's figures mean.

    Args:
        name: of the part.
        folder: a folder on it, to be named.
        space: its figures.
        must_write: whether the booth writes to it from day to day.
    """
    details = {
        "folder": str(folder),
        "free_bytes": space.free_bytes,
        "total_bytes": space.total_bytes,
        "read_only": space.read_only,
    }
    if space.read_only and must_write:
        return Health(
            name,
            Status.CRITICAL,
            f"The file system of {folder} is read-only: the booth can keep nothing.",
            "If that is not meant to be, look for a worn card: dmesg | grep -i error.",
            details,
        )
    if space.read_only:
        return Health(name, Status.HEALTHY, f"{folder} is read-only, which does.", details=details)
    status, advice = Status.HEALTHY, ""
    if space.free_bytes < _TIGHT_BYTES:
        status = Status.CRITICAL if space.free_bytes < _TOO_LITTLE_BYTES else Status.WARNING
        advice = "Make room: 'sudo apt clean' and 'sudo journalctl --vacuum-size=50M' are harmless."
    free, total = _size(space.free_bytes), _size(space.total_bytes)
    return Health(name, status, f"{free} of {total} are free under {folder}.", advice, details)


def _size(size_bytes: int) -> str:
    if size_bytes < _TIGHT_BYTES:
        return f"{size_bytes / 1e6:.0f} MB"
    return f"{size_bytes / 1e9:.1f} GB"
