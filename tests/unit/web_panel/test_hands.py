"""What a person does counts once, and only on the screen that they saw."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.interview.session_events import Kind, consented
from tests.panel import ServedBooth, served
from web_panel.hands import Hands, Taken
from web_panel.person import Person
from web_panel.screens import version_of
from web_panel.visit import Visit


@pytest.fixture
def booth(models_dir: Path, sample: Path) -> Iterator[ServedBooth]:
    with served(models_dir, sample) as one:
        yield one


@pytest.fixture
def hands(booth: ServedBooth) -> Hands:
    return Hands(booth.panel.desk, Visit(Person()))


def version(booth: ServedBooth) -> str:
    return version_of(booth.booth.snapshot())


def test_what_is_done_on_the_screen_that_is_there_is_taken_at_once(
    booth: ServedBooth, hands: Hands
) -> None:
    assert hands.act(version(booth), "start") is Taken.DONE
    assert booth.booth.session.state == "welcome"


def test_a_screen_that_is_gone_takes_nothing(booth: ServedBooth, hands: Hands) -> None:
    first = version(booth)
    hands.act(first, "start")
    assert hands.act(first, "leave") is Taken.PASSED
    assert hands.keep_draft(first, "a word") is Taken.PASSED
    assert booth.booth.session.state == "welcome"


def test_what_means_nothing_is_told_without_waiting_and_the_next_tap_is_the_second(
    booth: ServedBooth, hands: Hands
) -> None:
    assert hands.act(version(booth), "finish") is Taken.IGNORED
    assert hands.act(version(booth), "start") is Taken.TWICE
    assert booth.booth.session.state == "attract"


def test_a_choice_without_questions_leaves_the_screen_to_another(
    booth: ServedBooth, hands: Hands
) -> None:
    booth.does(Kind.START, Kind.GO_ON, consented(voice=False, camera=False, expression=False))
    assert hands.choose(version(booth), "retail", None, 0) is Taken.NO_QUESTIONS
    assert hands.choose(version(booth), "retail", None, 3) is Taken.DONE
    assert booth.booth.session.state == "ask"


def test_a_language_from_a_screen_that_is_gone_holds_for_nobody(booth: ServedBooth) -> None:
    visit = Visit(Person())
    hands = Hands(booth.panel.desk, visit)
    assert hands.speak("welcome-0-1-0", "de")
    assert visit.language == ""
    assert booth.booth.session.state == "attract"
    assert hands.speak(version(booth), "de")
    assert (visit.language, booth.booth.session.state) == ("de", "welcome")
    assert not hands.speak(version(booth), "xx")
