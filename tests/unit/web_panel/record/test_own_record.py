"""A person's own record on the screen: kept, opened, taken along, deleted, and forgotten."""

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from appliance.domain.settings import Settings, Storage
from appliance.interview.session_events import Kind, State, chose, consented
from appliance.storage.practice_code import Cost, new_code
from appliance.storage.store import Store
from tests.panel import ServedBooth, served
from web_panel.own_record import Shown

TRANSCRIPT = {"transcript": False}
TYPED = (
    "Last winter the heating of our hotel failed. I had to keep sixty guests warm, so I rang five "
    "hotels and carried twenty heaters to the rooms. In the end nobody left."
)


@pytest.fixture
def client(booth: ServedBooth) -> FlaskClient:
    return booth.app.test_client()


def does(booth: ServedBooth, client: FlaskClient, what: str, **fields: str) -> int:
    token = booth.panel.doors.kiosk_token
    return client.post(f"/kiosk/record/{what}", data={"token": token, **fields}).status_code


def answers(booth: ServedBooth) -> None:
    """Come to the report, with one typed answer."""
    booth.does(Kind.START)
    answers_from_welcome(booth)


def answers_from_welcome(booth: ServedBooth) -> None:
    booth.does(Kind.GO_ON, consented(voice=False, camera=False, expression=False))
    booth.does(chose("solved-problem"), Kind.ANSWER)
    booth.booth.type_answer(TYPED)
    booth.comes_to(State.REVIEW)
    booth.does(Kind.TO_REPORT)


def test_it_is_kept_once_under_a_new_code_that_the_screen_shows_until_they_go(
    booth: ServedBooth, client: FlaskClient, store: Store
) -> None:
    answers(booth)
    assert "Keep my progress" in client.get("/").text
    assert "Keep my words" in client.get("/?view=record").text
    assert does(booth, client, "keep") == 303
    code = booth.panel.record.shown.code
    assert code in client.get("/").text
    assert "Keep my progress" not in client.get("/").text
    does(booth, client, "keep")
    assert booth.panel.record.shown.code == code
    (summary,) = store.record.read(code)
    assert "heaters" not in summary.model_dump_json()
    booth.does(Kind.FINISH)
    assert code in client.get("/").text, "on the last screen, too"
    booth.does(Kind.LEAVE)
    booth.comes_to(State.ATTRACT)
    booth.does(Kind.START)
    for page in ("/", "/?view=record"):
        assert code not in client.get(page).text


def test_who_comes_again_sees_their_progress_adds_to_it_and_deletes_it(
    booth: ServedBooth, client: FlaskClient, store: Store
) -> None:
    code = new_code()
    for words in ("on", ""):
        answers(booth)
        does(booth, client, "keep", code=code, transcript=words)
        booth.does(Kind.LEAVE)
        booth.comes_to(State.ATTRACT)
    booth.does(Kind.START)
    assert does(booth, client, "open", code=code.upper().replace(" ", "-")) == 303
    page = client.get("/").text
    assert "Your progress" in page
    assert "Sessions: 2" in page
    assert page.count("<svg") >= 3
    assert "words/min" not in page
    assert "Concrete details" in client.get("/?view=record&page=1").text
    taken = booth.panel.record.file()
    assert taken is not None
    file = json.loads(taken.data)
    assert [one["attempts"][0]["transcript"] is None for one in file["sessions"]].count(True) == 1
    does(booth, client, "close")
    assert "What will happen" in client.get("/").text
    answers_from_welcome(booth)
    assert "added to the record that you opened" in client.get("/?view=record").text
    does(booth, client, "keep")
    assert len(store.record.read(code)) == 3
    booth.does(Kind.LEAVE)
    booth.comes_to(State.ATTRACT)
    booth.does(Kind.START)
    does(booth, client, "open", code=code)
    does(booth, client, "delete")
    assert "is deleted" in client.get("/").text
    assert store.record.read(code) == ()


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "A code has five words."),
        ("abandon ability able", "A code has five words."),
        ("abandon ability qqqq about above", "Word 3 is none"),
        ("abandon ability able about above", "Nothing is kept under this code."),
    ],
)
def test_a_code_that_opens_nothing_is_told_why(
    booth: ServedBooth, client: FlaskClient, typed: str, says: str
) -> None:
    booth.does(Kind.START)
    does(booth, client, "open", code=typed)
    page = client.get("/").text
    assert says in page
    assert "qqqq" not in page
    does(booth, client, "close")
    assert says not in client.get("/").text


def test_a_record_is_opened_and_kept_only_on_the_screens_for_it(
    booth: ServedBooth, client: FlaskClient
) -> None:
    assert does(booth, client, "open", code=new_code()) == 409
    booth.does(Kind.START)
    assert does(booth, client, "keep") == 409
    does(booth, client, "delete")
    does(booth, client, "take")
    assert booth.panel.record.shown.deleted == 0


class Held:
    """A call that goes on only when the test says so."""

    def __init__(self, call: Callable[..., Any]) -> None:
        self._call = call
        self.began, self.goes_on = threading.Event(), threading.Event()

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        self.began.set()
        assert self.goes_on.wait(10.0)
        return self._call(*arguments, **named)


def test_a_record_that_opens_after_its_person_went_is_not_shown(
    booth: ServedBooth, client: FlaskClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = new_code()
    answers(booth)
    does(booth, client, "keep", code=code)
    booth.does(Kind.LEAVE)
    booth.comes_to(State.ATTRACT)
    booth.does(Kind.START)
    held = Held(store.record.read)
    monkeypatch.setattr(store.record, "read", held)
    opening = threading.Thread(target=booth.panel.record.open, args=(code,))
    opening.start()
    assert held.began.wait(10.0)
    assert does(booth, client, "open", code=code) == 303, "a second tap does not wait for the first"
    booth.does(Kind.LEAVE)
    booth.comes_to(State.ATTRACT)
    booth.does(Kind.START)
    held.goes_on.set()
    opening.join()
    assert booth.panel.record.shown == Shown()
    assert "What will happen" in client.get("/").text


def test_what_is_kept_under_a_code_that_nobody_saw_is_deleted_again(
    booth: ServedBooth, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sum(count for _, count in store.record.count_by_week())
    answers(booth)
    held = Held(store.record.keep)
    monkeypatch.setattr(store.record, "keep", held)
    keeping = threading.Thread(target=booth.panel.record.keep, args=("",), kwargs=TRANSCRIPT)
    keeping.start()
    assert held.began.wait(10.0)
    booth.does(Kind.LEAVE)
    booth.comes_to(State.ATTRACT)
    held.goes_on.set()
    keeping.join()
    assert sum(count for _, count in store.record.count_by_week()) == before
    assert booth.panel.record.shown == Shown()


def test_a_report_that_is_offered_after_its_person_went_is_not(
    booth: ServedBooth, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers(booth)
    held = Held(booth.panel.desk.guide)
    monkeypatch.setattr(booth.panel.desk, "guide", held)
    offering = threading.Thread(target=booth.panel.home.offer_report)
    offering.start()
    assert held.began.wait(10.0)
    booth.does(Kind.LEAVE)
    booth.comes_to(State.ATTRACT)
    held.goes_on.set()
    offering.join()
    assert booth.panel.home.code is None


def test_a_wrong_code_or_an_open_record_does_not_stand_before_the_report(
    booth: ServedBooth, client: FlaskClient
) -> None:
    for code in ("one two", new_code()):
        booth.does(Kind.START)
        does(booth, client, "open", code=code)
        answers_from_welcome(booth)
        assert "Your practice today" in client.get("/").text
        does(booth, client, "keep", code=code)
        booth.does(Kind.LEAVE)
        booth.comes_to(State.ATTRACT)


def test_what_is_taken_along_is_what_was_open_and_closing_takes_the_offer_back(
    booth: ServedBooth, client: FlaskClient
) -> None:
    code = new_code()
    answers(booth)
    does(booth, client, "keep", code=code)
    booth.does(Kind.LEAVE)
    booth.comes_to(State.ATTRACT)
    booth.does(Kind.START)
    does(booth, client, "open", code=code)
    does(booth, client, "take")
    assert booth.panel.home.code is not None
    assert "works once" in client.get("/").text
    does(booth, client, "close")
    assert booth.panel.home.code is None


def test_a_disk_that_fails_stops_nothing(
    booth: ServedBooth, client: FlaskClient, store: Store, tmp_path: Path
) -> None:
    answers(booth)
    broken = Store(tmp_path, 90, time.time, time.monotonic, Cost(1, 1, 64))
    broken.close()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "record", broken.record)
        does(booth, client, "keep")
        assert "cannot reach what is kept" in client.get("/").text
    does(booth, client, "keep")
    assert booth.panel.record.shown.is_kept


def test_where_the_site_keeps_no_records_nothing_offers_it(models_dir: Path, sample: Path) -> None:
    settings = Settings(storage=Storage(practice_record=False))
    with served(models_dir, sample, settings) as booth:
        client = booth.app.test_client()
        booth.does(Kind.START)
        assert "practice code" not in client.get("/").text
        assert "What will happen" in client.get("/?view=record").text
        booth.does(Kind.LEAVE)
        booth.comes_to(State.ATTRACT)
        answers(booth)
        assert "Keep my progress" not in client.get("/").text
