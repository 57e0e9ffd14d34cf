"""Reads the settings: defaults, then the file, then the environment."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from appliance.coaching.language import load_language
from appliance.domain.errors import WrongUsageError
from appliance.domain.settings import CAUTIOUS, Settings
from appliance.operations.settings.environment import (
    CONFIG,
    STATE,
    Place,
    read_environment,
    unknown_variables,
)
from appliance.operations.settings.file import SettingsFile, read_file
from appliance.operations.settings.loaded import Loaded, Mistake, Origin
from appliance.operations.settings.wording import did_you_mean, shown, takes

DEFAULT_FILE = Path("/etc/interview-booth/booth.toml")

_LANGUAGE = ("site", "language")

OriginOf = Callable[..., Origin]


@dataclass(slots=True)
class _Draft:
    """What is right so far, and what is wrong.

    Attributes:
        fields: all settings.
        values: of those that are set, and right.
        origins: of each setting.
        mistakes: in the order in which they were found.
    """

    fields: Mapping[Place, FieldInfo]
    values: dict[Place, Any] = field(default_factory=dict)
    origins: dict[Place, Origin] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)

    def put(self, place: Place, value: Any, origin_of: OriginOf) -> None:
        """Take a value that is right, in place of an earlier one; tell one that is wrong."""
        found = _fault(place, value, self.fields)
        if found is None:
            self.values[place], self.origins[place] = value, origin_of(*place)
            return
        part, words = found
        self.mistakes.append(Mistake(origin_of(*place, *part), ".".join(place), words))
        if place in CAUTIOUS:  # the earlier one is not what was wanted, either
            self.forget(place)

    def forget(self, place: Place) -> None:
        """Let the default hold."""
        self.values.pop(place, None)
        self.origins.pop(place, None)

    def settings(self) -> Settings:
        """All settings; what does not go together is told, and left out."""
        try:
            return Settings.model_validate(_tables(self.values))
        except ValidationError as invalid:
            for error in invalid.errors():
                section, keys = str(error["loc"][0]), error["ctx"]["keys"]
                where = self.origins[section, keys[0]]
                self.mistakes.append(Mistake(where, f"{section}.{keys[0]}", error["msg"]))
                for key in keys:
                    self.forget((section, key))
        return Settings.model_validate(_tables(self.values))


def load(environment: Mapping[str, str], file: Path | None = None) -> Loaded:
    """Read the settings. Nothing that is wrong raises: it is left out, and told.

    A setting of the environment goes before the file's, and that before the default. Where a
    mistake may hide what the site has chosen, `CAUTIOUS` holds in place of the default.

    Args:
        environment: of the process; each setting can be given as BOOTH_SECTION_KEY.
        file: the settings file; by default that which BOOTH_CONFIG names, else `DEFAULT_FILE`.
    """
    path = file_that_holds(environment, file)
    is_named = bool(file or environment.get(CONFIG)) and path == settings_file(environment, file)
    return load_read(environment, read_file(path, must_exist=is_named))


def settings_file(environment: Mapping[str, str], file: Path | None = None) -> Path:
    """The settings file that is written, whether it is there or not; see `load`."""
    named = file or environment.get(CONFIG)
    return Path(named) if named else DEFAULT_FILE


def file_that_holds(environment: Mapping[str, str], file: Path | None = None) -> Path:
    """The settings file that is read.

    That is the one which is written; but while BOOTH_CONFIG names one in the state folder that the
    booth has not made yet, `DEFAULT_FILE`.
    """
    path = settings_file(environment, file)
    folder = environment.get(STATE)
    is_own = file is None and bool(folder) and path.parent == Path(str(folder))
    return DEFAULT_FILE if is_own and not os.path.lexists(path) else path


def load_read(environment: Mapping[str, str], read: SettingsFile) -> Loaded:
    """The same of a file that was read already.

    Args:
        environment: of the process.
        read: what the file says.
    """
    draft = _Draft(settings_by_place())
    draft.mistakes.extend(read.mistakes)
    for section, table in read.values.items():
        for key, value in table.items():
            draft.put((section, key), value, read.origin)
    draft.mistakes.sort(key=lambda mistake: mistake.where.line or 0)
    for place, value, origin in read_environment(environment, draft.fields):
        draft.put(place, value, lambda *_, origin=origin: origin)
    warnings = tuple(unknown_variables(environment, draft.fields))
    draft.settings()  # so that all mistakes are known
    _be_cautious(draft, warnings)
    settings = draft.settings()
    origins = {place: draft.origins.get(place, Origin()) for place in draft.fields}
    return Loaded(settings, origins, tuple(draft.mistakes), warnings)


def settings_by_place() -> Mapping[Place, FieldInfo]:
    """Every setting, by section and key."""
    settings = Settings()
    return {
        (section, key): info
        for section in Settings.model_fields
        for key, info in type(getattr(settings, section)).model_fields.items()
    }


def _be_cautious(draft: _Draft, warnings: Iterable[Mistake]) -> None:
    """Where the site's choice may be hidden by a mistake, take the safest one."""
    known = {".".join(place) for place in draft.fields}
    wrong = {mistake.key for mistake in draft.mistakes}
    meant = {warning.key for warning in warnings}
    anything = not wrong <= known  # a whole file or section, or a name that may be any other's
    for place, value in CAUTIOUS.items():
        key = ".".join(place)
        origin = draft.origins.get(place)
        is_doubtful = origin is None and (anything or key in wrong)
        if is_doubtful or (key in meant and (origin is None or origin.variable is None)):
            draft.values[place], draft.origins[place] = value, Origin(is_caution=True)


def _tables(values: Mapping[Place, Any]) -> dict[str, dict[str, Any]]:
    tables: dict[str, dict[str, Any]] = {}
    for (section, key), value in values.items():
        tables.setdefault(section, {})[key] = value
    return tables


def _fault(
    place: Place, value: Any, fields: Mapping[Place, FieldInfo]
) -> tuple[tuple[str | int, ...], str] | None:
    """Which part of a value is wrong and what is wrong with it; None where nothing is."""
    if place not in fields:
        return (), _no_such_setting(place, fields)
    section, key = place
    try:
        Settings.model_validate({section: {key: value}})
    except ValidationError as invalid:
        # What needs other settings, too, is looked at when all of them are there.
        own = [error for error in invalid.errors() if len(error["loc"]) > 1]
        if own:
            part = own[0]["loc"][2:]
            return part, _expected(fields[place], own[0]["input"], is_part=bool(part))
    if place == _LANGUAGE:
        try:
            load_language(value)
        except WrongUsageError as error:
            return (), str(error)
    return None


def _expected(info: FieldInfo, value: Any, *, is_part: bool) -> str:
    verb = "in it is" if is_part else "it is"
    return f"It must be {takes(info)}; {verb} {shown(value, info)}. ({info.description})"


def _no_such_setting(place: Place, fields: Mapping[Place, FieldInfo]) -> str:
    section, key = place
    homes = [other for other, name in fields if name == key]
    if homes:
        return f"There is no such setting here. Write it below [{homes[0]}]."
    names = [name for other, name in fields if other == section]
    return f"There is no such setting. {did_you_mean(key, names)}"
