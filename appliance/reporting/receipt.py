"""The reports of an interview as a strip of paper, for people without a phone."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

import tomli

from appliance.domain.paper import Line, Strip
from appliance.domain.report import Rating, Report, Suggestion
from appliance.reporting.plain_letters import plain

_WRITTEN_IN = "en"
_STEPS = 5
_GAPS = (2, 1)
"""Columns between the title of a rating, its steps and its word, the best first."""

_QUESTION_LINES = 3
_QUOTE_WORDS = 24
_QUOTES = ("“", "«")
"""Where a sentence has one of these, it quotes the answer itself."""


@dataclass(frozen=True, slots=True)
class Paper:
    """What a strip is written on.

    Attributes:
        width: letters in a line.
        language: of the fixed words, two letters; English where those are not known.
        says_nothing_is_kept: whether that is true, so that the strip may end with it.
    """

    width: int
    language: str = _WRITTEN_IN
    says_nothing_is_kept: bool = True


def receipt(reports: Sequence[Report], paper: Paper) -> Strip:
    """What is taken home of an interview.

    What face and voice may have shown is not on it, and no date, since the clock may be wrong.

    Args:
        reports: of all answers, in order.
        paper: what it is written on.
    """
    words = _words(paper.language)
    writer = _Writer(paper.width, words)
    rule = Line("-" * paper.width)
    lines = [*writer.centred(words["title"]), rule]
    for number, report in enumerate(reports, 1):
        lines += [*writer.answer(number, report), rule]
    if paper.says_nothing_is_kept:
        lines += writer.text(words["end"])
    return tuple(lines)


class _Writer:
    """Writes parts of a strip.

    Args:
        width: letters in a line.
        words: the fixed ones.
    """

    def __init__(self, width: int, words: Mapping[str, Any]) -> None:
        self._width = width
        self._words = words

    def centred(self, text: str) -> list[Line]:
        """A title of the whole strip."""
        return [Line(line.center(self._width).rstrip(), bold=True) for line in self._wrapped(text)]

    def text(self, text: str) -> list[Line]:
        """A paragraph."""
        return [Line(line) for line in self._wrapped(text)]

    def answer(self, number: int, report: Report) -> Iterator[Line]:
        """One answer: its question, what went well, what to try, and its ratings.

        Args:
            number: of the answer, from 1.
            report: of it.
        """
        asked = report.question.text if report.question else report.source
        question = textwrap.wrap(
            f"{number}. {plain(asked)}",
            self._width,
            subsequent_indent=" " * len(f"{number}. "),
            max_lines=_QUESTION_LINES,
            placeholder="...",
        )
        yield from (Line(line, bold=True) for line in question)
        yield from self._advice(self._words["well"], report.advice.strengths)
        yield from self._advice(self._words["next"], report.advice.next_steps)
        yield from self._ratings(report.ratings)
        if report.advice.follow_up:
            yield from self._titled(self._words["follow_up"])
            yield from self.text(report.advice.follow_up)
        if report.advice.source == "ollama":
            yield Line()
            yield from self.text(self._words["worded"].format(model=report.advice.model))

    def _titled(self, title: str) -> list[Line]:
        return [Line(), *(Line(line, bold=True) for line in self._wrapped(title))]

    def _advice(self, title: str, items: Sequence[Suggestion]) -> Iterator[Line]:
        if items:
            yield from self._titled(title)
        for item in items:
            quote = next((place.quote for place in item.evidence if place.quote), "")
            has_quote = quote in item.text or any(mark in item.text for mark in _QUOTES)
            if quote and not has_quote:
                yield from self.text(f"“{_shortened(quote)}”")
            yield from self.text(item.text)

    def _ratings(self, ratings: Sequence[Rating]) -> Iterator[Line]:
        """Those that there are, each in a line, and for each reason those that there are not."""
        if ratings:
            yield from self._titled(self._words["ratings"])
        titles = {rating.name: plain(rating.title) for rating in ratings}
        longest = max(map(len, titles.values()), default=0)
        for rating in ratings:
            if rating.value is not None:
                yield from self._rated(titles[rating.name], rating.value, longest)
        for says, names in _unrated(ratings).items():
            yield from self.text(f"{self._words['not_rated']}: {', '.join(names)}. {says}")

    def _rated(self, title: str, value: int, longest: int) -> list[Line]:
        """In one line, in columns; where those are too wide for any word, in two."""
        levels: Sequence[str] = self._words["levels"]
        bar = ("#" * value).ljust(_STEPS, "-")
        word = plain(levels[value - 1])
        for gap in _GAPS:
            if longest + _STEPS + 2 * gap + max(map(len, levels)) <= self._width:
                between = " " * gap
                return [Line(f"{title.ljust(longest)}{between}{bar}{between}{word}")]
        return [*self.text(title), Line(f"  {bar}  {word}")]

    def _wrapped(self, text: str) -> list[str]:
        return textwrap.wrap(plain(text), self._width)


def _unrated(ratings: Sequence[Rating]) -> dict[str, list[str]]:
    """The titles of what could not be rated, by the reason."""
    found: dict[str, list[str]] = {}
    for rating in ratings:
        if rating.value is None:
            found.setdefault(rating.says, []).append(rating.title)
    return found


def _shortened(quote: str) -> str:
    words = quote.split()
    return quote if len(words) <= _QUOTE_WORDS else " ".join([*words[:_QUOTE_WORDS], "…"])


def _words(language: str) -> Mapping[str, Any]:
    text = (resources.files("appliance.reporting") / "receipt.toml").read_text(encoding="utf-8")
    known: Mapping[str, Mapping[str, Any]] = tomli.loads(text)
    return known.get(language, known[_WRITTEN_IN])
