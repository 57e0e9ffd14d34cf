"""The choice of words from the building's network on the screen, and the words as they come."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.domain.settings import Ollama, Settings
from appliance.interview.session_events import Kind, State, chose, consented
from tests.api import Program
from tests.ollama_server import Fault, OllamaServer, ollama_server
from tests.panel import ServedBooth, served
from tests.waiting import until
from tests.words import MODEL, OPEN_STORY, plainly, saying


@pytest.fixture
def server() -> Iterator[OllamaServer]:
    with ollama_server(MODEL, says=plainly) as server:
        yield server


@pytest.fixture
def booth(models_dir: Path, sample: Path, server: OllamaServer) -> Iterator[ServedBooth]:
    settings = Settings(ollama=Ollama(hosts=(server.host,), model=MODEL))
    with served(models_dir, sample, settings) as one:
        yield one


def page(booth: ServedBooth) -> str:
    with booth.app.test_client() as client:
        client.get("/", base_url=booth.address)
        return client.get("/", base_url=booth.address).get_data(as_text=True)


def answers(booth: ServedBooth, *, wording: bool = True) -> None:
    agreed = consented(voice=False, camera=False, expression=False, wording=wording)
    booth.does(Kind.START, Kind.GO_ON, agreed, chose("solved-problem"), Kind.ANSWER)
    booth.booth.type_answer(OPEN_STORY)
    booth.comes_to(State.REVIEW)


def words_are(booth: ServedBooth, state: str) -> None:
    until(lambda: booth.booth.snapshot()["wording"] == state)


def test_the_choice_stands_there_only_where_a_site_has_a_host(
    booth: ServedBooth, models_dir: Path, sample: Path
) -> None:
    booth.does(Kind.START, Kind.GO_ON)
    shown = page(booth)
    assert 'name="wording"' in shown
    assert "The text of your answers goes there." in shown
    assert 'name="wording" aria-labelledby="wording-title" aria-describedby="wording-says" >' in (
        shown
    ), "off by default"
    with served(models_dir, sample) as other:
        other.does(Kind.START, Kind.GO_ON)
        assert 'name="wording"' not in page(other)


def test_standard_feedback_is_called_so_until_words_come(
    booth: ServedBooth, server: OllamaServer
) -> None:
    server.held.clear()
    answers(booth)
    words_are(booth, "coming")
    assert "Standard feedback. Words for your own answer are on their way." in page(booth)
    server.held.set()
    words_are(booth, "here")
    shown = page(booth)
    assert f"Worded by the language model {MODEL} in this building." in shown
    assert "Standard feedback." not in shown


def test_words_that_cannot_be_had_leave_standard_feedback(
    booth: ServedBooth, server: OllamaServer
) -> None:
    server.fault = Fault.BUSY
    answers(booth)
    words_are(booth, "standard")
    shown = page(booth)
    assert "Standard feedback.</p>" in shown
    assert "Worded by" not in shown


def test_one_piece_that_stayed_standard_says_so_of_itself(
    booth: ServedBooth, server: OllamaServer
) -> None:
    server.says = saying(next_step_1="Be a leader.")
    answers(booth)
    words_are(booth, "here")
    assert page(booth).count("Standard feedback.") == 1


def test_who_did_not_agree_is_told_that_feedback_is_standard(booth: ServedBooth) -> None:
    answers(booth, wording=False)
    assert "Standard feedback.</p>" in page(booth)


def test_the_last_page_looks_back(booth: ServedBooth) -> None:
    answers(booth)
    booth.does(Kind.AGAIN, Kind.ANSWER)
    booth.booth.type_answer(OPEN_STORY)
    booth.comes_to(State.COMPARE)
    words_are(booth, "here")
    booth.does(Kind.TO_REPORT)
    words_are(booth, "here")
    assert "Looking back" in page(booth)


def test_what_a_model_says_is_text_and_no_markup(booth: ServedBooth, server: OllamaServer) -> None:
    server.says = saying(next_step_1="<script>alert(1)</script> Say how it ended.")
    answers(booth)
    words_are(booth, "here")
    assert "alert(1)" not in page(booth)


def test_a_program_agrees_by_the_api_and_sees_how_it_is(
    booth: ServedBooth, server: OllamaServer
) -> None:
    program = Program(booth)
    booth.does(Kind.START, Kind.GO_ON)
    assert program.looks()["wording"] == "none"
    agreed = {"voice": False, "camera": False, "expression": False, "wording": True}
    assert program.does("PUT", "/session/consent", agreed).get_json()["consent"] == agreed
    booth.does(chose("solved-problem"), Kind.ANSWER)
    program.looks()
    program.does("POST", "/session/answer", {"text": OPEN_STORY})
    words_are(booth, "here")
    assert program.looks()["worded"] == 3
