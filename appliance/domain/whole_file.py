"""Files are written whole or not at all."""

import os
import re
import stat
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path

from appliance.domain.errors import OutputError

_UNFINISHED = re.compile(r"\..+\.[a-z0-9_]{8}")
"""How `tempfile` names what `_stage` writes."""


def write_whole(files: Mapping[Path, bytes], like: Path | None = None) -> None:
    """Write files so that a reader finds the old ones or the new ones, never a part of one.

    Each content goes to a temporary file in the same folder and is flushed to the disk; only when
    all are there are they renamed, and the folders flushed. Missing folders are made. The files may
    be read by their owner alone (mode 0600), since what the booth writes is about a person.

    Args:
        files: the content of each.
        like: a file whose mode and owner they get instead.

    Raises:
        OutputError: a folder or a file cannot be written; nothing is left behind.
    """
    current = next(iter(files))
    try:
        with ExitStack() as clean_up:
            model = None if like is None else like.stat()
            staged = {}
            for path, content in files.items():
                current = path
                staged[path] = _stage(path, content, model)
                clean_up.callback(staged[path].unlink, missing_ok=True)
            for path, temporary in staged.items():
                current = path
                temporary.replace(path)
        for folder in {path.parent for path in files}:
            _flush_folder(folder)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise OutputError(
            f"'{current}' could not be written: {reason}.",
            "Choose another folder with '--out', or free some space.",
        ) from error


def discard_unfinished(folder: Path) -> None:
    """Delete what a power cut left of files that were being written. Never raises.

    It may hold what somebody wanted removed, and nobody would look for it there.

    Args:
        folder: in which, and in whose folders, nobody writes files now.
    """
    with suppress(OSError):
        for path in folder.rglob(".*"):
            if _UNFINISHED.fullmatch(path.name) and path.is_file() and not path.is_symlink():
                path.unlink()


def _stage(path: Path, content: bytes, model: os.stat_result | None) -> Path:
    """Write a temporary file beside `path`; nothing stays where that fails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            if model is not None:
                os.fchown(descriptor, model.st_uid, model.st_gid)
                os.fchmod(descriptor, stat.S_IMODE(model.st_mode))
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
