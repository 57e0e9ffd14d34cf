"""Writing a report to a folder."""

import json
import os
from pathlib import Path

from appliance.domain.errors import OutputError
from appliance.domain.report import RatingGuide, Report
from appliance.domain.whole_file import write_whole
from appliance.reporting.html import render_html


def to_json(report: Report) -> str:
    """`report.json` as text, with a newline at its end."""
    return json.dumps(report.to_json_value(), ensure_ascii=False, indent=1) + "\n"


def require_folder(folder: Path, option: str = "--out") -> None:
    """See beforehand that files can go there, so that long work is not done in vain.

    Args:
        folder: may be missing.
        option: how another folder is chosen.

    Raises:
        OutputError: there is a file in the way, or the folder may not be written.
    """
    advice = f"Choose another folder with '{option}'."
    existing = next(p for p in (folder.absolute(), *folder.absolute().parents) if _exists(p))
    if not existing.is_dir():
        raise OutputError(f"'{existing}' is in the way: it is a file and not a folder.", advice)
    if not os.access(existing, os.W_OK):
        raise OutputError(f"The folder '{existing}' may not be written by this user.", advice)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a name that no file system takes
        return False


def write_report(report: Report, folder: Path, guide: RatingGuide | None = None) -> Path:
    """Write `report.json` and `report.html`, both or neither, and return the page's path.

    Args:
        report: of one answer.
        folder: is made where it is missing.
        guide: how the ratings are made, for the page.

    Raises:
        OutputError: the folder cannot be made or written, or the disk is full.
    """
    page = folder / "report.html"
    write_whole(
        {
            folder / "report.json": to_json(report).encode(),
            page: render_html(report, guide).encode(),
        }
    )
    return page
