"""Changes settings in the text of a TOML file, and leaves all else as somebody wrote it."""

import re
from collections.abc import Mapping
from typing import Any

import tomli
import tomlkit
from tomlkit.exceptions import TOMLKitError

from appliance.domain.errors import WrongUsageError
from appliance.operations.settings.environment import Place


def edited(text: str, changes: Mapping[Place, Any]) -> str:
    """The text with other values; comments, order and what is not changed stay.

    A new setting is put below the comment that shows it, as `systemd/booth.toml` has them, else
    first in its section.

    Args:
        text: a TOML file.
        changes: the values, as TOML has them; None takes a setting out.

    Raises:
        WrongUsageError: the file is no TOML, or written so that this cannot be done safely.
    """
    tables = _loads(text)
    try:
        wanted = _applied(tables, changes)
        text, added = _replaced(text, changes)
        for place, value in added.items():
            text = _with(text, place, value)
        if _loads(text) == wanted:
            return text
    except (TOMLKitError, AttributeError, TypeError, ValueError) as error:
        raise _not_safe() from error
    raise _not_safe()


def _replaced(text: str, changes: Mapping[Place, Any]) -> tuple[str, dict[Place, Any]]:
    """The text with other values of settings that it has, and those that it lacks."""
    document = tomlkit.parse(text)
    added: dict[Place, Any] = {}
    for (section, key), value in changes.items():
        table = document.get(section, {})
        if key in table and value is None:
            del table[key]
        elif key in table:
            table[key] = value
        elif value is not None:
            added[section, key] = value
    return tomlkit.dumps(document), added


def _with(text: str, place: Place, value: Any) -> str:
    """The text with one more setting."""
    wanted = _applied(_loads(text), {place: value})
    section, key = place
    lines = text.splitlines(keepends=True)
    at = _line_for(lines, section, key)
    if at is not None:
        line = f"{key} = {tomlkit.item(value).as_string()}\n"
        before = "".join(lines[:at])
        ending = "" if before.endswith("\n") else "\n"
        better = f"{before}{ending}{line}{''.join(lines[at:])}"
        try:
            if tomli.loads(better) == wanted:
                return better
        except tomli.TOMLDecodeError:
            pass  # what looked like a header was a part of some text
    document = tomlkit.parse(text)
    document.setdefault(section, tomlkit.table())[key] = value
    return tomlkit.dumps(document)


def _line_for(lines: list[str], section: str, key: str) -> int | None:
    """Before which line a new setting comes; None where its section has no header."""
    header = re.compile(rf"\s*\[\s*{re.escape(section)}\s*\]")
    example = re.compile(rf"\s*#\s*{re.escape(key)}\s*=")
    begin = next((number for number, line in enumerate(lines) if header.match(line)), None)
    if begin is None:
        return None
    for number in range(begin + 1, len(lines)):
        if lines[number].lstrip().startswith("["):
            break
        if example.match(lines[number]):
            return number + 1
    return begin + 1


def _applied(tables: dict[str, Any], changes: Mapping[Place, Any]) -> dict[str, Any]:
    """What the file is to say; a section that says nothing counts for nothing."""
    wanted = {name: dict(part) if isinstance(part, dict) else part for name, part in tables.items()}
    for (section, key), value in changes.items():
        if value is None:
            wanted.get(section, {}).pop(key, None)
        else:
            wanted.setdefault(section, {})[key] = value
    return wanted


def _loads(text: str) -> dict[str, Any]:
    try:
        return tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        raise WrongUsageError(
            f"The settings file is no TOML: {error}.", "Mend it first, with an editor."
        ) from error


def _not_safe() -> WrongUsageError:
    return WrongUsageError(
        "The settings file is written so that the booth cannot change it safely.",
        "Change it with an editor.",
    )
