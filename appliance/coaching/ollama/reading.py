"""How many years of school a text asks for, by the formula of its language.

- English: Flesch-Kincaid grade level (Kincaid et al., 1975).
- German: fourth Wiener Sachtextformel (Bamberger and Vanecek, 1984).
- Spanish: Crawford's formula (1984).

All count sentences and syllables; syllables are guessed by groups of vowels.
"""

import re
from collections.abc import Callable
from types import MappingProxyType

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SENTENCE = re.compile(r"[.!?…:]+(?:\s|$)")
_VOWELS = {
    "en": re.compile(r"[aeiouy]+"),
    "de": re.compile(r"(?:[aeiou]{2}|äu|[aeiouyäöü])"),
    "es": re.compile(r"(?:[aeoáéó]?[iuü][aeoáéó]?[iuü]?|[aeoáéó]|[íú])"),
}
_FEW = 10
"""The formulas are made for pages. In a short sentence one long word would decide, so that the
syllables of the longest stand for the grade: eight are in no word that anybody says."""

_LONG = 3
"""Syllables from which a German word counts as long."""


def grade_of(text: str, language: str) -> float:
    """The school year from which a text is easy.

    Args:
        text: whole sentences.
        language: "en", "de" or "es"; any other is read as English.
    """
    words = _WORD.findall(text)
    syllables = [_syllables(word.lower(), language) for word in words]
    if len(words) < _FEW:
        return float(max(syllables, default=0))
    sentences = max(1, len(_SENTENCE.findall(text.strip() + " ")))
    return _FORMULAS.get(language, _english)(syllables, sentences)


def _syllables(word: str, language: str) -> int:
    count = len(_VOWELS.get(language, _VOWELS["en"]).findall(word))
    if language == "en" and count > 1 and re.search(r"[^aeiouyl]e$|[^aeiouytd]ed$", word):
        count -= 1  # a silent e
    return max(1, count)


def _english(syllables: list[int], sentences: int) -> float:
    words = len(syllables)
    return 0.39 * words / sentences + 11.8 * sum(syllables) / words - 15.59


def _german(syllables: list[int], sentences: int) -> float:
    words = len(syllables)
    long_share = 100 * sum(count >= _LONG for count in syllables) / words
    return 0.2656 * words / sentences + 0.2744 * long_share - 1.693


def _spanish(syllables: list[int], sentences: int) -> float:
    hundreds = len(syllables) / 100
    return -0.205 * sentences / hundreds + 0.049 * sum(syllables) / hundreds - 3.407


_FORMULAS: "MappingProxyType[str, Callable[[list[int], int], float]]" = MappingProxyType(
    {"en": _english, "de": _german, "es": _spanish}
)
