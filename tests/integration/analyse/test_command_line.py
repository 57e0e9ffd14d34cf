"""The command line: where results go, how it is used wrongly, and what it leaves behind."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from appliance.cli import DONE, FAILED, WRONG_USAGE
from tests.commands import Run, one_line


@pytest.mark.data
def test_a_folder_that_cannot_be_written_gives_one_line(booth: Run, clips: Path) -> None:
    result = booth("analyse", clips / "grid_bbaf2n.mpg", "--out", "/proc/booth")
    assert (result.code, one_line(result)) == (FAILED, True)
    assert "could not be written" in result.err


@pytest.mark.data
def test_a_full_disk_gives_one_line_and_leaves_nothing(
    booth: Run, clips: Path, tmp_path: Path
) -> None:
    mount = ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(tmp_path)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a small disk")
    try:
        result = booth("analyse", clips / "grid_bbaf2n.mpg", "--out", tmp_path)
        assert (result.code, one_line(result)) == (FAILED, True)
        assert "no space left" in result.err
        assert list(tmp_path.iterdir()) == []
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


@pytest.mark.data
def test_a_file_in_the_way_of_the_report_is_said_before_the_work(
    booth: Run, clips: Path, tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").touch()
    result = booth("analyse", clips / "address.mp4", "--out", tmp_path / "notes.txt")
    assert (result.code, one_line(result)) == (FAILED, True)
    assert "in the way" in result.err


@pytest.mark.data
def test_a_name_that_is_no_text_still_gives_a_report(
    booth: Run, clips: Path, tmp_path: Path
) -> None:
    odd = tmp_path / os.fsdecode(b"caf\xe9\n \x1b[31m.mpg")
    odd.write_bytes((clips / "grid_bbaf2n.mpg").read_bytes())
    result = booth("analyse", odd, "--out", tmp_path / "out")
    assert result.code == DONE
    assert "\x1b" not in result.out
    missing = booth("analyse", tmp_path / os.fsdecode(b"\xe9\x1b\n"))
    assert (missing.code, one_line(missing)) == (FAILED, True)


@pytest.mark.data
def test_an_analysis_leaves_nothing_in_the_home_but_a_font_cache(
    clips: Path, tmp_path: Path
) -> None:
    """Libraries that keep a diary of their use, to send it some day, are not for this booth."""
    environment = {**os.environ, "HOME": str(tmp_path)}
    for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "MPLCONFIGDIR"):
        environment.pop(name, None)
    command = [sys.executable, "-m", "appliance.cli", "analyse", str(clips / "grid_bbaf2n.mpg")]
    done = subprocess.run(
        [*command, "--json"], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    left = {path.relative_to(tmp_path).parts[:2] for path in tmp_path.rglob("*") if path.is_file()}
    assert left <= {(".cache", "matplotlib"), (".config", "matplotlib")}


@pytest.mark.parametrize("command", [["questions"], ["questions", "--json"]])
def test_a_reader_that_goes_away_is_no_fault(command: list[str]) -> None:
    booth = f"{sys.executable} -m appliance.cli {' '.join(command)}"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {booth} | true"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_full_output_is_one_line() -> None:
    booth = f"{sys.executable} -m appliance.cli questions > /dev/full"
    done = subprocess.run(["bash", "-c", booth], capture_output=True, text=True, check=False)
    assert done.returncode == FAILED
    assert done.stderr.startswith("booth: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.data
def test_a_terminal_sees_progress_and_a_clean_line_after_it(clips: Path, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "appliance.cli", "analyse", str(clips / "grid_bbaf2n.mpg")]
    subprocess.run(
        [*command, "--out", str(tmp_path)], stderr=theirs, stdout=subprocess.DEVNULL, check=True
    )
    os.close(theirs)
    shown = os.read(ours, 100_000).decode()
    os.close(ours)
    assert "Analysing" in shown
    assert shown.endswith("\r\x1b[K")


def test_the_version_is_told(booth: Run) -> None:
    assert booth("--version").out.startswith("booth 0.")


def test_an_unknown_question_is_wrong_usage(booth: Run, sample: Path) -> None:
    result = booth("analyse", sample, "--question", "nonsense")
    assert (result.code, one_line(result)) == (WRONG_USAGE, True)
    assert "booth questions" in result.err


@pytest.mark.parametrize("arguments", [[], ["dance"], ["analyse"], ["analyse", "a", "--loud"]])
def test_wrong_usage_gives_one_line_and_exit_code_two(booth: Run, arguments: list[str]) -> None:
    result = booth(*arguments)
    assert (result.code, one_line(result)) == (WRONG_USAGE, True)
    assert "--help" in result.err


def test_debug_shows_where_a_fault_came_from(booth: Run, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        booth("analyse", tmp_path / "missing.mp4", "--debug")


def test_the_questions_are_listed_for_people_and_for_programs(booth: Run) -> None:
    assert "solved-problem" in booth("questions").out
    listed = json.loads(booth("questions", "--json").out)
    assert {"id", "competency", "role", "text"} == set(listed[0])
