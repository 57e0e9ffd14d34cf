"""Reports are written whole, for their owner alone, and say the same thing each time."""

import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from appliance.domain.errors import OutputError
from appliance.domain.report import Report
from appliance.domain.whole_file import write_whole
from appliance.reporting.files import to_json, write_report
from appliance.reporting.summary import summarise
from tests.answers import answer
from tests.coaches import coach_of


@pytest.fixture
def report() -> Report:
    return coach_of().report(answer(), source="answer.mp4", question=None)


def test_the_folder_holds_both_files_and_nothing_else(report: Report, tmp_path: Path) -> None:
    page = write_report(report, tmp_path / "new" / "folder")
    assert {path.name for path in page.parent.iterdir()} == {"report.json", "report.html"}
    assert page.name == "report.html"


def test_only_the_owner_may_read_a_report(report: Report, tmp_path: Path) -> None:
    page = write_report(report, tmp_path)
    assert page.stat().st_mode & 0o777 == 0o600


def test_the_json_is_read_back_as_the_same_report(report: Report) -> None:
    again = Report.model_validate_json(to_json(report))
    assert to_json(again) == to_json(report)


def test_the_json_holds_what_the_contract_names(report: Report) -> None:
    value = json.loads(to_json(report))
    assert value["schema_version"] == 1
    assert {"source", "duration_s", "language", "question", "transcript", "face", "voice"} <= set(
        value
    )
    assert {"fusion", "measures", "ratings", "advice"} <= set(value)
    assert set(value["transcript"]) == {"engine", "text", "words"}
    assert set(value["transcript"]["words"][0]) == {"text", "start_s", "end_s", "confidence"}
    measure = value["measures"][0]
    assert {"name", "value", "unit", "band", "status", "reason", "evidence"} <= set(measure)
    assert {"low", "high"} <= set(measure["band"])


def test_figures_have_three_decimals_and_no_negative_zero(report: Report) -> None:
    odd = report.model_copy(update={"duration_s": -0.00001})
    assert json.loads(to_json(odd))["duration_s"] == 0
    assert "-0.0" not in to_json(odd)


def test_the_summary_has_at_most_ten_lines(report: Report) -> None:
    lines = summarise(report).split("\n")
    assert len(lines) <= 10
    assert lines[0] == "answer.mp4, 60 seconds"


def test_the_summary_tells_what_was_wrong_and_repeats_nothing() -> None:
    seen = answer([], (), missing={"sound": "The recording has no sound."}, faces=())
    damaged = replace(seen, notes=("The picture breaks off at 3 s of 8 s.",))
    lines = summarise(coach_of().report(damaged, source="a.mp4", question=None)).split("\n")
    assert lines[1] == "The picture breaks off at 3 s of 8 s."
    assert sum("The recording has no sound." in line for line in lines) == 1
    assert "Not measured: length, pace, filled pauses" in "\n".join(lines)


def test_an_existing_report_survives_a_write_that_fails(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    write_whole({path: b"old"})
    full = _small_disk(tmp_path / "disk")
    with pytest.raises(OutputError, match="no space left"):
        write_whole({full / "report.json": b"new", full / "report.html": bytes(200_000)})
    assert list(full.iterdir()) == []
    subprocess.run(["umount", full], check=True)
    assert path.read_bytes() == b"old"


def _small_disk(path: Path) -> Path:
    """A disk of 64 kB, which needs root."""
    path.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(path)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a small disk")
    return path


def test_a_folder_that_cannot_be_made_is_said_in_one_line() -> None:
    with pytest.raises(
        OutputError, match=r"^'/proc/booth/report.json' could not be written: .*--out"
    ):
        write_whole({Path("/proc/booth/report.json"): b"x"})
