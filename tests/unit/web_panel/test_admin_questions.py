"""Staff see what can be practised, and bring questions of their own; and how often it is used."""

import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from appliance.coaching.question_bank import load_questions
from appliance.domain.errors import WrongUsageError
from appliance.operations.settings.loading import load
from appliance.storage.store import Store
from tests.panel import ServedBooth, served
from tests.unit.web_panel.staff import Signed

OWN = """[[question]]
id = "first-day"
competency = "customer"
role = "care"
text = "Tell me about your first day at a new place."
"""
DAY_S = 86_400.0


class Days:
    """A clock that a test turns by days."""

    def __init__(self) -> None:
        self.day = 20_500

    def __call__(self) -> float:
        return self.day * DAY_S


@pytest.fixture
def days() -> Days:
    return Days()


@pytest.fixture
def store(tmp_path: Path, days: Days) -> Iterator[Store]:
    one = Store(tmp_path / "kept", 90, days, days)
    yield one
    one.close()


@pytest.fixture
def booth(models_dir: Path, sample: Path, tmp_path: Path, store: Store) -> Iterator[ServedBooth]:
    with served(models_dir, sample, folder=tmp_path / "panel", store=store) as one:
        yield one


@pytest.fixture
def staff(booth: ServedBooth) -> Signed:
    return Signed(booth)


def bring(staff: Signed, content: bytes) -> TestResponse:
    return staff.post("questions", file=(io.BytesIO(content), "ours.toml"))


def test_the_questions_of_the_bank_are_counted(staff: Signed) -> None:
    page = staff.get("questions").text
    assert page.count("<strong>12</strong>") == 10, "as many of each competency"
    assert "There are none yet." in page


def test_a_file_that_is_right_is_kept_and_named_by_the_settings(
    booth: ServedBooth, staff: Signed
) -> None:
    answer = bring(staff, OWN.encode())
    assert "Questions in it: 1." in answer.text
    assert "holds after the next start" in answer.text
    path = booth.config.parent / "questions.toml"
    assert path.read_text() == OWN
    settings = load({}, booth.config).settings
    assert settings.site.questions == str(path)
    assert "first-day" in {one.id for one in load_questions("en", path)}
    assert "Nothing is wrong in" in staff.get("questions").text


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (OWN.replace("care", "caring").encode(), "The question &#39;first-day&#39;"),
        (OWN.encode() + b"oops\n", "line 6"),
        (b"", "at &#39;question&#39;"),
        (b"question = []", "There is no question"),
        (b"\xff\xfe", "no text in UTF-8"),
        (b"x = " + b"[" * 5000, "nested too deeply"),
        (OWN.encode() * 2, "two questions with the id"),
    ],
)
def test_a_file_with_a_fault_is_told_by_its_place_and_not_kept(
    booth: ServedBooth, staff: Signed, content: bytes, told: str
) -> None:
    answer = bring(staff, content)
    assert answer.status_code == 400
    assert told in answer.text
    assert not (booth.config.parent / "questions.toml").exists()
    assert not booth.config.exists()


def test_where_the_settings_cannot_be_changed_a_person_is_told_what_to_write(
    booth: ServedBooth, staff: Signed
) -> None:
    booth.config.write_text("[site\n")
    answer = bring(staff, OWN.encode())
    assert "Write below [site] in their file: questions =" in answer.text


def test_a_file_may_be_larger_than_other_requests_but_not_without_end(staff: Signed) -> None:
    large = OWN.encode() + b"# more\n" * 20_000
    assert bring(staff, large).status_code == 200
    assert bring(staff, b"#" * 300_000).status_code == 413
    assert staff.post("examine", more="x" * 70_000).status_code == 413
    assert staff.post("questions").status_code == 400


def test_a_file_of_the_settings_with_a_fault_is_told(booth: ServedBooth, staff: Signed) -> None:
    path = booth.config.parent / "theirs.toml"
    booth.config.write_text(f'[site]\nquestions = "{path}"\n')
    assert "It cannot be read: no such file" in staff.get("questions").text
    path.write_text(OWN.replace("text", "txet"))
    page = staff.get("questions").text
    assert "is left out" in page
    assert "key &#39;text&#39;" in page


@pytest.mark.parametrize("named", ["/dev/zero", "pipe", "folder", "large"])
def test_what_is_no_file_of_questions_is_told_and_never_read_without_end(
    booth: ServedBooth, staff: Signed, named: str
) -> None:
    path = booth.config.parent / named
    if named == "pipe":
        os.mkfifo(path)
    elif named == "folder":
        path.mkdir()
    elif named == "large":
        path.write_bytes(OWN.encode() + b"#" * 300_000)
    booth.config.write_text(f'[site]\nquestions = "{path}"\n')
    told = "it holds more than 256 KiB" if named == "large" else "it is no regular file"
    assert f"It cannot be read: {told}" in staff.get("questions").text
    with pytest.raises(WrongUsageError, match=f"cannot be read: {told}"):
        load_questions("en", path)


def test_a_file_from_windows_is_taken_by_the_panel_and_by_the_booth(
    booth: ServedBooth, staff: Signed
) -> None:
    assert bring(staff, b"\xef\xbb\xbf" + OWN.encode()).status_code == 200
    path = booth.config.parent / "questions.toml"
    assert "first-day" in {one.id for one in load_questions("en", path)}


def test_use_is_told_in_groups_of_five_and_never_of_fewer(
    store: Store, days: Days, staff: Signed
) -> None:
    assert "too few sessions to tell" in staff.get("numbers").text
    for _ in range(3):
        store.tallies.started()
    days.day += 1
    for _ in range(4):
        store.tallies.started()
        store.tallies.completed()
    page = staff.get("numbers").text
    assert "2026-02-16 – 2026-02-17" in page
    assert "<td>7</td><td>not told" in page
    assert "Nobody keeps any now." in page


def test_few_records_of_a_week_are_not_counted_out(
    store: Store, staff: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store.record, "count_by_week", lambda: ((2928, 7), (2929, 1)))
    page = staff.get("numbers").text
    assert "<td>7</td>" in page
    assert "<td>fewer than 5</td>" in page
    assert "<td>1</td>" not in page
