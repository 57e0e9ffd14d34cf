"""Word error rate: how far a transcript is from what was said."""

import re
import unicodedata
from collections.abc import Sequence

# fmt: off
_UNITS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
# fmt: on
_SCALES = ((1_000_000_000, "billion"), (1_000_000, "million"), (1_000, "thousand"))
_BEYOND_SCALES = 10**12
_IRREGULAR_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
# Speech has no abbreviations: transcribers write them, reference transcripts spell them.
_SPELT = {
    "mr": "mister",
    "mrs": "missus",
    "dr": "doctor",
    "st": "saint",
    "ok": "okay",
    "%": "percent",
    "&": "and",
}
_TOKEN = re.compile(r"\d+(?:st|nd|rd|th)?(?!\w)|%|&|\w+(?:'\w+)*")
_THOUSANDS_COMMA = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_ORDINAL_SUFFIXES = ("st", "nd", "rd", "th")


def normalised_words(text: str) -> list[str]:
    """Reduce a text to the words that count when transcripts are compared.

    Case, punctuation, and how an apostrophe is drawn do not count; a hyphen separates words. Whole
    numbers and ordinals are spelt in English ("11" is "eleven", "20th" is "twentieth", "1,200" is
    "one thousand two hundred"), as are "Mr", "Mrs", "Dr", "St", "OK", "%" and "&". A year counts as
    a whole number, and spelling variants ("colour") count as different words.
    """
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    plain = _THOUSANDS_COMMA.sub("", plain)
    return [word for token in _TOKEN.findall(plain) for word in _spelt(token)]


def edit_distance(reference: Sequence[str], hypothesis: Sequence[str]) -> int:
    """Fewest words to substitute, insert or delete between the two (Levenshtein 1966)."""
    row = list(range(len(hypothesis) + 1))
    for deleted, expected in enumerate(reference, start=1):
        diagonal, row[0] = row[0], deleted
        for index, heard in enumerate(hypothesis, start=1):
            substituted = diagonal + (expected != heard)
            diagonal = row[index]
            row[index] = min(substituted, row[index] + 1, row[index - 1] + 1)
    return row[-1]


def word_error_rate(reference: str, hypothesis: str) -> float:
    """Errors per word of the reference, 0 if the words are the same; may exceed 1.

    Raises:
        ValueError: the reference has no words.
    """
    expected = normalised_words(reference)
    if not expected:
        raise ValueError("A word error rate needs a reference with words.")
    return edit_distance(expected, normalised_words(hypothesis)) / len(expected)


def _spelt(token: str) -> list[str]:
    if token.isdecimal():
        return _number(int(token))
    if token[:-2].isdecimal() and token.endswith(_ORDINAL_SUFFIXES):
        *rest, last = _number(int(token[:-2]))
        return [*rest, _ordinal(last)]
    return [_SPELT.get(token, token)]


def _ordinal(word: str) -> str:
    if word.endswith("y"):
        return word[:-1] + "ieth"
    return _IRREGULAR_ORDINALS.get(word, word + "th")


def _number(value: int) -> list[str]:
    if value >= _BEYOND_SCALES:
        return [_UNITS[int(digit)] for digit in str(value)]
    for scale, name in (*_SCALES, (100, "hundred")):
        if value >= scale:
            rest = value % scale
            return [*_number(value // scale), name, *(_number(rest) if rest else [])]
    if value < len(_UNITS):
        return [_UNITS[value]]
    unit = value % 10
    return [_TENS[value // 10 - 2], *([_UNITS[unit]] if unit else [])]
