"""The keys of the panel's own keyboard, for screens that are touched and have no other."""

from collections.abc import Mapping
from dataclasses import dataclass

ACUTE, DIAERESIS = "\u00b4", "\u00a8"
"""Keys that wait for the letter they go on."""

_LETTERS = {
    "en": ("qwertyuiop", "asdfghjkl'", "zxcvbnm"),
    "de": ("qwertzuiopü", "asdfghjklöä", "yxcvbnmß"),
    "es": ("qwertyuiop", "asdfghjklñ", f"zxcvbnm{ACUTE}"),
}
_SIGNS = {
    "en": ("1234567890", "@#$£%&+-/=", '"*():;!?_'),
    "de": ("1234567890", "@#€%&+-/=§", "„“():;!?_"),
    "es": ("1234567890", '@#€%&+-/="', f"():;¡!¿?{DIAERESIS}"),
}
_DIGITS = ("123", "456", "789")


@dataclass(frozen=True, slots=True)
class Keyboard:
    """What can be typed in one language.

    Attributes:
        pages: rows of keys by the page they are on: "letters", "signs" or "digits".
        marks: of these keys, those that go on the letter after them.
    """

    pages: Mapping[str, tuple[str, ...]]
    marks: str = ACUTE + DIAERESIS


def keyboard_of(language: str) -> Keyboard:
    """The keyboard of a language of the panel; the English one where it has none of its own.

    Args:
        language: two letters of ISO 639-1.
    """
    known = language if language in _LETTERS else "en"
    return Keyboard({"letters": _LETTERS[known], "signs": _SIGNS[known], "digits": _DIGITS})
