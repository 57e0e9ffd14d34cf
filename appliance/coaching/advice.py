"""Standard advice: what to keep and what to try, chosen by rule, without a language model.

What is said first follows its weight for the listener: the content of the answer, then how it was
spoken. Behind a closed gate there is nothing to praise, and the gate's own sentence is the next
step.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from appliance.coaching.messages import Messages
from appliance.coaching.question_bank import BankQuestion
from appliance.domain.report import Advice, Evidence, Gate, Measure, Rating, Suggestion

_AT_MOST = 2

_GOOD = 4
"""The rating from which something is a strength."""

_WEAK = 2
"""The rating up to which something is a next step before all others."""

_FAIR = 3

_DELIVERY = (
    "filled_pauses",
    "pace",
    "answer_length",
    "facing_camera",
    "pitch_variation",
    "long_pauses",
    "loudness",
)
"""What to speak of first: the order of correlation with people's overall ratings in 138 rated mock
interviews (MIT) for the first three; the rest in our own order."""

_FLUENCY = ("fillers", "restarts", "sentence_length")

_PARTS = ("result", "action", "situation", "task")
"""Which part of a story to speak of first where several are missing, or there."""

_QUOTED_WORDS = 14
"""Words of a sentence that are quoted at most."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What is known of an answer when advice is chosen.

    Attributes:
        measures: by name.
        ratings: values by name; those that are not known are missing.
        gate: that the answer did not pass.
        question: that was asked.
        last: the answer's last sentence.
    """

    measures: Mapping[str, Measure]
    ratings: Mapping[str, int]
    gate: Gate | None
    question: BankQuestion | None
    last: Evidence | None

    @property
    def is_content_judged(self) -> bool:
        """Whether something may be said of the content."""
        return self.gate is None and "specificity" in self.ratings

    @property
    def is_relevant(self) -> bool:
        """Whether the answer is known to answer the question; only then may it be praised."""
        return self.is_content_judged and self.ratings.get("relevance", 0) > _WEAK

    @property
    def parts(self) -> dict[str, Evidence]:
        """The parts of the story that were found."""
        structure = self.measures.get("structure")
        return {one.label: one for one in structure.evidence} if structure else {}

    @property
    def is_told_parts(self) -> bool:
        """Whether parts of a story were looked for."""
        structure = self.measures.get("structure")
        return structure is not None and structure.value is not None


@dataclass(frozen=True, slots=True)
class _Thought:
    """What is to be said.

    Attributes:
        measure: that it rests on.
        section: of the sentences.
        name: of the sentence.
        asked: the question, where the sentence comes back to it.
    """

    measure: str
    section: str
    name: str
    asked: str = ""


def judged(
    measures: Iterable[Measure],
    ratings: Iterable[Rating],
    *,
    gate: Gate | None = None,
    question: BankQuestion | None = None,
    last: Evidence | None = None,
) -> Judged:
    """Put together what advice is chosen from; see `Judged`."""
    return Judged(
        {measure.name: measure for measure in measures},
        {rating.name: rating.value for rating in ratings if rating.value is not None},
        gate,
        question,
        last,
    )


def standard_advice(answer: Judged, messages: Messages) -> Advice:
    """At most two strengths, two next steps, and a follow-up question."""
    return Advice(
        source="standard",
        model=None,
        strengths=_first_two(_strengths(answer, messages)),
        next_steps=_first_two(_next_steps(answer, messages)),
        follow_up=_follow_up(answer),
    )


def _first_two(suggestions: Iterator[Suggestion]) -> tuple[Suggestion, ...]:
    """The first two that rest on different measures and do not quote the same sentence."""
    chosen: list[Suggestion] = []
    for suggestion in suggestions:
        if not any(_is_alike(suggestion, other) for other in chosen):
            chosen.append(suggestion)
        if len(chosen) == _AT_MOST:
            break
    return tuple(chosen)


def _is_alike(one: Suggestion, other: Suggestion) -> bool:
    quoted = {place.quote for place in one.evidence} & {place.quote for place in other.evidence}
    return one.measure == other.measure or bool(quoted - {""})


def _strengths(answer: Judged, messages: Messages) -> Iterator[Suggestion]:
    if answer.gate is not None or not _is_understood(answer):
        return
    if answer.is_relevant:
        yield from _content_strengths(answer, messages)
    for name in _DELIVERY:
        measure = answer.measures.get(name)
        if measure and measure.status == "in_band":
            yield Suggestion(measure=name, text=measure.says, evidence=measure.evidence[:3])


def _content_strengths(answer: Judged, messages: Messages) -> Iterator[Suggestion]:
    for part in ("result", "action"):
        if part in answer.parts and answer.ratings.get("structure", 0) >= _GOOD:
            yield _suggest(_Thought("structure", "strengths", part), answer.parts[part], messages)
    details = answer.measures["details"]
    if answer.ratings.get("specificity", 0) >= _GOOD:
        for place in details.evidence:
            yield _suggest(_Thought("details", "strengths", "details"), place, messages)
    if answer.ratings["relevance"] > _GOOD:
        yield _suggest(_Thought("relevance", "strengths", "relevance"), None, messages)
    if answer.ratings.get("clarity", 0) > _GOOD:
        yield _suggest(_Thought("fillers", "strengths", "clarity"), None, messages)


def _next_steps(answer: Judged, messages: Messages) -> Iterator[Suggestion]:
    if answer.gate is not None:
        yield Suggestion(measure="gate", text=answer.gate.says)
    elif answer.is_content_judged:
        yield from _content_steps(answer, messages)
    for name in _DELIVERY:
        measure = answer.measures.get(name)
        if measure and measure.status in {"below", "above"}:
            yield Suggestion(measure=name, text=measure.says, evidence=measure.evidence[:3])


def _content_steps(answer: Judged, messages: Messages) -> Iterator[Suggestion]:
    relevance = answer.ratings.get("relevance", _FAIR)
    if relevance <= _WEAK:
        is_general = relevance == _WEAK and answer.ratings["specificity"] <= _WEAK
        name = "no_event" if is_general else "relevance"
        asked = answer.question.text if answer.question else ""
        yield _suggest(_Thought("relevance", "next_steps", name, asked), None, messages)
    missing = [part for part in _PARTS if part not in answer.parts] if answer.is_told_parts else []
    if missing:
        place = _place(answer, missing[0])
        yield _suggest(_Thought("structure", "next_steps", missing[0]), place, messages)
    if answer.ratings.get("specificity", _GOOD) <= _FAIR:
        place = answer.parts.get("action", answer.last)
        yield _suggest(_Thought("details", "next_steps", "details"), place, messages)
    for name in _FLUENCY:
        measure = answer.measures[name]
        if measure.status == "above":
            yield _suggest(_Thought(name, "next_steps", name), measure.evidence[0], messages)


def _place(answer: Judged, missing: str) -> Evidence | None:
    """The sentence beside which a missing part belongs."""
    if missing == "situation":
        return next(iter(sorted(answer.parts.values(), key=lambda one: one.start_s)), answer.last)
    return answer.last


def _suggest(thought: _Thought, place: Evidence | None, messages: Messages) -> Suggestion:
    quote = _shortened(place.quote) if place else ""
    text = messages.choose(
        thought.section, thought.name, key=quote, quote=quote, asked=thought.asked
    )
    return Suggestion(measure=thought.measure, text=text, evidence=(place,) if place else ())


def _shortened(quote: str) -> str:
    words = quote.split()
    if len(words) <= _QUOTED_WORDS:
        return quote
    return " ".join([*words[:_QUOTED_WORDS], "…"])


def _is_understood(answer: Judged) -> bool:
    pace = answer.measures.get("pace")
    return answer.is_content_judged or (pace is not None and pace.value is not None)


def _follow_up(answer: Judged) -> str | None:
    """The question's own follow-up for what the answer left out, the heaviest first."""
    asked = answer.question.follow_ups if answer.question else None
    if asked is None or not answer.is_content_judged:
        return None
    questions = {"result": asked.result, "action": asked.action, "situation": asked.situation}
    if answer.is_told_parts:
        for part, text in questions.items():
            if part not in answer.parts:
                return text
    if not _has_figure(answer.measures["details"].evidence):
        return asked.number
    own = answer.measures["own_part"].value
    return asked.own_part if own is not None and own < _MOSTLY_OTHERS else None


_MOSTLY_OTHERS = 50
"""Percent of "I" under which a listener asks for the speaker's own part."""


def _has_figure(evidence: Sequence[Evidence]) -> bool:
    return any(one.label == "figure" for one in evidence)
