"""Starts that did not come to anything are counted, whatever ended them."""

import os
import tempfile
from pathlib import Path

import pytest

from appliance.domain.whole_file import write_whole
from appliance.operations.start_guard import FILE, Before, StartGuard


@pytest.fixture
def guard(tmp_path: Path) -> StartGuard:
    return StartGuard(tmp_path / "state")


def test_a_start_that_completes_leaves_nothing(guard: StartGuard, tmp_path: Path) -> None:
    assert guard.begin() == Before()
    guard.completed()
    assert guard.begin() == Before()
    guard.completed()
    assert list((tmp_path / "state").iterdir()) == []
    guard.completed()


def test_after_two_starts_in_vain_it_is_time_for_safe_mode(guard: StartGuard) -> None:
    assert not guard.begin().calls_for_safe_mode
    assert not guard.begin().calls_for_safe_mode
    guard.failed("The model is damaged.", "model_unusable")
    before = guard.begin()
    assert before == Before(2, "The model is damaged.", "model_unusable")
    assert before.calls_for_safe_mode


def test_one_that_was_killed_says_nothing_and_counts(guard: StartGuard) -> None:
    guard.begin()
    guard.failed("The model is damaged.", "model_unusable")
    guard.begin()
    assert guard.begin() == Before(2, "")


def test_what_a_version_before_wrote_without_a_code_counts(
    guard: StartGuard, tmp_path: Path
) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / FILE).write_text('{"in_vain": 2, "words": "It was damaged."}')
    assert guard.begin() == Before(2, "It was damaged.")


def test_starts_that_the_power_cut_short_do_not_count(tmp_path: Path) -> None:
    for boot in ("first", "second", "third"):
        assert StartGuard(tmp_path, boot).begin() == Before()


def test_a_start_that_failed_counts_after_a_power_cut(tmp_path: Path) -> None:
    first = StartGuard(tmp_path, "first")
    first.begin()
    first.failed("The model is damaged.", "model_fault")
    told = Before(1, "The model is damaged.", "model_fault")
    assert StartGuard(tmp_path, "second").begin() == told
    third = StartGuard(tmp_path, "third")
    assert third.begin() == Before(1), "that of the second boot was cut short"
    assert third.begin() == Before(2), "that of the third ended by itself"


@pytest.mark.parametrize("text", ["", "no json", "[]", '{"in_vain": "many", "words": ""}'])
def test_a_file_that_cannot_be_read_counts_as_none(
    guard: StartGuard, tmp_path: Path, text: str
) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / FILE).write_text(text)
    assert guard.begin() == Before()
    assert guard.begin() == Before(1)


def test_a_disk_that_cannot_be_written_keeps_no_booth_from_starting(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    guard = StartGuard(tmp_path / "file" / "state")
    assert guard.begin() == Before()
    guard.failed("The model is damaged.", "model_unusable")
    guard.completed()
    assert guard.begin() == Before()


def test_long_words_are_cut(guard: StartGuard) -> None:
    guard.begin()
    guard.failed("x" * 10_000, "storage_fault")
    assert len(guard.begin().words) == 500


def test_what_a_power_cut_left_of_files_is_deleted(tmp_path: Path) -> None:
    panel = tmp_path / "panel"
    kept = {tmp_path / "booth.toml": b"old", panel / "panel.secret": b"secret"}
    write_whole({**kept, tmp_path / ".hidden": b"", tmp_path / "booth.db-wal.damaged": b""})
    for path, content in kept.items():
        left, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        os.write(left, content[:2])
        os.close(left)
        assert Path(name).exists()
    StartGuard(tmp_path).begin()
    names = sorted(one.name for one in tmp_path.rglob("*") if one.is_file())
    assert names == [".hidden", "booth.db-wal.damaged", "booth.toml", "panel.secret", FILE]
