"""Starts that did not come to anything are counted, whatever ended them."""

from pathlib import Path

import pytest

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
