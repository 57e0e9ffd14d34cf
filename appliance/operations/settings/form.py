"""The settings as a form shows them, and what was typed into it as values."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Le
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from appliance.domain.setting_form import FieldKind, SettingField, SettingSection, Source
from appliance.domain.settings import Settings
from appliance.operations.settings.environment import Place, value_of
from appliance.operations.settings.loaded import Loaded, Origin
from appliance.operations.settings.loading import settings_by_place
from appliance.operations.settings.wording import as_toml, is_secret, takes

ON, OFF = "on", "off"

_BETWEEN = ", "
_KINDS: Mapping[Any, FieldKind] = {
    bool: FieldKind.CHECK,
    int: FieldKind.WHOLE,
    float: FieldKind.NUMBER,
    SecretStr: FieldKind.SECRET,
}


def sections_of(loaded: Loaded, mistakes: Mapping[str, str]) -> tuple[SettingSection, ...]:
    """Every section with its settings.

    Args:
        loaded: what holds.
        mistakes: what is wrong, by the settings' names.
    """
    found = []
    for name in Settings.model_fields:
        section = getattr(loaded.settings, name)
        fields = (
            _field((name, key), info, getattr(section, key), loaded.origins[name, key])
            for key, info in type(section).model_fields.items()
        )
        told = tuple(replace(field, mistake=mistakes.get(field.name, "")) for field in fields)
        words = (type(section).__doc__ or "").splitlines()[0]
        found.append(SettingSection(name, words, told))
    return tuple(found)


def values_of(typed: Mapping[str, str]) -> dict[Place, Any]:
    """What was typed as values, as TOML has them; text that is no value stays text.

    Args:
        typed: by the settings' names; other names are left out.
    """
    values: dict[Place, Any] = {}
    for place, info in settings_by_place().items():
        text = typed.get(".".join(place))
        if text is not None:
            values[place] = value_of(text if is_secret(info) else text.strip(), info.default)
    return values


def typed_of(value: Any) -> str:
    """A value as a person would type it; nothing where it is secret or not set."""
    if value is None or isinstance(value, SecretStr):
        return ""
    if isinstance(value, bool):
        return ON if value else OFF
    if isinstance(value, float):
        return f"{value:g}"
    return _BETWEEN.join(value) if isinstance(value, tuple) else str(value)


def _field(place: Place, info: FieldInfo, value: Any, origin: Origin) -> SettingField:
    kind = _kind(info)
    least, most = _bounds(info)
    return SettingField(
        *place,
        kind=kind,
        typed=typed_of(value),
        description=info.description or "",
        takes=takes(info),
        default=as_toml("" if kind is FieldKind.SECRET else info.default),
        source=_source(origin),
        place="" if origin == Origin() or origin.is_caution else _place(origin),
        choices=tuple(get_args(info.annotation)) if kind is FieldKind.CHOICE else (),
        least=least,
        most=most,
        is_set=bool(value.get_secret_value()) if isinstance(value, SecretStr) else True,
    )


def _kind(info: FieldInfo) -> FieldKind:
    annotation = info.annotation
    if get_origin(annotation) is Literal:
        return FieldKind.CHOICE
    if get_origin(annotation) is tuple:
        return FieldKind.LIST
    if get_origin(annotation) in {Union, UnionType}:  # a number, or none
        return FieldKind.WHOLE
    return _KINDS.get(annotation, FieldKind.TEXT)


def _bounds(info: FieldInfo) -> tuple[float | None, float | None]:
    notes: Iterable[Any] = info.metadata
    if get_origin(info.annotation) in {Union, UnionType}:
        _, *outer = get_args(get_args(info.annotation)[0])
        notes = [inner for note in outer for inner in getattr(note, "metadata", [note])]
    least = next((float(str(note.ge)) for note in notes if isinstance(note, Ge)), None)
    most = next((float(str(note.le)) for note in notes if isinstance(note, Le)), None)
    return least, most


def _source(origin: Origin) -> Source:
    if origin.variable is not None:
        return Source.ENVIRONMENT
    if origin.file is not None:
        return Source.FILE
    return Source.CAUTION if origin.is_caution else Source.DEFAULT


def _place(origin: Origin) -> str:
    return origin.variable or str(origin)
