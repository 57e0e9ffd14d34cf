"""Reads the file of a site's own questions, whatever that is: never for long, or much."""

import errno
import os
import stat
from pathlib import Path

from appliance.domain.errors import WrongUsageError

LARGEST_BYTES = 256 * 1024


def read_site_file(path: Path) -> bytes:
    """What a file holds.

    Raises:
        OSError: it cannot be read, is no regular file, or holds more than `LARGEST_BYTES`.
    """
    try:
        _require_regular(path.stat())  # before it is opened, since a device may act on that
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except ValueError as error:
        raise OSError(errno.EINVAL, "that is no name of a file") from error
    with os.fdopen(descriptor, "rb") as file:
        _require_regular(os.fstat(descriptor))
        content = file.read(LARGEST_BYTES + 1)
    if len(content) > LARGEST_BYTES:
        raise OSError(errno.EFBIG, f"it holds more than {LARGEST_BYTES // 1024} KiB")
    return content


def reason_of(error: OSError) -> str:
    """Why a file cannot be read, as the end of a sentence."""
    words = error.strerror or str(error)
    return words[:1].lower() + words[1:]


def text_of(content: bytes, name: str) -> str:
    """What a file says; Windows' editors may begin it with a mark.

    Args:
        content: of the file.
        name: of the file, for the error.

    Raises:
        WrongUsageError: it is no text in UTF-8.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise WrongUsageError(f"'{name}' is no text in UTF-8.", "Save it as UTF-8.") from error


def _require_regular(found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "it is no regular file")
