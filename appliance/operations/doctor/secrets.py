"""Keeps passwords and tokens out of what the doctor says: people paste that into public threads."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from appliance.domain.health import Health

_MASK = "***"
_PATTERNS = (
    (re.compile(r"(?<=://)[^/\s?#]*@"), f"{_MASK}@"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{6,}"), rf"\1 {_MASK}"),
    (
        re.compile(
            r"""(?ix) ( [\w-]* (?: key | token | password | passwd | secret ) ["']? \s* [=:] \s* )
            ( "[^"]*" | '[^']*' | [^\s&,;"']+ )"""
        ),
        rf"\1{_MASK}",
    ),
)


def without_secrets(part: Health) -> Health:
    """The same, with every user name and password of an address and every token masked."""
    return replace(
        part,
        message=masked(part.message),
        advice=masked(part.advice),
        details=_masked_mapping(part.details),
    )


def masked(text: str) -> str:
    """The same text, with what looks like a secret replaced by stars."""
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text


def _masked_mapping(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _masked_value(value) for key, value in values.items()}


def _masked_value(value: Any) -> Any:
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, Mapping):
        return _masked_mapping(value)
    if isinstance(value, (list, tuple)):
        return [_masked_value(item) for item in value]
    return value
