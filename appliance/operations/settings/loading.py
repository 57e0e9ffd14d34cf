"""Reads the settings: defaults, then the file, then the environment."""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tomli
from pydantic import SecretStr, ValidationError
from pydantic_core import ErrorDetails

from appliance.domain.settings import Section, Settings
from appliance.operations.settings.places import line_of, lines_of_keys

DEFAULT_FILE = Path("/etc/interview-booth/booth.toml")

_PREFIX = "BOOTH_"
_BETWEEN = ","


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a setting is from.

    Attributes:
        file: the settings file; None for a default or the environment.
        line: in the file, where that is known.
        variable: of the environment; None for a default or the file.
    """

    file: Path | None = None
    line: int | None = None
    variable: str | None = None

    def __str__(self) -> str:
        if self.variable is not None:
            return f"environment {self.variable}"
        if self.file is None:
            return "default"
        return f"{self.file}:{self.line}" if self.line is not None else str(self.file)


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something that is wrong with the settings.

    Attributes:
        where: the file with its line, or the variable.
        key: such as "camera.width_px"; empty where the whole file is wrong.
        words: what is wrong, one sentence.
    """

    where: Origin
    key: str
    words: str

    def __str__(self) -> str:
        key = f" {self.key}:" if self.key else ""
        return f"{self.where}:{key} {self.words}"


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings, where each is from, and what was wrong.

    What is wrong is left out, so that a booth with mistakes in its settings still starts.

    Attributes:
        settings: what holds.
        origins: of each setting, by section and key.
        mistakes: in the order of the settings.
    """

    settings: Settings
    origins: Mapping[tuple[str, str], Origin]
    mistakes: tuple[Mistake, ...]


@dataclass(slots=True)
class _Draft:
    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    origins: dict[tuple[str, str], Origin] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)

    def set(self, section: str, key: str, value: Any, origin: Origin) -> None:
        self.values.setdefault(section, {})[key] = value
        self.origins[section, key] = origin


def load(environment: Mapping[str, str], file: Path | None = None) -> Loaded:
    """Read the settings.

    Args:
        environment: of the process; each setting can be given as BOOTH_SECTION_KEY.
        file: the settings file; by default that which BOOTH_CONFIG names, else `DEFAULT_FILE`.
    """
    draft = _Draft()
    named = file or environment.get("BOOTH_CONFIG")
    path = Path(named) if named else DEFAULT_FILE
    _read_file(path, draft, must_exist=bool(named))
    _read_environment(environment, draft)
    settings = _validated(draft)
    return Loaded(
        settings,
        {place: draft.origins.get(place, Origin()) for place in _places()},
        tuple(draft.mistakes),
    )


def _places() -> Iterator[tuple[str, str]]:
    for section, model in _sections().items():
        for key in model.model_fields:
            yield section, key


def _sections() -> Mapping[str, type[Section]]:
    return {name: type(getattr(Settings(), name)) for name in Settings.model_fields}


def _read_file(path: Path, draft: _Draft, *, must_exist: bool) -> None:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        if must_exist:
            draft.mistakes.append(Mistake(Origin(path), "", "There is no such file."))
        return
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or "").lower() or "it is no text in UTF-8"
        draft.mistakes.append(Mistake(Origin(path), "", f"It cannot be read: {reason}."))
        return
    try:
        tables = tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        draft.mistakes.append(Mistake(Origin(path), "", f"It is no TOML: {error}."))
        return
    places = lines_of_keys(text)
    for section, table in tables.items():
        origin = Origin(path, line_of((section,), places))
        if section not in _sections():
            words = f"There is no section '{section}'.{_did_you_mean(section, _sections())}"
            draft.mistakes.append(Mistake(origin, section, words))
        elif not isinstance(table, dict):
            words = f"'{section}' is a section: write [{section}] and its settings below."
            draft.mistakes.append(Mistake(origin, section, words))
        else:
            for key, value in table.items():
                where = Origin(path, line_of((section, key), places))
                draft.set(section, key, value, where)


def _read_environment(environment: Mapping[str, str], draft: _Draft) -> None:
    for section, model in _sections().items():
        prefix = f"{_PREFIX}{section.upper()}_"
        for variable in sorted(environment):
            if not variable.startswith(prefix):
                continue
            key, text = variable.removeprefix(prefix).lower(), environment[variable]
            value: Any = text
            if key in model.model_fields and isinstance(model.model_fields[key].default, tuple):
                value = [part.strip() for part in text.split(_BETWEEN) if part.strip()]
            draft.set(section, key, value, Origin(variable=variable))


def _validated(draft: _Draft) -> Settings:
    """The settings of what is right; what is wrong becomes a mistake, and its default holds."""
    try:
        return Settings.model_validate(draft.values)
    except ValidationError as invalid:
        for error in invalid.errors():
            _leave_out(error, draft)
    return Settings.model_validate(draft.values)


def _leave_out(error: ErrorDetails, draft: _Draft) -> None:
    section, key = str(error["loc"][0]), str(error["loc"][1])
    origin = draft.origins.pop((section, key), None)
    if origin is None:  # another mistake of the same setting is told already
        return
    value = draft.values[section].pop(key)
    draft.mistakes.append(
        Mistake(origin, f"{section}.{key}", _in_words(error, section, key, value))
    )


def _in_words(error: ErrorDetails, section: str, key: str, value: Any) -> str:
    model = _sections()[section]
    if error["type"] == "extra_forbidden":
        return f"There is no such setting.{_did_you_mean(key, model.model_fields)}"
    expected = error["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    if error["type"].endswith("_parsing"):
        expected = expected.partition(",")[0]
    shown = "not shown" if model.model_fields[key].annotation is SecretStr else repr(value)
    return f"Expected is {expected}; it is {shown}. ({model.model_fields[key].description})"


def _did_you_mean(name: str, known: Mapping[str, Any]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f" Did you mean '{near[0]}'?" if near else f" There are: {', '.join(known)}."
