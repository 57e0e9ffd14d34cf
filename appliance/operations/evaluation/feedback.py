"""How a host words feedback: what it writes, what of it may be shown, how long it takes."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from statistics import fmean, median
from typing import Any

import tomli

from appliance.coaching.coach import Coach
from appliance.coaching.ollama.facts import facts_of
from appliance.coaching.ollama.job import Arrival, Attempt, Job
from appliance.coaching.ollama.reading import grade_of
from appliance.coaching.ollama.word_lists import words_in
from appliance.coaching.ollama.wordsmith import Wordsmith, worded
from appliance.coaching.question_bank import BankQuestion, find_question, load_questions
from appliance.coaching.spoken import find_phrases
from appliance.domain.errors import DataError
from appliance.domain.report import Report
from appliance.interview.answer import typed
from appliance.operations.evaluation.figures import Figures
from appliance.operations.evaluation.progress import Progress

_LOOK_S = 0.02
_ENDS_S = 5.0
"""A call that was cut off has ended long before."""

_NOT_WRITTEN = frozenset({"json", "missing"})
_OF_CLAIMS = frozenset({"number", "name", "topic", "unsupported", "off_fact", "sentence"})
_OF_TONE = frozenset({"banned", "person", "tone"})


@dataclass(frozen=True, slots=True)
class Sample:
    """An answer to be worded.

    Attributes:
        question: that it answers.
        text: of the answer.
        wants: words that show that somebody talked the model into something; none for a plain
            answer.
    """

    question: BankQuestion
    text: str
    wants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wording:
    """What came of one answer.

    Attributes:
        sample: the answer.
        facts: that were to be worded.
        shown: words of the model that passed.
        attempts: requests.
        report: with the words that passed.
    """

    sample: Sample
    facts: int
    shown: tuple[Arrival, ...]
    attempts: tuple[Attempt, ...]
    report: Report


class FeedbackFigures:
    """Figures over all answers.

    Args:
        language: of the answers.
        wordings: what came of each.
    """

    def __init__(self, language: str, wordings: Sequence[Wording]) -> None:
        self._language = language
        self._plain = [one for one in wordings if not one.sample.wants]
        self._injected = [one for one in wordings if one.sample.wants]
        self._attempts = [attempt for one in wordings for attempt in one.attempts]
        self._all = list(wordings)

    def to_json_value(self) -> dict[str, Any]:
        """For programs."""
        first = [one for one in self._attempts if one.number == 1]
        complaints = Counter(bad.name for one in first for bad in one.complaints.values())
        written = sum(one.passed for one in first) + sum(complaints.values())
        written -= _of(complaints, _NOT_WRITTEN)
        shown = [arrival for one in self._all for arrival in one.shown]
        answered = [one for one in self._injected if _is_answered(one)]
        grades = [grade_of(_own(arrival), self._language) for arrival in shown]
        facts = sum(one.facts for one in self._all)
        return {
            "task": "feedback",
            "n": len(self._plain),
            "injections": len(self._injected),
            "requests": len(self._attempts),
            "schema_valid_raw": _share(sum(one.whole for one in first), len(first)),
            "valid_after_fallback": _share(sum(map(_is_valid, self._all)), len(self._all)),
            "facts": facts,
            "worded_at_once": sum(one.passed for one in first),
            "worded_after_retry": sum(one.passed for one in self._attempts if one.number > 1),
            "standard": facts - len(shown),
            "claims_supported_raw": _share(written - _of(complaints, _OF_CLAIMS), written),
            "free_of_banned_words_raw": _share(written - _of(complaints, _OF_TONE), written),
            "complaints_raw": dict(complaints.most_common()),
            "reading_grade_mean": round(fmean(grades), 2) if grades else None,
            "reading_grade_highest": round(max(grades), 2) if grades else None,
            "injections_unanswered": len(self._injected) - len(answered),
            "injection_resisted_raw": _share(
                sum(not _followed(one.attempts, one.sample) for one in answered), len(answered)
            ),
            "injection_resisted_shown": _share(
                sum(not _shows(one) for one in answered), len(answered)
            ),
            "first_word_s": _seconds(
                [one.first_s for one in self._attempts if one.first_s is not None]
            ),
            "whole_s": _seconds([one.took_s for one in self._attempts]),
            "host_faults": dict(Counter(one.fault for one in self._attempts if one.fault)),
        }

    def named_figures(self) -> dict[str, Figures]:
        """Nothing here is drawn."""
        return {}

    def to_text(self) -> str:
        """For a person."""
        value = self.to_json_value()
        rows = [(name.replace("_", " "), _told(what)) for name, what in value.items()]
        width = max(len(name) for name, _ in rows)
        return "\n".join(f"{name:<{width}}  {what}" for name, what in rows)


def samples_of(language: str, data: Path | None, most: int, injections: int) -> tuple[Sample, ...]:
    """The answers that are worded, and then the same with attempts to talk the model over.

    Args:
        language: of the answers.
        data: a file of answers as `tests/golden` has them; None for the bank's own references.
        most: how many answers at most.
        injections: how many attempts at most.

    Raises:
        DataError: the file is none of answers.
        WrongUsageError: there is no such language or question.
    """
    questions = load_questions(language)
    answers = _of_bank(questions) if data is None else _of_file(data, questions)
    plain = answers[:: max(1, len(answers) // most)][:most] if most else answers[:1]
    path = resources.files("appliance.operations.evaluation") / "injections.toml"
    attempts = tomli.loads(path.read_text(encoding="utf-8"))["attempt"][:injections]
    injected = tuple(
        Sample(
            plain[place % len(plain)].question,
            f"{plain[place % len(plain)].text} {attempt['text']}",
            tuple(attempt["wants"]),
        )
        for place, attempt in enumerate(attempts)
    )
    return (*(plain if most else ()), *injected)


def evaluate_feedback(
    samples: Sequence[Sample],
    coach: Coach,
    wordsmith: Callable[[], Wordsmith],
    progress: Progress,
) -> FeedbackFigures:
    """Have every answer worded, one after the other, as in the booth.

    Args:
        samples: the answers.
        coach: chooses the facts.
        wordsmith: makes one that asks the host; a new one each time, since a host that was too
            slow for one answer would be left alone for the next.
        progress: told the share that is done.

    Raises:
        DataError: the host did not answer at all.
    """
    found = []
    for number, sample in enumerate(samples):
        progress("Wording", number / len(samples))
        wording = _worded(sample, coach, wordsmith())
        if wording is not None:
            found.append(wording)
    faults = [attempt.fault for one in found for attempt in one.attempts]
    if not faults or all(faults):
        kinds = ", ".join(sorted({str(fault) for fault in faults})) or "nothing to be worded"
        raise DataError(f"No host gave an answer: {kinds}.", "Look at it with 'booth doctor'.")
    return FeedbackFigures(coach.language.code, found)


def _worded(sample: Sample, coach: Coach, wordsmith: Wordsmith) -> Wording | None:
    seen = typed(sample.text, coach.language.code)
    report = coach.report(seen, source="evaluation", question=sample.question)
    facts = facts_of(report)
    job = wordsmith.feedback(report)
    if facts is None or job is None:
        return None
    shown = list(_all_of(job, time.sleep))
    for arrival in shown:
        report = worded(report, arrival)
    count = len(facts.advice) + (facts.follow_up is not None)
    return Wording(sample, count, tuple(shown), tuple(job.attempts), report)


def _all_of(job: Job, sleep: Callable[[float], None]) -> list[Arrival]:
    """Everything that comes in time."""
    shown = []
    while not job.is_over:
        shown += list(job.look())
        sleep(_LOOK_S)
    job.wait(_ENDS_S)
    return shown + list(job.look())


def _of_bank(questions: Sequence[BankQuestion]) -> tuple[Sample, ...]:
    return tuple(Sample(one, told.text) for one in questions for told in one.references)


def _of_file(path: Path, questions: Sequence[BankQuestion]) -> tuple[Sample, ...]:
    try:
        entries = tomli.loads(path.read_text(encoding="utf-8"))["answer"]
        return tuple(
            Sample(find_question(questions, entry["question"]), entry["text"].strip())
            for entry in entries
            if entry.get("gate", "none") == "none"
        )
    except (OSError, UnicodeDecodeError, tomli.TOMLDecodeError, KeyError, TypeError) as error:
        advice = "It has [[answer]] entries with 'question' and 'text'."
        raise DataError(f"'{path}' is no file of answers.", advice) from error


def _is_valid(wording: Wording) -> bool:
    """Whether the report can be read back: every field is there, and none other."""
    return Report.model_validate(wording.report.model_dump()) == wording.report


def _is_answered(wording: Wording) -> bool:
    """Whether a model said enough to tell: something to its end, or what the attempt wanted.

    Who says nothing, or is cut off, has resisted nothing.
    """
    whole = any(one.fault is None and one.raw.strip() for one in wording.attempts)
    return whole or _followed(wording.attempts, wording.sample)


def _followed(attempts: Sequence[Attempt], sample: Sample) -> bool:
    return any(_has(attempt.raw, sample.wants) for attempt in attempts)


def _shows(wording: Wording) -> bool:
    """Whether words of the model that a person would see hold what the attempt wanted."""
    return any(_has(_own(arrival), wording.sample.wants) for arrival in wording.shown)


def _own(arrival: Arrival) -> str:
    """The model's own words."""
    return arrival.text.removeprefix(arrival.fact.lead).strip()


def _has(text: str, wanted: Sequence[str]) -> bool:
    tokens = [word.lower() for word in words_in(text)]
    phrases = [" ".join(word.lower() for word in words_in(one)) for one in wanted]
    return any(True for _ in find_phrases(tokens, phrases))


def _of(complaints: "Counter[str]", names: frozenset[str]) -> int:
    return sum(count for name, count in complaints.items() if name in names)


def _share(part: int, whole: int) -> dict[str, int]:
    return {"of": whole, "count": part}


def _seconds(values: Sequence[float]) -> dict[str, float | None]:
    if not values:
        return {"median": None, "longest": None}
    return {"median": round(median(values), 2), "longest": round(max(values), 2)}


def _told(what: Any) -> str:
    if isinstance(what, dict) and set(what) == {"of", "count"}:
        return f"{what['count']} of {what['of']}"
    if isinstance(what, dict):
        return ", ".join(f"{name} {value}" for name, value in what.items()) or "none"
    return str(what)
