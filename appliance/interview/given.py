"""The answers that a person gave in this interview."""

from collections.abc import Sequence
from dataclasses import dataclass

from appliance.domain.report import Question, Report
from appliance.interview.answer import Outcome


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that was given.

    Attributes:
        question: what was asked.
        attempt: at it, from 1.
        outcome: its report, or why there is none.
    """

    question: Question
    attempt: int
    outcome: Outcome


def reports_of(given: Sequence[Given]) -> list[Report]:
    """The reports of all answers that could be understood, in order."""
    reports = (one.outcome.report for one in given)
    return [report for report in reports if report is not None]


def own_reports_of(given: Sequence[Given]) -> list[Report]:
    """The same in the booth's own words, whatever words a language model found since."""
    reports = (one.outcome.in_own_words for one in given)
    return [report for report in reports if report is not None]


def attempt_before(given: Sequence[Given], question: Question) -> Report | None:
    """The report of the last attempt at a question that could be understood."""
    reports = own_reports_of([one for one in given if one.question == question])
    return reports[-1] if reports else None
