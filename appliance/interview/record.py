"""What of a session may be kept."""

from collections.abc import Iterable, Mapping

from appliance.domain.report import Report, Suggestion
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
    measures, ratings, advice = report.measures, report.ratings, report.advice
    if not transcript:
        # Evidence quotes what was said, and so do the sentences of advice.
        says = {measure.name: measure.says for measure in measures}
        measures = tuple(one.model_copy(update={"evidence": ()}) for one in measures)
        ratings = tuple(one.model_copy(update={"evidence": ()}) for one in ratings)
        # A model may have worded them with the person's own words, so that nothing of it stays.
        advice = advice.model_copy(
            update={
                "source": "standard",
                "model": None,
                "follow_up": advice.follow_up if advice.source == "standard" else None,
                "strengths": tuple(_without_words(one, says) for one in advice.strengths),
                "next_steps": tuple(_without_words(one, says) for one in advice.next_steps),
            }
        )
    return Attempt(
        question=report.question.id if report.question is not None else "",
        measures=measures,
        ratings=ratings,
        advice=advice,
        transcript=words if transcript else None,
    )


def _without_words(suggestion: Suggestion, says: Mapping[str, str]) -> Suggestion:
    """A suggestion in the words of the measure that it rests on, which quotes nobody."""
    text = says.get(suggestion.measure, suggestion.text)
    return suggestion.model_copy(update={"text": text, "evidence": (), "source": "standard"})
