"""The facts that a model may word: chosen by code, each with its own name and, perhaps, a sentence.

The words of standard advice are the facts. What a model writes takes their place, behind the quote,
which code says itself. Only what follows from the words of an answer is worded: what was measured
of voice and face stays in the booth, and in its own words.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from appliance.domain.report import Report, Suggestion

Kind = Literal["strength", "next_step", "follow_up", "summary"]

QUOTED = re.compile(r"“[^”]*”|„[^“]*“|«[^»]*»")
_OF_WORDS = frozenset(
    {"relevance", "structure", "details", "fillers", "restarts", "sentence_length"}
)
"""Measures that follow from the transcript and the question alone."""

_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing to be worded.

    Attributes:
        name: such as "strength_1", unique among those that are worded together.
        kind: what it is.
        measure: that it rests on; empty where it rests on several.
        says: what standard advice says.
        sentence: id of the sentence that it is about; "none" where there is none.
        lead: what code says before the model's words.
        quotes: what the person said, on which its words may draw besides `says`.
        asked: the question, likewise.
    """

    name: str
    kind: Kind
    measure: str
    says: str
    sentence: str = "none"
    lead: str = ""
    quotes: tuple[str, ...] = ()
    asked: str = ""

    @property
    def bare(self) -> str:
        """What standard advice says, without what it quotes."""
        return " ".join(QUOTED.sub(" ", self.says).split())

    def whole(self, words: str) -> str:
        """What the person reads: the lead, and the model's words."""
        return f"{self.lead} {words}".strip()


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one answer, as far as it is to be worded.

    Attributes:
        advice: strengths first, then next steps.
        follow_up: the question for what the answer left out; None where nothing was.
        sentences: quoted sentences by id.
        question: that was answered.
        transcript: of the answer.
    """

    advice: tuple[Fact, ...]
    follow_up: Fact | None
    sentences: dict[str, str]
    question: str
    transcript: str


def facts_of(report: Report) -> Facts | None:
    """The facts of a report; None where there are none to be worded.

    Behind a closed gate nothing is: its sentence is the booth's own. What a model worded is no
    fact: of such a report only what stayed standard is worded.
    """
    words = report.transcript.text if report.transcript is not None else ""
    if report.gate is not None or report.question is None or not words:
        return None
    sentences = _sentences(report)
    advice = (
        *_worded(report.advice.strengths, "strength", sentences),
        *_worded(report.advice.next_steps, "next_step", sentences),
    )
    asked = report.question.text
    follow_up = report.advice.follow_up if report.advice.source == "standard" else None
    return Facts(
        advice=advice,
        follow_up=Fact(
            "follow_up", "follow_up", "", follow_up, quotes=tuple(sentences.values()), asked=asked
        )
        if follow_up
        else None,
        sentences=sentences,
        question=asked,
        transcript=words,
    )


def _sentences(report: Report) -> dict[str, str]:
    """The sentences that advice quotes, each once, by an id."""
    quotes: list[str] = []
    for item in (*report.advice.strengths, *report.advice.next_steps):
        quote = _quote(item) if _is_fact(item) else ""
        if quote and quote not in quotes:
            quotes.append(quote)
    return {f"s{number}": quote for number, quote in enumerate(quotes, start=1)}


def _is_fact(item: Suggestion) -> bool:
    """Whether it follows from what was said, and the booth itself says it."""
    return item.measure in _OF_WORDS and item.source == "standard"


def _quote(item: Suggestion) -> str:
    return next((place.quote for place in item.evidence if place.quote), "")


def _worded(
    items: Sequence[Suggestion], kind: Literal["strength", "next_step"], sentences: dict[str, str]
) -> Iterator[Fact]:
    by_quote = {quote: name for name, quote in sentences.items()}
    for number, item in enumerate(items, start=1):
        if not _is_fact(item):
            continue
        quote = _quote(item)
        yield Fact(
            name=f"{kind}_{number}",
            kind=kind,
            measure=item.measure,
            says=item.text,
            sentence=by_quote.get(quote, "none"),
            lead=_lead(item),
            quotes=(quote,) if quote else (),
        )


def _lead(item: Suggestion) -> str:
    """The quote of a piece of standard advice, in its marks; empty where it quotes nobody."""
    quoted = QUOTED.search(item.text) if item.evidence else None
    return quoted.group() if quoted is not None else ""


def summary_of(reports: Sequence[Report]) -> tuple[Fact, ...]:
    """The facts of a session: what went well most often, and what to try most often.

    Args:
        reports: of its answers; of fewer than two that were judged there is nothing to look back
            at.
    """
    judged = [report for report in reports if report.gate is None]
    if len(judged) < _FEWEST:
        return ()
    return (
        *_most_often([item for one in judged for item in one.advice.strengths], "well"),
        *_most_often([item for one in judged for item in one.advice.next_steps], "next"),
    )


def _most_often(items: Sequence[Suggestion], name: str) -> Iterator[Fact]:
    """The measure that most suggestions rest on, the first of equals."""
    facts = [item for item in items if _is_fact(item)]
    if facts:
        measure, _ = Counter(item.measure for item in facts).most_common(1)[0]
        item = next(one for one in facts if one.measure == measure)
        yield Fact(name, "summary", measure, item.text, quotes=(_quote(item),))
