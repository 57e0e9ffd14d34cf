"""The booth's screen on a terminal."""

from types import SimpleNamespace
from typing import Any

import pytest

from appliance.interview.answer import Outcome
from appliance.interview.session import Consent
from appliance.interview.session_events import State
from appliance.operations.terminal_screen import TerminalScreen


class Shown:
    """A booth that is what the test says, and what its screen shows."""

    def __init__(self) -> None:
        self.now: dict[str, Any] = {
            "state": "attract",
            "place": None,
            "questions": 0,
            "attempt": 1,
            "question": None,
            "faults": {},
            "left_s": None,
            "face_in_view": None,
            "heard": None,
            "sensing": False,
            "level_dbfs": -30,
            "too_loud": False,
            "hint": "none",
            "cue": "none",
            "captions": "",
        }
        self.booth: Any = SimpleNamespace(
            snapshot=lambda: dict(self.now), proposed=Consent(voice=True, camera=True), given=()
        )
        self.written: list[str] = []
        self.screen = TerminalScreen(self.written.append)

    def show(self, **now: Any) -> str:
        """What is written when this changes."""
        self.now |= now
        self.written.clear()
        self.screen.show(self.booth)
        return "".join(self.written)


@pytest.fixture
def shown() -> Shown:
    return Shown()


def test_it_is_written_once_until_something_changes(shown: Shown) -> None:
    assert "Practise an interview. Nothing is kept. (space: start)" in shown.show()
    assert shown.show() == ""


def test_the_time_that_is_left_is_kept_up_below(shown: Shown) -> None:
    assert "2:05 left" in shown.show(state="ask", left_s=125.9)
    assert shown.show(left_s=124.9) == "\r\x1b[K2:04 left"


@pytest.mark.parametrize("state", State)
def test_every_state_has_a_screen(shown: Shown, state: State) -> None:
    text = shown.show(state=state.value, place=1, questions=3)
    assert "{" not in text
    assert len(text) > 10 or state in {State.REVIEW, State.COMPARE}


def test_the_question_is_shown(shown: Shown) -> None:
    question = {"text": "Tell me about a time."}
    text = shown.show(state="ask", place=2, questions=3, question=question)
    assert "Question 2 of 3: Tell me about a time." in text
    assert "space: go on · s: skip · w: stop, and wipe" in text


def test_what_one_agrees_to_is_shown_before(shown: Shown) -> None:
    text = shown.show(state="consent")
    assert "your voice is heard: yes" in text
    assert "is estimated: no" in text


def test_what_is_heard_and_seen_is_told(shown: Shown) -> None:
    text = shown.show(
        state="listen",
        sensing=True,
        face_in_view=False,
        hint="still_thinking",
        captions="and then we " + "word " * 20,
        too_loud=True,
    )
    assert "you are out of view · -30 dBFS, too loud · still thinking? · … " in text
    assert "and then" not in text
    assert "we can see you · we can hear you" in shown.show(face_in_view=True, heard=True)
    assert "say something" in shown.show(heard=False)


def test_faults_are_told_with_what_to_do(shown: Shown) -> None:
    text = shown.show(faults={"camera": "There is no camera. Plug it in."})
    assert "! camera: There is no camera. Plug it in." in text


def test_an_answer_that_was_not_understood_is_told(shown: Shown) -> None:
    shown.booth.given = (SimpleNamespace(outcome=Outcome(None, "The model failed.")),)
    text = shown.show(state="review")
    assert "This answer could not be understood. The model failed." in text


def test_it_leaves_a_clean_line(shown: Shown) -> None:
    shown.show()
    shown.written.clear()
    shown.screen.close()
    assert shown.written == ["\r\x1b[K"]
