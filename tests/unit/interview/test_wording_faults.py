"""Whatever a host does, the person has useful advice: the table of docs/feedback.md."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from appliance.domain.report import Advice
from appliance.interview.session_events import Kind, State
from tests.ollama_server import Fault, OllamaServer, Request, Say, nobody_listens, ollama_server
from tests.waiting import ended
from tests.worded import Build, Clock, advice_of, answers, kiosks, words_of
from tests.words import MODEL, plainly

ALL = {"strength_1", "next_step_1", "follow_up"}
SOME = frozenset({"strength_1"})
GERMAN = json.dumps(
    {
        "strength_1_about": "none",
        "strength_1": "Sie haben gesagt, was Sie getan haben, und das ist gut.",
        "next_step_1_about": "s1",
        "next_step_1": "Sagen Sie danach, wie es am Ende ausging, und was heute anders ist.",
        "follow_up_about": "none",
        "follow_up": "Woher wissen Sie, dass es gelöst war?",
    }
)


@pytest.fixture
def server() -> Iterator[OllamaServer]:
    with ollama_server(MODEL, says=plainly) as server:
        yield server


@pytest.fixture
def build(models_dir: Path, sample: Path) -> Iterator[Build]:
    with kiosks(models_dir, sample) as build:
        yield build


def out_of_hand(request: Request) -> str:
    """Words of a model that follows no schema."""
    return f"Sure! Here is your feedback:\n{plainly(request)}"


@dataclass(frozen=True)
class Row:
    """A row of the table in docs/feedback.md.

    Attributes:
        host: what it does.
        fault: by which the test server does so.
        says: words of its model.
        worded: what the person reads in words of the model in the end.
        at_deadline: that is so at the deadline, and not while the clock stands still.
    """

    host: str
    fault: Fault = Fault.NONE
    says: Say = plainly
    worded: frozenset[str] = frozenset()
    at_deadline: bool = False


ROWS = [
    Row("takes the request and says nothing", Fault.STALL, at_deadline=True),
    Row("says one byte a second", Fault.DRIP, at_deadline=True),
    Row("stops in the middle", Fault.STALL_LATER, worded=SOME, at_deadline=True),
    Row("hangs up in the middle of a line", Fault.CUT, worded=SOME),
    Row("sends an error after status 200", Fault.ERROR_LATER, worded=SOME),
    Row("sends what is no JSON", Fault.BAD_JSON),
    Row("answers without the schema", says=out_of_hand),
    Row("answers in another language", says=lambda _: GERMAN),
    Row("sends ten megabytes", Fault.HUGE),
    Row("is busy (503)", Fault.BUSY),
    Row("has no such model (404)", Fault.MISSING),
    Row("refuses the request (400)", Fault.REFUSED_REQUEST),
    Row("sends the booth elsewhere (307)", Fault.REDIRECT),
    Row("has a clock of 1970", Fault.CLOCK_SKEW, worded=frozenset(ALL)),
]


def test_every_fault_of_the_test_server_has_a_row() -> None:
    assert {row.fault for row in ROWS} == set(Fault)
    documents = Path(__file__).parents[3] / "docs" / "feedback.md"
    table = documents.read_text(encoding="utf-8")
    for row in ROWS:
        assert f"\n| {row.host} |" in table


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.host)
def test_whatever_the_host_does_the_person_sees_useful_advice(
    build: Build, server: OllamaServer, row: Row
) -> None:
    """At once the booth's own; in the end each text in words of the model that passed, or so."""
    clock = Clock()
    server.fault, server.elsewhere, server.says = row.fault, "http://127.0.0.1:9", row.says
    kiosk = build(server.host, interview_clock=clock)
    answers(kiosk)
    before = advice_of(kiosk)
    assert before.strengths
    assert before.next_steps
    if row.at_deadline:
        assert server.arrived.acquire(timeout=30)
        kiosk.waits_for(lambda: kiosk.booth.snapshot()["worded"] == len(row.worded))
        clock.now_s += 19.9
        kiosk.turns()
        assert words_of(kiosk) == "coming"
        clock.now_s += 0.2
        kiosk.turns()
    else:
        kiosk.waits_for(lambda: words_of(kiosk) != "coming")
    assert words_of(kiosk) == ("here" if row.worded else "standard")
    after = advice_of(kiosk)
    assert kiosk.booth.snapshot()["worded"] == len(row.worded)
    assert worded_in(after, before) == row.worded - {"follow_up"}
    assert len(after.strengths) == len(before.strengths)
    assert len(after.next_steps) == len(before.next_steps)
    ended("words")
    kiosk.does(Kind.GO_ON)
    assert kiosk.state is State.ASK


def worded_in(after: Advice, before: Advice) -> set[str]:
    """The advice that is in words of a model; what is called standard is as it was."""
    found = set()
    for kind in ("strength", "next_step"):
        items = zip(getattr(after, f"{kind}s"), getattr(before, f"{kind}s"), strict=True)
        for number, (now, was) in enumerate(items, start=1):
            if now.source == "standard":
                assert now == was
            else:
                found.add(f"{kind}_{number}")
    return found


def test_a_slow_first_byte_is_waited_for_within_the_deadline(
    build: Build, server: OllamaServer
) -> None:
    clock = Clock()
    server.held.clear()
    kiosk = build(server.host, interview_clock=clock)
    answers(kiosk)
    before = advice_of(kiosk)
    assert server.arrived.acquire(timeout=30)
    clock.now_s += 12.0
    kiosk.turns()
    assert words_of(kiosk) == "coming"
    assert advice_of(kiosk) == before
    server.held.set()
    kiosk.waits_for(lambda: words_of(kiosk) == "here")
    assert kiosk.booth.snapshot()["worded"] == len(ALL)


def test_the_next_host_words_what_a_silent_one_did_not(build: Build, server: OllamaServer) -> None:
    clock = Clock()
    server.fault = Fault.STALL
    with ollama_server(MODEL, says=plainly) as second:
        kiosk = build(server.host, second.host, interview_clock=clock)
        answers(kiosk)
        before = advice_of(kiosk)
        assert server.arrived.acquire(timeout=30)
        clock.now_s += 10.1
        kiosk.waits_for(lambda: words_of(kiosk) == "here")
        assert kiosk.booth.snapshot()["worded"] == len(ALL)
        assert worded_in(advice_of(kiosk), before) == ALL - {"follow_up"}


def test_nobody_listens(build: Build) -> None:
    with nobody_listens() as host:
        kiosk = build(host)
        answers(kiosk)
        kiosk.waits_for(lambda: words_of(kiosk) == "standard")
        assert advice_of(kiosk).source == "standard"
