"""What a setting takes, what it was given instead, and which name somebody may have meant."""

import difflib
import json
from collections.abc import Iterable
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Le, MaxLen, MinLen
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from appliance.domain.settings import Takes
from appliance.operations.doctor.secrets import masked

_LONGEST = 60
_KINDS: dict[Any, str] = {int: "a whole number", float: "a number", str: "text", SecretStr: "text"}


def takes(field: FieldInfo) -> str:
    """What a setting takes, such as "a whole number from 1 to 12"."""
    return _takes(field.annotation, field.metadata)


def is_secret(field: FieldInfo) -> bool:
    """Whether its value must not be shown."""
    return field.annotation is SecretStr


def as_toml(value: Any) -> str:
    """A value as TOML writes it; None, for which it has no word, as "not set"."""
    if value is None:
        return "not set"
    return json.dumps(value, ensure_ascii=False, default=str).replace("\x7f", "\\u007f")


def shown(value: Any, field: FieldInfo) -> str:
    """What was given, for a mistake: short, and without what is secret in it."""
    if is_secret(field):
        return "not shown"
    text = masked(as_toml(value))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The known name that is nearest to one, or all of them."""
    names = list(known)
    near = difflib.get_close_matches(name, names, n=1)
    return f"Did you mean '{near[0]}'?" if near else f"There are: {', '.join(names)}."


def _takes(annotation: Any, metadata: Iterable[Any]) -> str:
    notes = list(metadata)
    for note in notes:
        if isinstance(note, Takes):
            return note.words
    if annotation is bool:
        return "true or false"
    if get_origin(annotation) is Literal:
        *others, last = map(as_toml, get_args(annotation))
        return f"{', '.join(others)} or {last}"
    if get_origin(annotation) in {Union, UnionType}:  # with None
        kind, *notes = get_args(get_args(annotation)[0])
        notes = [inner for note in notes for inner in getattr(note, "metadata", [note])]
        return _takes(kind, notes)
    return _KINDS[annotation] + _bounds(notes)


def _bounds(notes: Iterable[Any]) -> str:
    words = ""
    for note in notes:
        if isinstance(note, Ge):
            words = f" from {note.ge:g}" + words
        elif isinstance(note, Le):
            words += f" to {note.le:g}"
        elif isinstance(note, MinLen):
            words = ", not empty"
        elif isinstance(note, MaxLen):
            words = f" of at most {note.max_length} letters"
    return words
