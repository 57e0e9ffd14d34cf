"""Writing a report to a folder."""

import json
from pathlib import Path

from appliance.domain.report import Report
from appliance.domain.whole_file import write_whole
from appliance.reporting.html import render_html


def to_json(report: Report) -> str:
    """`report.json` as text, with a newline at its end."""
    return json.dumps(report.to_json_value(), ensure_ascii=False, indent=1) + "\n"


def write_report(report: Report, folder: Path) -> Path:
    """Write `report.json` and `report.html`, both or neither, and return the page's path.

    Raises:
        OutputError: the folder cannot be made or written, or the disk is full.
    """
    page = folder / "report.html"
    write_whole(
        {folder / "report.json": to_json(report).encode(), page: render_html(report).encode()}
    )
    return page
