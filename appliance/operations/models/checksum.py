"""Whether a file is what it should be."""

import hashlib
from pathlib import Path

_CHUNK = 1 << 20  # bytes; models are hashed without holding them


def sha256_of(path: Path) -> str:
    """The sha256 of a file in hexadecimal, lower case.

    Raises:
        OSError: it cannot be read.
    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def file_fault(path: Path, sha256: str, size_bytes: int | None) -> str | None:
    """What is wrong with a file, as the end of a sentence that begins with its name; or None.

    Args:
        path: the file.
        sha256: what it should have, in lower case.
        size_bytes: how long it should be, where that is known.
    """
    if not path.is_file():
        return "is missing"
    try:
        size = path.stat().st_size
        if size_bytes is not None and size != size_bytes:
            return f"has {size:,} bytes and should have {size_bytes:,}"
        found = sha256_of(path)
    except OSError as error:  # a card that wears out gives these
        return f"cannot be read ({(error.strerror or str(error)).lower()})"
    return None if found == sha256 else f"has the sha256 {found} and should have {sha256}"
