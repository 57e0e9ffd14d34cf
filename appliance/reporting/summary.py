"""A report in ten lines, for someone who reads it in a terminal."""

from appliance.domain.report import Report


def summarise(report: Report) -> str:
    """At most ten lines: the measures in words, then one thing to try."""
    lines = [measure.says for measure in report.measures]
    if report.advice.next_steps:
        lines.append(f"To try next: {report.advice.next_steps[0].text}")
    return "\n".join([f"{report.source}, {report.duration_s:.0f} seconds", *lines][:10])
