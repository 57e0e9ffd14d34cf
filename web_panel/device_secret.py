"""The secret of this device, made at its first start, and how the panel keeps its secrets."""

import fcntl
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from appliance.domain.errors import OutputError, StorageError
from appliance.domain.whole_file import write_whole

FILE = "panel.secret"
SECRET_BYTES = 32

_OWNER_ALONE = 0o600
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def device_secret(folder: Path) -> bytes:
    """The secret of this device, 32 bytes; made where there is none yet.

    Programs that start together get the same one.

    Args:
        folder: of the panel; made for its owner alone where it is missing.

    Raises:
        StorageError: it can be neither read nor made, or what is there is no such secret.
    """
    path = folder / FILE
    kept = read_private(path, SECRET_BYTES)
    if kept is None:
        with _alone_in(folder):
            kept = read_private(path, SECRET_BYTES)
            if kept is None:
                kept = secrets.token_bytes(SECRET_BYTES)
                write_private(path, kept)
    if len(kept) != SECRET_BYTES:
        raise StorageError(
            f"'{path}' does not hold the {SECRET_BYTES} bytes of the secret of this device: "
            "it is damaged.",
            "Delete it and start the booth again: a new one is made, and everybody signs in anew.",
        )
    return kept


def read_private(path: Path, most_bytes: int) -> bytes | None:
    """What a file for its owner alone holds; None where there is no file.

    One that others may open is closed to them first.

    Args:
        path: of the file.
        most_bytes: that it may hold; of a longer one, one byte more than these is given.

    Raises:
        StorageError: it cannot be read, or not be closed to others.
    """
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_mode & _OTHERS:
                os.fchmod(file.fileno(), _OWNER_ALONE)
            return file.read(most_bytes + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise unusable(path, error) from error


def write_private(path: Path, content: bytes) -> None:
    """Write a file for its owner alone, whole or not at all; its folder is made the same way.

    Raises:
        StorageError: it cannot be written; what was there before still is.
    """
    _make(path.parent)
    try:
        write_whole({path: content})
    except OutputError as error:
        cause = error.__cause__
        raise unusable(path, cause if isinstance(cause, OSError) else error) from error


def unusable(path: Path, error: OSError) -> StorageError:
    """The fault of a file that the system does not let us use, in words for a person."""
    reason = (error.strerror or str(error)).lower()
    return StorageError(
        f"'{path}' cannot be used: {reason}.",
        f"Make '{path.parent}' a folder of the user of the booth, on a disk with room that "
        "keeps permissions.",
    )


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise unusable(folder, error) from error


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Keep other programs and threads that ask the same out of a folder for a while."""
    _make(folder)
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise unusable(folder, error) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
