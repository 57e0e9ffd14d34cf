"""What changed since the attempt before at the same question."""

from appliance.coaching.messages import Messages
from appliance.domain.report import Rating, Report


def compared(report: Report, before: Report, messages: Messages) -> Report:
    """The report, its advice with one sentence on what changed.

    A rating counts as changed from a whole level on: measures move a little with every attempt, and
    their steps are wider than that.

    Args:
        report: of the new attempt.
        before: of the attempt before.
        messages: of the language.
    """
    was = {rating.name: rating.value for rating in before.ratings}
    higher = [rating for rating in report.ratings if _change(rating, was) > 0]
    lower = [rating for rating in report.ratings if _change(rating, was) < 0]
    text = _told(higher, lower, messages)
    new_parts = _parts(report) - _parts(before)
    more = [
        messages.say("comparison", "found", part=messages.say("parts", part))
        for part in ("result", "action")
        if part in new_parts
    ]
    advice = report.advice.model_copy(update={"comparison": " ".join([text, *more[:1]])})
    return report.model_copy(update={"advice": advice})


def _change(rating: Rating, was: dict[str, int | None]) -> int:
    before = was.get(rating.name)
    return rating.value - before if rating.value is not None and before is not None else 0


def _told(higher: list[Rating], lower: list[Rating], messages: Messages) -> str:
    up, down = _titles(higher, messages), _titles(lower, messages)
    if higher and lower:
        return messages.say("comparison", "both", titles=up, lower=down)
    if higher:
        return messages.say("comparison", "better", titles=up)
    if lower:
        return messages.say("comparison", "worse", titles=down)
    return messages.say("comparison", "same")


def _titles(ratings: list[Rating], messages: Messages) -> str:
    titles = [rating.title for rating in ratings]
    if len(titles) <= 1:
        return "".join(titles)
    return messages.say("parts", "joined", first=", ".join(titles[:-1]), last=titles[-1])


def _parts(report: Report) -> set[str]:
    return {
        one.label
        for measure in report.measures
        if measure.name == "structure"
        for one in measure.evidence
    }
