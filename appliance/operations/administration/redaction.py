"""Takes out of what the booth says of itself whatever tells a person, a place or one device."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from appliance.domain.health import Health
from appliance.operations.doctor.secrets import masked

GONE = "[left out]"

_SHORT = 4
"""Letters: a shorter word is left out only as it is written, since "pi" is in other words, too."""

_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b[a-zA-Z][\w+.-]*://[^\s'\"<>]+",  # addresses
        r"[\w.+-]+@[\w-]+\.[\w.-]+",
        r"'[^'\n]*/[^'\n]*'",  # paths in quotes, which may hold spaces
        r"(?<![\w.])/(?:home|root|media|mnt|opt|run|srv|tmp|var|Users)\b[^\s'\",;]*",
        r"(?i)\b(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b",  # MAC
        r"\b\d{1,3}(?:\.\d{1,3}){3}\b",  # IPv4
        r"(?i)(?<![\w:])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?!\w)",  # IPv6, and clock times
        r"(?i)\b(?=[0-9a-f]*\d)[0-9a-f]{8,}\b",  # serial numbers
        r"\b(?=\w*\d\w*\d)(?=\w*[A-Z])[A-Z0-9]{6,}\b",
    )
)

_TELLING = frozenset(
    {
        *("architecture", "engine", "file", "kind", "lacking", "model", "optional_and_missing"),
        *("package", "python", "versions", "voices", "whole"),
    }
)
"""Details whose words are the same on many booths; of all others only numbers are kept."""

_PUBLIC = "versions"
"""Of packages; some have four numbers, as addresses do."""


class Redaction:
    """Leaves out words that are known, and all that looks like an address, a path or a number.

    Args:
        known: words of this booth, such as its name and its hosts.
    """

    def __init__(self, known: Iterable[str]) -> None:
        self._known = tuple(sorted({one for one in known if one.strip()}, key=len, reverse=True))

    def text(self, text: str, more: Iterable[str] = ()) -> str:
        """The same text without them.

        Args:
            text: any.
            more: words that are known besides.
        """
        text = masked(text)
        for word in (*sorted(more, key=len, reverse=True), *self._known):
            flags = re.IGNORECASE if len(word) >= _SHORT else re.RegexFlag(0)
            text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", GONE, text, flags=flags)
        for pattern in _PATTERNS:
            text = pattern.sub(GONE, text)
        return text

    def part(self, part: Health) -> dict[str, Any]:
        """A finding without them; device names, too, since some hold a serial number."""
        private = {key: value for key, value in part.details.items() if key not in _TELLING}
        names = {word for word in _words(private) if len(word) >= _SHORT}
        return {
            "name": part.name,
            "status": part.status.value,
            "message": self.text(part.message, names),
            "advice": self.text(part.advice, names),
            "details": {
                key: value if key == _PUBLIC else self._value(value)
                for key, value in part.details.items()
                if key in _TELLING or isinstance(value, (bool, int, float))
            },
        }

    def _value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {key: self._value(one) for key, one in value.items()}
        if isinstance(value, (list, tuple)):
            return [self._value(one) for one in value]
        return value


def _words(value: Any) -> set[str]:
    """All text in a value."""
    if isinstance(value, str):
        return {value}
    if isinstance(value, Mapping):
        return {word for one in value.values() for word in _words(one)}
    if isinstance(value, (list, tuple)):
        return {word for one in value for word in _words(one)}
    return set()
