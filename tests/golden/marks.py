"""The golden answers: made-up answers with marks by hand, and how coaching does on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import tomli
from scipy.stats import spearmanr

from appliance.coaching.coach import Coach
from appliance.coaching.language import load_language
from appliance.coaching.meaning import Meaning
from appliance.coaching.question_bank import PARTS, BankQuestion, find_question
from appliance.coaching.relevance import question_embeddings
from appliance.coaching.spoken import spoken, token_of
from appliance.coaching.tools import Tools
from appliance.domain.observations import FilledPause, Observations, Span
from appliance.domain.report import Report
from tests.answers import answer, said_at

FOLDER = Path(__file__).parent / "answers"

RATINGS = ("relevance", "structure", "specificity", "clarity")

_WORDS_A_MINUTE = 150


@dataclass(frozen=True, slots=True)
class Golden:
    """An answer and its marks.

    Attributes:
        question: id.
        text: as a recogniser wrote it.
        gate: "none", or why its content cannot be judged.
        slots: parts of a story that a listener clearly hears.
        marks: 1 to 5 by rating; 0 where the question asks for no story.
        why: the marker's reasons.
        confidence: of the recogniser.
    """

    question: str
    text: str
    gate: str
    slots: frozenset[str]
    marks: dict[str, int]
    why: str
    confidence: float

    @property
    def seen(self) -> Observations:
        """What perception would have found, had somebody said it without a pause."""
        said = said_at(self.text, _WORDS_A_MINUTE, self.confidence)
        sounds = load_language("en").filled_pauses
        filled = [
            FilledPause(word.start_s, word.end_s, "transcript", word.text, word.confidence)
            for word in said
            if token_of(word.text) in sounds
        ]
        return answer([Span(0.0, said[-1].end_s)] if said else [], said, filled)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How coaching and the marks agree.

    Attributes:
        count: answers.
        gates_f1: over all answers, a gate being right where it is the same.
        slots_f1: over all parts of all stories that are judged.
        slot_f1: by part.
        correlations: Spearman's of each rating with the marks, over answers that are judged.
    """

    count: int
    gates_f1: float
    slots_f1: float
    slot_f1: dict[str, float]
    correlations: dict[str, float]


def load_golden(name: str) -> tuple[Golden, ...]:
    """Read a set; tests/golden/README.md says what each is for."""
    entries = tomli.loads((FOLDER / name / "answers.toml").read_text(encoding="utf-8"))["answer"]
    return tuple(
        Golden(
            question=entry["question"],
            text=entry["text"].strip(),
            gate=entry["gate"],
            slots=frozenset(entry["slots"]),
            marks={name: entry[name] for name in RATINGS},
            why=entry["why"],
            confidence=entry.get("confidence", 0.9),
        )
        for entry in entries
    )


def judge(
    coach: Coach, questions: Sequence[BankQuestion], golden: Sequence[Golden]
) -> tuple[Report, ...]:
    """The reports of golden answers."""
    return tuple(
        coach.report(one.seen, source="golden", question=find_question(questions, one.question))
        for one in golden
    )


def agreement(golden: Sequence[Golden], reports: Sequence[Report]) -> Agreement:
    """How reports and marks agree."""
    gates = [report.gate.name if report.gate else "none" for report in reports]
    pairs = list(zip(golden, gates, strict=True))
    right = sum(one.gate == gate != "none" for one, gate in pairs)
    closed = sum(gate != "none" for gate in gates) + sum(one.gate != "none" for one in golden)
    judged = [
        (one, report)
        for one, report in zip(golden, reports, strict=True)
        if one.gate == "none" and report.gate is None
    ]
    stories = [(one.slots, parts_of(report)) for one, report in judged if one.marks["structure"]]
    return Agreement(
        count=len(golden),
        gates_f1=2 * right / closed if closed else 1.0,
        slots_f1=_f1([(p in true, p in found) for true, found in stories for p in PARTS]),
        slot_f1={p: _f1([(p in true, p in found) for true, found in stories]) for p in PARTS},
        correlations={name: _correlation(judged, name) for name in RATINGS},
    )


def nearness_alone(
    golden: Sequence[Golden], questions: Sequence[BankQuestion], tools: Tools
) -> float:
    """The rank correlation of nearness to the nearest reference answer with marks of relevance."""
    marks, cosines = [], []
    for one in golden:
        if one.gate == "none":
            near, _ = cosines_of(one, find_question(questions, one.question), tools)
            marks.append(one.marks["relevance"])
            cosines.append(near)
    return float(spearmanr(marks, cosines).statistic)


def cosines_of(one: Golden, question: BankQuestion, tools: Tools) -> tuple[float, float]:
    """How near an answer is to the nearest reference answer, and to the question itself."""
    whole = Meaning(spoken(one.seen.transcript, tools.language), tools).whole
    cosines = question_embeddings(question, tools) @ whole
    return float(cosines[1:].max()), float(cosines[0])


def parts_of(report: Report) -> frozenset[str]:
    """The parts of a story that a report names."""
    measure = next(one for one in report.measures if one.name == "structure")
    return frozenset(place.label for place in measure.evidence)


def rating_of(report: Report, name: str) -> int | None:
    """A rating's value."""
    return next(rating.value for rating in report.ratings if rating.name == name)


def _f1(pairs: list[tuple[bool, bool]]) -> float:
    hits = sum(true and found for true, found in pairs)
    return 2 * hits / max(1, sum(true + found for true, found in pairs))


def _correlation(judged: Sequence[tuple[Golden, Report]], name: str) -> float:
    marked = [
        (one.marks[name], value)
        for one, report in judged
        if one.marks[name] and (value := rating_of(report, name)) is not None
    ]
    return float(spearmanr([m for m, _ in marked], [v for _, v in marked]).statistic)
