"""Files are written whole or not at all."""

import os
import tempfile
from pathlib import Path

from appliance.domain.errors import OutputError


def write_whole(path: Path, content: bytes) -> None:
    """Write `content` to `path`, so that a reader finds the old file or the new one, never a part.

    A temporary file in the same folder is written, flushed to the disk, renamed, and the folder
    flushed. Missing folders are made. The file may be read by its owner alone (mode 0600), since
    what the booth writes is about a person.

    Raises:
        OutputError: the folder or the file cannot be written; nothing is left behind.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        temporary = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise OutputError(
            f"'{path}' could not be written: {reason}.",
            "Choose another folder with '--out', or free some space.",
        ) from error
