"""An interview by the API alone: it counts once, and only on the screen that was seen."""

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from appliance.interview.session_events import Kind
from appliance.reporting.files import to_json
from tests.api import Program, code_of
from tests.panel import ServedBooth, served
from tests.waiting import until
from web_panel.hands import Act

NOTHING = {"voice": False, "camera": False, "expression": False, "wording": False}
CHOICE = {"role": "retail", "focus": None, "count": 3}
ANSWER = (
    "Last summer the till in our shop broke on a Saturday. I wrote every sale on paper, asked a "
    "colleague to look after the queue, and we lost no sale. The manager kept my list for later."
)


@pytest.fixture
def booth(models_dir: Path, sample: Path) -> Iterator[ServedBooth]:
    with served(models_dir, sample) as one:
        yield one


@pytest.fixture
def program(booth: ServedBooth) -> Program:
    return Program(booth)


def test_a_whole_interview_in_writing(booth: ServedBooth, program: Program) -> None:
    assert program.looks()["state"] == "attract"
    assert program.acts("start").get_json()["state"] == "welcome"
    assert program.acts("go_on").get_json()["state"] == "consent"
    proposed = program.does("PUT", "/session/proposal", NOTHING).get_json()
    assert proposed["proposed"] == NOTHING
    assert program.does("PUT", "/session/consent", NOTHING).get_json()["state"] == "choose"
    asked = program.does("PUT", "/session/choice", CHOICE).get_json()
    assert (asked["state"], asked["place"], asked["questions"]) == ("ask", 1, 3)
    assert set(asked["question"]) == {"id", "competency", "role", "text"}
    listening = program.acts("answer").get_json()
    assert (listening["state"], listening["typed"]) == ("listen", True)
    assert program.does("PUT", "/session/draft", {"text": "Last summer"}).status_code == 200
    assert program.gets("/session/draft").get_json() == {"text": "Last summer"}
    assert program.does("POST", "/session/answer", {"text": ANSWER}).status_code == 200
    until(lambda: program.looks()["state"] == "review")
    (answer,) = program.gets("/answers").get_json()["answers"]
    assert (answer["number"], answer["question"]) == (0, asked["question"]["id"])
    assert answer["rated"] is (answer["wrong"] is None)
    report = booth.booth.given[0].outcome.report
    assert report is not None
    assert report.transcript is not None
    assert program.gets("/answers/0").text == to_json(report)
    assert ANSWER[:20] in program.gets("/answers/0").text
    assert program.acts("leave").get_json()["state"] in {"wiped", "attract"}
    until(lambda: program.looks()["state"] == "attract")
    assert program.gets("/answers").get_json() == {"answers": []}
    assert program.gets("/answers/0").status_code == 404
    assert program.gets("/session/draft").get_json() == {"text": ""}


def test_who_does_not_say_on_which_screen_is_asked_to(booth: ServedBooth, program: Program) -> None:
    for method, path, body in (
        ("POST", "/session/acts", {"act": "start"}),
        ("PUT", "/session/consent", NOTHING),
        ("PUT", "/session/choice", CHOICE),
        ("POST", "/session/answer", {"text": ANSWER}),
        ("PUT", "/session/draft", {"text": ANSWER}),
    ):
        answer = program.does(method, path, body)
        assert (answer.status_code, code_of(answer)) == (428, "precondition_required"), path
    assert booth.booth.session.state == "attract"


@pytest.mark.parametrize("seen", ['"welcome-0-1-0"', 'W/"attract-0-1-0"', "*"])
def test_another_screen_than_that_which_is_there_takes_nothing(
    booth: ServedBooth, program: Program, seen: str
) -> None:
    program.seen = seen
    answer = program.acts("start")
    assert (answer.status_code, code_of(answer)) == (412, "another_screen")
    assert booth.booth.session.state == "attract"


def test_a_screen_takes_one_act_and_one_that_means_nothing_is_told(
    booth: ServedBooth, program: Program
) -> None:
    program.looks()
    ignored = program.acts("finish")
    assert (ignored.status_code, code_of(ignored)) == (409, "means_nothing")
    second = program.acts("start")
    assert (second.status_code, code_of(second)) == (409, "done_twice")
    assert booth.booth.session.state == "attract"


def test_a_screen_that_was_left_takes_no_second_act(booth: ServedBooth, program: Program) -> None:
    program.looks()
    first = program.seen
    assert program.acts("start").status_code == 200
    assert program.seen != first
    program.seen = first
    assert program.acts("leave").status_code == 412
    assert booth.booth.session.state == "welcome"


def test_who_is_still_there_says_so_on_any_screen(booth: ServedBooth, program: Program) -> None:
    booth.does(Kind.START)
    before = booth.booth.session.deadline_s
    answer = program.acts("active")
    assert answer.status_code == 200
    until(lambda: booth.booth.session.deadline_s != before)


def test_every_act_is_an_event_of_the_interview() -> None:
    assert {Kind(act) for act in get_args(Act)} <= set(Kind)


def test_a_program_chooses_the_language_of_the_screen(booth: ServedBooth, program: Program) -> None:
    answer = program.does("PUT", "/session/language", {"language": "xx"})
    assert (answer.status_code, code_of(answer)) == (404, "unknown_language")
    assert program.looks()["state"] == "attract"
    told = program.does("PUT", "/session/language", {"language": "de"}).get_json()
    assert told["state"] == "welcome"
    assert program.does("PUT", "/session/language", {"language": "es"}).status_code == 200
    assert program.acts("go_on").get_json()["state"] == "consent", "choosing was no act"
    assert "cabina" in booth.app.test_client().get("/").text


def test_what_helps_a_person_counts_where_they_are_asked_and_for_them_alone(
    booth: ServedBooth, program: Program
) -> None:
    names = ("longer_pauses", "no_fillers", "no_pace", "no_gaze", "larger_text")
    everything, nothing = dict.fromkeys(names, True), dict.fromkeys(names, False)
    assert program.does("PUT", "/session/needs", everything).get_json() == nothing
    booth.does(Kind.START, Kind.GO_ON)
    assert program.does("PUT", "/session/needs", everything).get_json() == everything
    assert booth.booth.accommodations.silence_factor == 3.0
    assert 'class="larger"' in booth.app.test_client().get("/").text
    booth.does(Kind.LEAVE)
    until(lambda: program.looks()["state"] == "attract")
    assert program.gets("/session/needs").get_json() == nothing
