"""A report as coaching makes it, small enough to know by heart."""

from appliance.domain.report import Advice, Evidence, Question, Rating, Report, Suggestion

_QUESTION = Question(
    id="solved-problem",
    competency="problem solving",
    role="general",
    text="Tell me about a time you solved a problem at work.",
)
_TITLES = {
    "en": ("Relevance", "Structure", "Specificity", "Presence", "Delivery"),
    "de": ("Bezug zur Frage", "Aufbau", "Anschaulichkeit", "Präsenz", "Vortrag"),
    "es": ("Relación con la pregunta", "Estructura", "Concreción", "Presencia", "Manera de hablar"),
}
_VALUES = (4, 4, 2, None, None)


def report_of(language: str = "en") -> Report:
    """A report with a quote, a step to try, ratings and a follow-up question.

    Args:
        language: of the titles of its ratings.
    """
    quote = "So I rang five hotels and carried twenty heaters to the rooms."
    well = Suggestion(
        measure="structure",
        text="You told what you did.",
        evidence=(Evidence(quote=quote, start_s=1.0, end_s=4.0),),
    )
    return Report(
        source="typed",
        duration_s=0.0,
        language=language,
        question=_QUESTION,
        transcript=None,
        face=None,
        voice=None,
        measures=(),
        ratings=tuple(map(_rating, _TITLES[language], _VALUES)),
        advice=Advice(
            source="standard",
            model=None,
            strengths=(well,),
            next_steps=(Suggestion(measure="structure", text="Tell how it ended."),),
            follow_up="How many guests stayed?",
        ),
    )


def _rating(title: str, value: int | None) -> Rating:
    reason = None if value is not None else "We did not see a face."
    return Rating(
        name=title.lower(),
        title=title,
        value=value,
        says=reason or "Well.",
        reason=reason,
        measures=(),
    )
