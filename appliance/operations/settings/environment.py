"""Settings from the environment: BOOTH_SECTION_KEY, lists with commas."""

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from appliance.operations.settings.loaded import Mistake, Origin

Place = tuple[str, str]

CONFIG = "BOOTH_CONFIG"
STATE = "STATE_DIRECTORY"
"""By systemd: where the booth keeps things."""

_PREFIX = "BOOTH_"
_BETWEEN = ","
_TRUTHS = {
    **dict.fromkeys(("true", "yes", "on", "1"), True),
    **dict.fromkeys(("false", "no", "off", "0"), False),
}

OTHERS = frozenset(
    {
        CONFIG,
        "BOOTH_CUTS",
        "BOOTH_LOG",
        "BOOTH_PYTHON",
        "BOOTH_ROOT",
        "BOOTH_SEED",
        "BOOTH_TREE",
        "BOOTH_VM_MINUTES",
        "BOOTH_WHEELS",
    }
)
"""Variables of the setup and the tests, which are no settings."""


def variable_of(place: Place) -> str:
    """The variable that sets a setting."""
    return _PREFIX + "_".join(place).upper()


def read_environment(
    environment: Mapping[str, str], fields: Mapping[Place, FieldInfo]
) -> Iterator[tuple[Place, Any, Origin]]:
    """Each setting that the environment gives, and its value.

    Args:
        environment: of the process.
        fields: all settings.
    """
    for place, field in fields.items():
        variable = variable_of(place)
        if variable in environment:
            value = value_of(environment[variable], field.default)
            yield place, value, Origin(variable=variable)


def unknown_variables(
    environment: Mapping[str, str], fields: Mapping[Place, FieldInfo]
) -> Iterator[Mistake]:
    """A warning of each variable that looks like a setting and is none.

    Its key is that of the setting which was meant, if there is one that is near.

    Args:
        environment: of the process.
        fields: all settings.
    """
    known = {variable_of(place): place for place in fields}
    for variable in sorted(environment):
        if not variable.startswith(_PREFIX) or variable in known or variable in OTHERS:
            continue
        near = difflib.get_close_matches(variable, known, n=1)
        key = ".".join(known[near[0]]) if near else ""
        hint = f"Did you mean {near[0]}?" if near else "'booth config show' lists all settings."
        words = f"There is no such setting, so this does nothing. {hint}"
        yield Mistake(Origin(variable=variable), key, words)


def value_of(text: str, default: Any) -> Any:
    """A value of the setting's own type, or the text itself where it is none.

    Args:
        text: as somebody typed it.
        default: of the setting.
    """
    if isinstance(default, (str, SecretStr)):
        return text
    if isinstance(default, tuple):
        return [part.strip() for part in text.split(_BETWEEN) if part.strip()]
    if isinstance(default, bool):
        return _TRUTHS.get(text.strip().lower(), text)
    if default is None and not text.strip():
        return None
    try:
        return float(text) if isinstance(default, float) else int(text)
    except ValueError:
        return text
