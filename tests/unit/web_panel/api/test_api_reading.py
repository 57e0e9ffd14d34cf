"""What there is to read besides the session, and the offer to take it home."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.domain.questions import SET_LENGTHS
from appliance.domain.report import RatingGuide
from appliance.interview.session_events import Kind, State, chose, consented
from tests.api import Program, code_of
from tests.kiosk import QUESTION
from tests.panel import ServedBooth, served


@pytest.fixture
def booth(models_dir: Path, sample: Path) -> Iterator[ServedBooth]:
    with served(models_dir, sample) as one:
        yield one


@pytest.fixture
def program(booth: ServedBooth) -> Program:
    return Program(booth)


def answers_in_writing(booth: ServedBooth, text: str) -> None:
    booth.does(
        Kind.START,
        Kind.GO_ON,
        consented(voice=False, camera=False, expression=False),
        chose(QUESTION),
        Kind.ANSWER,
    )
    booth.booth.type_answer(text)
    booth.comes_to(State.REVIEW)


def test_the_choices_are_those_of_the_screen(booth: ServedBooth, program: Program) -> None:
    told = program.gets("/choices").get_json()
    there = booth.panel.desk.choices
    assert told == {
        "roles": list(there.roles),
        "focuses": list(there.focuses),
        "lengths": list(SET_LENGTHS),
    }


def test_the_guide_tells_how_ratings_are_made(booth: ServedBooth, program: Program) -> None:
    told = RatingGuide.model_validate(program.gets("/guide").get_json())
    assert told == booth.panel.desk.guide()


def test_what_could_not_be_rated_says_why(booth: ServedBooth, program: Program) -> None:
    answers_in_writing(booth, "No.")
    (answer,) = program.gets("/answers").get_json()["answers"]
    assert answer["question"] == QUESTION
    assert (answer["number"], answer["attempt"], answer["rated"]) == (0, 1, False)
    assert answer["wrong"].endswith(".")


def test_a_report_is_taken_home_by_an_address_once_there_is_one(
    booth: ServedBooth, program: Program
) -> None:
    nothing = program.does("POST", "/take-away")
    assert (nothing.status_code, code_of(nothing)) == (409, "nothing_to_take")
    answers_in_writing(booth, "I wrote a plan, and we followed it until the shop was open again.")
    offer = program.does("POST", "/take-away").get_json()
    assert offer["address"].startswith(f"{booth.address}/take/")
    assert offer["lasts_s"] == 600
    path = offer["address"].removeprefix(booth.address)
    assert booth.app.test_client().get(path).status_code == 200
