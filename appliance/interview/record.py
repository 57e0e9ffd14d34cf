"""What of a session may be kept."""

from collections.abc import Iterable

from appliance.domain.report import Report
from appliance.storage.practice_record import Attempt, SessionSummary


def summary_of(
    reports: Iterable[Report], day: int, language: str, *, transcript: bool
) -> SessionSummary:
    """Measures, ratings and advice of each answer; its words only where the person ticked that.

    Args:
        reports: of the answers.
        day: days since 1970, by the booth's calendar.
        language: two letters, ISO 639-1.
        transcript: whether the words are kept.
    """
    return SessionSummary(
        day=day,
        language=language,
        attempts=tuple(_attempt(report, transcript=transcript) for report in reports),
    )


def _attempt(report: Report, *, transcript: bool) -> Attempt:
    words = report.transcript.text if report.transcript is not None else None
    measures, advice = report.measures, report.advice
    if not transcript:
        # Evidence quotes what was said.
        measures = tuple(one.model_copy(update={"evidence": ()}) for one in measures)
        advice = advice.model_copy(
            update={
                "strengths": tuple(
                    one.model_copy(update={"evidence": ()}) for one in advice.strengths
                ),
                "next_steps": tuple(
                    one.model_copy(update={"evidence": ()}) for one in advice.next_steps
                ),
            }
        )
    return Attempt(
        question=report.question.id if report.question is not None else "",
        measures=measures,
        advice=advice,
        transcript=words if transcript else None,
    )
