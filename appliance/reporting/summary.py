"""A report in ten lines, for someone who reads it in a terminal."""

from appliance.domain.report import Report

_MOST_LINES = 10


def summarise(report: Report) -> str:
    """At most ten lines: the recording, what is wrong with it, and the measures in words.

    What could not be measured is named once for each reason. What is worth a try next comes last,
    after an arrow.
    """
    to_try = {step.measure for step in report.advice.next_steps}
    told = [m for m in report.measures if m.name not in to_try and m.value is not None]
    first = [measure.says for measure in told] + _unmeasured(report)
    last = [f"→ {step.text}" for step in report.advice.next_steps]
    seconds = round(report.duration_s)
    title = f"{report.source}, {seconds} second{'' if seconds == 1 else 's'}"
    lines = [title, *report.notes, *_rated(report), *first][: _MOST_LINES - len(last)]
    return "\n".join("".join(c for c in line if c.isprintable()) for line in [*lines, *last])


def _rated(report: Report) -> list[str]:
    """The ratings in one line; none where there is none."""
    rated = [f"{one.title} {one.value}" for one in report.ratings if one.value is not None]
    return [f"Of 5: {', '.join(rated)}."] if rated else []


def _unmeasured(report: Report) -> list[str]:
    """A line for each reason, with the measures that it keeps from us."""
    titles: dict[str, list[str]] = {}
    for measure in report.measures:
        if measure.value is None:
            titles.setdefault(measure.says, []).append(measure.title.lower())
    return [f"Not measured: {', '.join(names)}. {reason}" for reason, names in titles.items()]
