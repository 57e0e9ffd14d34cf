"""The settings file: TOML, with the line of each setting."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tomli

from appliance.domain.settings import Settings
from appliance.operations.settings import places
from appliance.operations.settings.loaded import Mistake, Origin
from appliance.operations.settings.wording import did_you_mean

_LARGEST_BYTES = 1 << 20


class _UnusableError(Exception):
    """The file as a whole cannot be used."""

    def __init__(self, words: str, line: int | None = None) -> None:
        super().__init__(words)
        self.line = line


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """What a settings file says.

    Attributes:
        path: of the file.
        values: by section and key, as TOML has them, known or not.
        lines: of keys.
        mistakes: where that is no TOML, and no file of sections.
    """

    path: Path
    values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    lines: Mapping[places.Path, int] = field(default_factory=dict)
    mistakes: tuple[Mistake, ...] = ()

    def origin(self, *path: str | int) -> Origin:
        """Where in the file a setting, or a part of one, is."""
        return Origin(self.path, places.line_of(path, self.lines))


def read_file(path: Path, *, must_exist: bool) -> SettingsFile:
    """Read a settings file; whatever it holds, this does not raise.

    Args:
        path: of the file.
        must_exist: somebody named it, so that it is a mistake if it is not there.
    """
    try:
        text = _text(path)
    except FileNotFoundError:
        words = "There is no such file. Check the name, or leave it out for the defaults."
        return SettingsFile(path, mistakes=(Mistake(Origin(path), "", words),) * must_exist)
    except _UnusableError as error:
        return SettingsFile(path, mistakes=(Mistake(Origin(path, error.line), "", str(error)),))
    return read_text(path, text)


def read_text(path: Path, text: str) -> SettingsFile:
    """Read what a settings file holds, or is to hold; whatever it is, this does not raise.

    Args:
        path: of the file.
        text: its lines, ended by newlines alone.
    """
    try:
        tables, lines = _parsed(text)
    except _UnusableError as error:
        return SettingsFile(path, mistakes=(Mistake(Origin(path, error.line), "", str(error)),))
    whole = SettingsFile(path, lines=lines)
    values, mistakes = {}, []
    for name, table in tables.items():
        wrong = _no_section(name, table)
        if wrong is not None:
            mistakes.append(Mistake(whole.origin(name), name, wrong))
        else:
            values[name] = table
    return SettingsFile(path, values, lines, tuple(mistakes))


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise _UnusableError("It is too large to be a settings file. Is it another one?")
        return path.read_text(encoding="utf-8-sig")  # Windows' editors begin it with a mark
    except FileNotFoundError:
        raise
    except PermissionError as error:
        words = "It cannot be read: permission denied. Let the booth's user read it."
        raise _UnusableError(words) from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise _UnusableError(f"It cannot be read: {reason}.") from error
    except ValueError as error:
        words = "It cannot be read: it is no text in UTF-8. Save it as UTF-8."
        raise _UnusableError(words) from error


def _parsed(text: str) -> tuple[dict[str, Any], Mapping[places.Path, int]]:
    try:
        return tomli.loads(text), places.lines_of_keys(text)
    except tomli.TOMLDecodeError as error:
        words = (
            f"It is no TOML: {_lower(error.msg)}. Until this is mended, nothing in the file holds."
        )
        raise _UnusableError(words, error.lineno) from error
    except RecursionError as error:
        words = "It is nested too deeply. Settings are lines under [sections], no deeper."
        raise _UnusableError(words) from error
    except ValueError as error:  # of Python itself
        raise _UnusableError("A number in it is too long.") from error


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def _no_section(name: str, value: object) -> str | None:
    """Why that is no section of settings; None where it is one."""
    sections = list(Settings.model_fields)
    if name in sections:
        if isinstance(value, dict):
            return None
        return f"'{name}' is a section: write [{name}] once, and its settings below."
    settings = Settings()
    homes = [one for one in sections if name in type(getattr(settings, one)).model_fields]
    if homes and not isinstance(value, dict):
        return f"It is outside of a section. Write it below [{homes[0]}]."
    return f"There is no section '{name}'. {did_you_mean(name, sections)}"
