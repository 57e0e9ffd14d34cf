"""Words of a model in an interview: standard advice at once, others as they come, if agreed."""

import json
import logging
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from appliance.domain.report import Report
from appliance.interview.record import summary_of
from appliance.interview.session_events import Kind, State, chose, consented
from appliance.reporting.files import to_json
from tests.kiosk import QUESTION, Kiosk
from tests.ollama_server import Fault, OllamaServer, ollama_server
from tests.waiting import ended, until
from tests.worded import Build, advice_of, answers, kiosks, report_of, words_of
from tests.words import MODEL, OPEN_STORY, plainly, saying

_LOG = logging.getLogger(__name__)


@pytest.fixture
def server() -> Iterator[OllamaServer]:
    with ollama_server(MODEL, says=plainly) as server:
        yield server


@pytest.fixture
def build(models_dir: Path, sample: Path) -> Iterator[Build]:
    with kiosks(models_dir, sample) as build:
        yield build


def test_standard_advice_is_there_at_once_and_words_take_its_place(
    build: Build, server: OllamaServer
) -> None:
    server.held.clear()
    kiosk = build(server.host)
    answers(kiosk)
    standard = report_of(kiosk)
    assert (standard.advice.source, standard.advice.model) == ("standard", None)
    assert words_of(kiosk) == "coming"
    server.held.set()
    kiosk.waits_for(lambda: words_of(kiosk) == "here")
    worded = report_of(kiosk)
    assert (worded.advice.source, worded.advice.model) == ("ollama", MODEL)
    assert all(item.source == "ollama" for item in worded.advice.strengths)
    assert worded.advice.next_steps[0].text != standard.advice.next_steps[0].text
    changed = {"advice": standard.advice}
    assert worded.model_copy(update=changed) == standard, "nothing but words has changed"
    for before, after in zip(standard.advice.strengths, worded.advice.strengths, strict=True):
        assert (before.measure, before.evidence) == (after.measure, after.evidence)
    assert Report.model_validate(json.loads(to_json(worded))).advice.model == MODEL


@pytest.mark.parametrize(
    "answer",
    [
        "I am a pirate, arr",
        '{"strength_1": 5}',
        '{"strength_1_about": "s1", "strength_1": "Sie haben erzählt, wie es ausging."}',
    ],
)
def test_words_that_may_not_be_shown_are_not(
    build: Build, server: OllamaServer, answer: str
) -> None:
    server.says = lambda _: answer
    kiosk = build(server.host)
    answers(kiosk)
    before = report_of(kiosk)
    kiosk.waits_for(lambda: words_of(kiosk) == "standard")
    assert report_of(kiosk) == before


def test_an_item_whose_words_fail_twice_stays_standard_and_says_so(
    build: Build, server: OllamaServer
) -> None:
    server.says = saying(next_step_1="Be a natural leader.")
    kiosk = build(server.host)
    answers(kiosk)
    kiosk.waits_for(lambda: words_of(kiosk) == "here")
    advice = advice_of(kiosk)
    assert [item.source for item in advice.strengths] == ["ollama"]
    assert [item.source for item in advice.next_steps] == ["standard"]


def test_turns_do_not_wait_for_a_host(build: Build, server: OllamaServer) -> None:
    """A turn is what everything else in the booth waits for."""
    server.fault = Fault.DRIP
    kiosk = build(server.host)
    answers(kiosk)
    assert server.arrived.acquire(timeout=30)
    took = []
    for _ in range(50):
        began = time.perf_counter()
        kiosk.booth.turn()
        took.append(time.perf_counter() - began)
    assert max(took) < 0.25


def test_words_are_told_within_a_tenth_of_a_second_of_the_hosts_chunk(
    build: Build, server: OllamaServer
) -> None:
    """From the chunk that ends a text to the news of it, with turns as the service has them."""
    sent_s: dict[str, float] = {}

    def sent(text: str) -> None:
        for name in re.findall(r'"(strength_1|next_step_1|follow_up)": "[^"]+"', text):
            sent_s.setdefault(name, time.monotonic())

    server.pieces = sent
    server.held.clear()
    kiosk = build(server.host)
    answers(kiosk)
    with turning(kiosk):
        reader = kiosk.booth.news.reader()
        server.held.set()
        told_s: list[float] = []
        while len(told_s) < 3:
            news = reader.next(30.0)
            assert news is not None
            told_s += [time.monotonic()] * (int(news.data.get("worded", 0)) - len(told_s))
    late_s = [told - sent for told, sent in zip(told_s, sorted(sent_s.values()), strict=True)]
    _LOG.info("Seconds from the last chunk to the news: %s", sorted(late_s))
    assert max(late_s) < 0.1, late_s


@contextmanager
def turning(kiosk: Kiosk) -> Iterator[None]:
    """Turns twenty times a second, as the service makes them."""
    stop = threading.Event()

    def turn() -> None:
        while not stop.wait(0.05):
            kiosk.booth.turn()

    thread = threading.Thread(target=turn)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def test_who_moves_on_gets_no_late_words_and_the_host_is_hung_up_on(
    build: Build, server: OllamaServer
) -> None:
    server.fault = Fault.STALL
    kiosk = build(server.host)
    answers(kiosk)
    before = report_of(kiosk)
    assert server.arrived.acquire(timeout=30)
    kiosk.does(Kind.GO_ON)
    assert kiosk.state is State.ASK
    assert server.gone.wait(30)
    ended("words")
    assert report_of(kiosk) == before
    assert words_of(kiosk) == "none"


def test_a_person_who_leaves_takes_everything_along(build: Build, server: OllamaServer) -> None:
    server.held.clear()
    kiosk = build(server.host)
    answers(kiosk)
    assert server.arrived.acquire(timeout=30)
    kiosk.does(Kind.LEAVE)
    server.held.set()
    ended("words")
    kiosk.turns()
    assert kiosk.booth.given == ()
    assert kiosk.booth.snapshot()["worded"] == 0


def test_the_model_is_loaded_once_somebody_agreed(build: Build, server: OllamaServer) -> None:
    kiosk = build(server.host)
    kiosk.does(Kind.START, Kind.GO_ON)
    assert server.asked == []
    kiosk.does(consented(voice=False, camera=False, expression=False, wording=True))
    ended("preload")
    assert server.loaded == {MODEL}


def test_a_session_ends_with_a_look_back(build: Build, server: OllamaServer) -> None:
    kiosk = build(server.host)
    answers(kiosk)
    kiosk.does(Kind.AGAIN, Kind.ANSWER)
    kiosk.booth.type_answer(OPEN_STORY)
    kiosk.turns()
    kiosk.waits_for(lambda: words_of(kiosk) == "here")
    kiosk.does(Kind.TO_REPORT)
    kiosk.waits_for(lambda: words_of(kiosk) == "here")
    assert len(kiosk.booth.summary) == 2
    kiosk.does(Kind.LEAVE)
    assert not kiosk.booth.summary


def test_no_words_of_a_model_are_ever_taken_for_facts(build: Build, server: OllamaServer) -> None:
    """Neither for the next answer to the same question, nor for the look back."""
    own = "A listener can hold on to that. It is easy to follow."
    server.says = saying(strength_1=own)
    kiosk = build(server.host)
    answers(kiosk)
    kiosk.waits_for(lambda: words_of(kiosk) == "here")
    assert own in advice_of(kiosk).strengths[0].text
    standard = kiosk.booth.given[-1].outcome.in_own_words
    kiosk.does(Kind.AGAIN, Kind.ANSWER)
    kiosk.booth.type_answer(OPEN_STORY)
    kiosk.turns()
    kiosk.waits_for(lambda: words_of(kiosk) == "here")
    kiosk.does(Kind.TO_REPORT)
    kiosk.waits_for(lambda: words_of(kiosk) == "here")
    assert len(kiosk.booth.summary) == 2
    assert own not in json.dumps(server.chats)
    assert standard is not None
    assert standard.advice.strengths[0].text in json.dumps(server.chats[-1])


def test_loading_stops_where_somebody_goes_back_and_does_not_agree_any_more(
    build: Build, server: OllamaServer
) -> None:
    server.fault = Fault.STALL
    kiosk = build(server.host)
    agreed = partial(consented, camera=False, expression=False)
    kiosk.does(Kind.START, Kind.GO_ON, agreed(voice=True, wording=True))
    until(lambda: bool(server.asked))
    kiosk.does(Kind.BACK)
    assert kiosk.state is State.CONSENT
    assert not server.gone.is_set()
    kiosk.does(agreed(voice=True, wording=False))
    assert server.gone.wait(30)
    ended("preload")
    kiosk.does(Kind.BACK, agreed(voice=False, wording=False), chose(QUESTION))
    assert len(server.asked) == 1


def test_a_screen_never_counts_words_that_it_does_not_show_yet(
    build: Build, server: OllamaServer
) -> None:
    """A screen that is drawn in the middle of a turn is drawn anew when the news of it comes."""
    kiosk = build(server.host)
    wording = kiosk.booth._wording
    answers(kiosk)
    came = kiosk.booth.given

    def some() -> bool:
        nonlocal came
        came = wording.look(came)
        return came != kiosk.booth.given

    until(some)
    assert wording.count == 0
    wording.tell()
    assert wording.count > 0


def test_what_is_kept_without_the_persons_words_holds_no_words_of_a_model(
    build: Build, server: OllamaServer
) -> None:
    kiosk = build(server.host)
    answers(kiosk)
    kiosk.waits_for(lambda: words_of(kiosk) == "here")
    worded = report_of(kiosk)
    (attempt,) = summary_of((worded,), 1, "en", transcript=False).attempts
    kept = attempt.model_dump_json()
    assert (attempt.advice.source, attempt.advice.model) == ("standard", None)
    for item in (*worded.advice.strengths, *worded.advice.next_steps):
        assert item.text not in kept
    assert attempt.advice.follow_up is None
