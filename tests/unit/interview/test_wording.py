"""Words of a model in an interview: standard advice at once, others as they come, if agreed."""

import json
import logging
import re
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from appliance.domain.report import Advice, Report
from appliance.domain.settings import Ollama, Settings
from appliance.interview.record import summary_of
from appliance.interview.session_events import Kind, State, chose, consented
from appliance.reporting.files import to_json
from tests.kiosk import QUESTION, Kiosk
from tests.ollama_server import Fault, OllamaServer, nobody_listens, ollama_server
from tests.waiting import ended, until
from tests.words import MODEL, OPEN_STORY, plainly, saying

_LOG = logging.getLogger(__name__)


class Clock:
    """The steady clock, moved on by the test."""

    def __init__(self) -> None:
        self.added_s = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.added_s


@pytest.fixture
def server() -> Iterator[OllamaServer]:
    with ollama_server(MODEL, says=plainly) as server:
        yield server


@pytest.fixture
def build(models_dir: Path, sample: Path) -> Iterator[Callable[..., Kiosk]]:
    kiosks: list[Kiosk] = []

    def built(*hosts: str, **more: Any) -> Kiosk:
        settings = Settings(ollama=Ollama.model_validate({"hosts": hosts, "model": MODEL}))
        kiosks.append(Kiosk(models_dir, sample, None, settings, **more))
        return kiosks[-1]

    yield built
    for kiosk in kiosks:
        kiosk.booth.close()
        assert kiosk.equipment.stop()


def answers(kiosk: Kiosk, *, wording: bool = True, text: str = OPEN_STORY) -> None:
    """A person comes, agrees, and types one answer."""
    agreed = consented(voice=False, camera=False, expression=False, wording=wording)
    kiosk.does(Kind.START, Kind.GO_ON, agreed, chose(QUESTION, "plan-school-and-more"))
    kiosk.does(Kind.ANSWER)
    kiosk.booth.type_answer(text)
    kiosk.turns()
    assert kiosk.state is State.REVIEW


def report_of(kiosk: Kiosk) -> Report:
    report = kiosk.booth.given[-1].outcome.report
    assert report is not None
    return report


def advice_of(kiosk: Kiosk) -> Advice:
    return report_of(kiosk).advice


def words_of(kiosk: Kiosk) -> str:
    return str(kiosk.booth.snapshot()["wording"])


def test_standard_advice_is_there_at_once_and_words_take_its_place(
    build: Callable[..., Kiosk], server: OllamaServer
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


@pytest.mark.parametrize("fault", [one for one in Fault if one is not Fault.NONE])
def test_whatever_the_host_does_useful_advice_is_there_within_the_deadline(
    build: Callable[..., Kiosk], server: OllamaServer, fault: Fault
) -> None:
    clock = Clock()
    server.fault, server.elsewhere = fault, "http://127.0.0.1:9"
    kiosk = build(server.host, interview_clock=clock)
    answers(kiosk)
    before = advice_of(kiosk)
    assert before.strengths
    assert before.next_steps
    kiosk.turns()
    clock.added_s += 21
    kiosk.waits_for(lambda: words_of(kiosk) in {"here", "standard"})
    after = advice_of(kiosk)
    assert len(after.strengths) == len(before.strengths)
    assert all(item.text for item in (*after.strengths, *after.next_steps))
    ended("words")
    kiosk.does(Kind.GO_ON)
    assert kiosk.state is State.ASK


@pytest.mark.parametrize(
    "answer",
    [
        "I am a pirate, arr",
        '{"strength_1": 5}',
        '{"strength_1_about": "s1", "strength_1": "Sie haben erzählt, wie es ausging."}',
    ],
)
def test_words_that_may_not_be_shown_are_not(
    build: Callable[..., Kiosk], server: OllamaServer, answer: str
) -> None:
    server.says = lambda _: answer
    kiosk = build(server.host)
    answers(kiosk)
    before = report_of(kiosk)
    kiosk.waits_for(lambda: words_of(kiosk) == "standard")
    assert report_of(kiosk) == before


def test_an_item_whose_words_fail_twice_stays_standard_and_says_so(
    build: Callable[..., Kiosk], server: OllamaServer
) -> None:
    server.says = saying(next_step_1="Be a natural leader.")
    kiosk = build(server.host)
    answers(kiosk)
    kiosk.waits_for(lambda: words_of(kiosk) == "here")
    advice = advice_of(kiosk)
    assert [item.source for item in advice.strengths] == ["ollama"]
    assert [item.source for item in advice.next_steps] == ["standard"]


def test_nobody_listens(build: Callable[..., Kiosk]) -> None:
    with nobody_listens() as host:
        kiosk = build(host)
        answers(kiosk)
        kiosk.waits_for(lambda: words_of(kiosk) == "standard")
        assert advice_of(kiosk).source == "standard"


def test_turns_do_not_wait_for_a_host(build: Callable[..., Kiosk], server: OllamaServer) -> None:
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
    build: Callable[..., Kiosk], server: OllamaServer
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
    build: Callable[..., Kiosk], server: OllamaServer
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


def test_a_person_who_leaves_takes_everything_along(
    build: Callable[..., Kiosk], server: OllamaServer
) -> None:
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


def test_the_model_is_loaded_once_somebody_agreed(
    build: Callable[..., Kiosk], server: OllamaServer
) -> None:
    kiosk = build(server.host)
    kiosk.does(Kind.START, Kind.GO_ON)
    assert server.asked == []
    kiosk.does(consented(voice=False, camera=False, expression=False, wording=True))
    ended("preload")
    assert server.loaded == {MODEL}


def test_a_session_ends_with_a_look_back(build: Callable[..., Kiosk], server: OllamaServer) -> None:
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


def test_what_is_kept_without_the_persons_words_holds_no_words_of_a_model(
    build: Callable[..., Kiosk], server: OllamaServer
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


# ------------------------------------------------------------ what leaves the booth

_ADDRESSES: list[Any] = []
_WATCHING = threading.Event()


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect" and _WATCHING.is_set():
        _ADDRESSES.append(arguments[1])


@pytest.fixture
def connections() -> Iterator[list[Any]]:
    """Every address to which this process connects meanwhile."""
    if not getattr(sys, "_booth_words_hook", False):
        sys.addaudithook(_note)
        sys._booth_words_hook = True  # type: ignore[attr-defined]
    _ADDRESSES.clear()
    _WATCHING.set()
    yield _ADDRESSES
    _WATCHING.clear()


def whole_interview(kiosk: Kiosk, *, wording: bool) -> None:
    answers(kiosk, wording=wording)
    kiosk.waits_for(lambda: words_of(kiosk) != "coming")
    kiosk.does(Kind.TO_REPORT)
    kiosk.waits_for(lambda: words_of(kiosk) != "coming")
    kiosk.does(Kind.FINISH, Kind.FINISH)
    ended("words")
    ended("preload")


def test_the_only_connections_are_to_the_host_and_hold_answer_and_question_alone(
    build: Callable[..., Kiosk], server: OllamaServer, connections: list[Any]
) -> None:
    kiosk = build(server.host)
    whole_interview(kiosk, wording=True)
    assert set(connections) == {("127.0.0.1", server.port)}
    assert {one.path for one in server.asked} == {"/api/chat"}
    for one in server.asked:
        assert set(one.body) <= {
            *("model", "messages", "tools", "stream", "format", "keep_alive", "options")
        }
        assert not one.body["tools"]
        assert set(one.headers) <= {
            *("host", "accept", "accept-encoding", "connection", "user-agent"),
            *("content-type", "content-length"),
        }
    sent = json.dumps([one.body for one in server.asked], ensure_ascii=False)
    assert "bike shop in Leeds" in sent
    for never in (socket.gethostname(), "booth-", "rating", "yaw", "smile", "presence"):
        assert f'"{never}' not in sent


def test_without_consent_nothing_is_sent_at_all(
    build: Callable[..., Kiosk], server: OllamaServer, connections: list[Any]
) -> None:
    kiosk = build(server.host)
    whole_interview(kiosk, wording=False)
    assert connections == []
    assert server.asked == []


def test_without_a_host_nobody_can_agree_to_it(
    build: Callable[..., Kiosk], connections: list[Any]
) -> None:
    kiosk = build()
    whole_interview(kiosk, wording=True)
    assert kiosk.booth.session.consent.wording is False
    assert connections == []


def test_one_persons_consent_is_not_the_next_persons(
    build: Callable[..., Kiosk], server: OllamaServer
) -> None:
    kiosk = build(server.host)
    whole_interview(kiosk, wording=True)
    until(lambda: kiosk.state is State.ATTRACT)
    before = len(server.asked)
    kiosk.does(Kind.START, Kind.GO_ON)
    assert kiosk.booth.proposed.wording is False
    kiosk.does(Kind.GO_ON, Kind.GO_ON)
    assert len(server.asked) == before
