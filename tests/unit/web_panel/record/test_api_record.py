"""A person's own record by the API: kept, read and deleted by the code alone."""

import pytest

from appliance.interview.session_events import Kind, State, chose, consented
from appliance.storage.practice_code import new_code
from tests.api import Program, code_of
from tests.kiosk import QUESTION
from tests.panel import ServedBooth

KEEP = {"code": "", "transcript": True}


@pytest.fixture
def program(booth: ServedBooth) -> Program:
    return Program(booth)


def test_what_was_measured_is_kept_opened_and_deleted(booth: ServedBooth, program: Program) -> None:
    booth.does(Kind.START, Kind.GO_ON, consented(voice=False, camera=False, expression=False))
    booth.does(chose(QUESTION), Kind.ANSWER)
    booth.booth.type_answer("I wrote a plan, and we followed it until the shop was open again.")
    booth.comes_to(State.REVIEW)
    booth.does(Kind.TO_REPORT)
    code = program.does("POST", "/record/keep", KEEP).get_json()["code"]
    again = program.does("POST", "/record/keep", KEEP).get_json()
    assert (again["code"], again["is_kept"], again["sessions"]) == (code, True, [])
    booth.does(Kind.LEAVE)
    booth.comes_to(State.ATTRACT)
    assert program.gets("/record").get_json() == {"code": "", "is_kept": False, "sessions": []}
    booth.does(Kind.START)
    (session,) = program.does("POST", "/record/open", {"code": code}).get_json()["sessions"]
    assert session["attempts"][0]["question"] == QUESTION
    assert "shop" in session["attempts"][0]["transcript"]
    assert program.gets("/record").get_json()["code"] == code
    assert program.does("DELETE", "/record").get_json() == {"sessions": 1}
    assert program.does("POST", "/record/close").status_code == 204
    answer = program.does("POST", "/record/open", {"code": code})
    assert (answer.status_code, code_of(answer)) == (404, "unknown_code")


def test_a_wrong_code_and_a_wrong_screen_are_told_apart(
    booth: ServedBooth, program: Program
) -> None:
    answer = program.does("POST", "/record/open", {"code": new_code()})
    assert (answer.status_code, code_of(answer)) == (409, "means_nothing")
    answer = program.does("POST", "/record/keep", KEEP)
    assert (answer.status_code, code_of(answer)) == (409, "means_nothing")
    booth.does(Kind.START)
    answer = program.does("POST", "/record/open", {"code": "marigold and um"})
    assert (answer.status_code, code_of(answer)) == (422, "wrong_code")
    assert "marigold" not in answer.text
    assert program.does("POST", "/record/open", {"code": "a" * 121}).status_code == 422
