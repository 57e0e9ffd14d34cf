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


def attempt_before(given: Sequence[Given], question: Question) -> Report | None:
    """The report of the last attempt at a question that could be understood."""
    reports = [one.outcome.report for one in given if one.question == question]
    return next((report for report in reversed(reports) if report is not None), None)
