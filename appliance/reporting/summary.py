"""A report in ten lines, for someone who reads it in a terminal."""

from appliance.domain.report import Report

_MOST_LINES = 10


def summarise(report: Report) -> str:
    """At most ten lines: the recording, what is wrong with it, and the measures in words.

    A sentence that several measures share, such as "The recording has no sound.", is said once.
    What is worth a try next comes last, after an arrow.
    """
    to_try = {step.measure for step in report.advice.next_steps}
    first = [measure.says for measure in report.measures if measure.name not in to_try]
    last = [f"→ {step.text}" for step in report.advice.next_steps]
    seconds = round(report.duration_s)
    title = f"{report.source}, {seconds} second{'' if seconds == 1 else 's'}"
    lines = list(dict.fromkeys([title, *report.notes, *first]))[: _MOST_LINES - len(last)]
    return "\n".join("".join(c for c in line if c.isprintable()) for line in [*lines, *last])
