"""Writes settings into their file: only what differs, whole or not at all."""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from appliance.domain.errors import OutputError, StorageError
from appliance.domain.whole_file import write_whole
from appliance.operations.settings.editing import edited
from appliance.operations.settings.environment import Place
from appliance.operations.settings.file import SettingsFile, read_text
from appliance.operations.settings.loaded import Mistake
from appliance.operations.settings.loading import load_read, settings_by_place
from appliance.operations.settings.wording import is_secret

BACKUP = ".bak"

_NO_FILE = "none"
_MARK = "\ufeff"
"""With which Windows' editors begin a file."""


class SettingsChangedError(StorageError):
    """Somebody else changed the settings file meanwhile."""

    code = "settings_changed"


def version_of(path: Path) -> str:
    """Names what a settings file holds; the same for the same content."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return _NO_FILE


def obstacle(path: Path) -> str:
    """Why a settings file cannot be changed by the booth, and what to do; empty where it can."""
    try:
        reason = _obstacle(path.resolve())
    except OSError:  # Python 3.10 to 3.13 tell so what lies behind a closed folder
        reason = f"the booth may not look at '{path}'"
    if not reason:
        return ""
    return (
        f"The settings cannot be changed from here: {reason}. Change '{path}' with an editor as "
        "root, or keep the settings in the booth's own folder: docs/settings.md says how."
    )


def _obstacle(place: Path) -> str:
    """Why a file cannot be written, as the middle of a sentence; empty where it can.

    Raises:
        OSError: that cannot be told.
    """
    folder = next(one for one in place.parents if one.exists())
    if not os.access(folder, os.W_OK | os.X_OK):
        return f"the booth may not write to '{folder}'"
    if not place.exists():
        return ""
    if not os.access(place, os.R_OK | os.W_OK):
        return f"the booth may not write '{place}'"
    if place.stat().st_uid != os.geteuid() != 0:
        return f"'{place}' belongs to another user"
    return ""


def write_settings(
    path: Path,
    changes: Mapping[Place, Any],
    version: str,
    environment: Mapping[str, str],
    holds: Path | None = None,
) -> tuple[Mistake, ...]:
    """Change settings in their file, and keep the file before as `.bak` beside it.

    A secret that is changed is left out there: whoever removes one wants it to be gone. Mode and
    owner stay. What holds only together with other settings is looked at with them.

    Args:
        path: of the file; made for the booth's user alone where there is none.
        changes: the new values, as TOML has them; None lets the default hold.
        version: of the file that they change.
        environment: of the process.
        holds: the file that is taken over where there is none at `path` yet.

    Returns:
        What would be wrong. Nothing is written unless there is nothing.

    Raises:
        SettingsChangedError: the file holds something else by now.
        WrongUsageError: the file is no TOML, or cannot be changed safely.
        StorageError: it cannot be read or written; it is as before.
    """
    place = path.resolve()
    before = _read(place)
    raw = _read(holds) if before is None and holds is not None else before
    if version != (_NO_FILE if raw is None else hashlib.sha256(raw).hexdigest()):
        raise SettingsChangedError(
            "The settings file was changed by somebody else meanwhile.",
            "Nothing was written. Load the page again to see what holds now.",
        )
    text = _text(raw or b"", place)
    new = edited(text, changes)
    mistakes = _mistakes(_as_read(path, text), _as_read(path, new), changes, environment)
    if mistakes or new == text:
        return mistakes
    mark = _MARK if raw is not None and raw.startswith(_MARK.encode()) else ""
    files = {place: f"{mark}{new}".encode()}
    if before is not None:
        backup = f"{mark}{_without_secrets(text, changes)}".encode()
        files = {place.with_name(place.name + BACKUP): backup, **files}
    try:
        write_whole(files, like=None if before is None else place)
    except OutputError as error:
        raise StorageError(str(error.args[0]), obstacle(path) or "Free some space.") from error
    return ()


def _without_secrets(text: str, changes: Mapping[Place, Any]) -> str:
    """The text without those secrets that are changed."""
    fields = settings_by_place()
    return edited(text, {one: None for one in changes if is_secret(fields[one])})


def _read(place: Path) -> bytes | None:
    """What the file holds; None where there is none."""
    try:
        return place.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise StorageError(f"'{place}' cannot be read: {reason}.") from error


def _text(raw: bytes, place: Path) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise StorageError(f"'{place}' is no text in UTF-8.", "Save it as UTF-8.") from error


def _mistakes(
    before: SettingsFile,
    after: SettingsFile,
    changes: Mapping[Place, Any],
    environment: Mapping[str, str],
) -> tuple[Mistake, ...]:
    """What would be wrong by the changes; mistakes of the file's own that they leave may stay."""
    changed = {".".join(place) for place in changes}
    own = {(one.key, one.words) for one in load_read(environment, before).mistakes}
    return tuple(
        one
        for one in load_read(environment, after).mistakes
        if one.key in changed or (one.key, one.words) not in own
    )


def _as_read(path: Path, text: str) -> SettingsFile:
    return read_text(path, text.replace("\r\n", "\n"))
