"""What leaves the booth for words, and where it goes."""

import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.interview.session_events import Kind, State
from tests.connections import Seen, watched
from tests.kiosk import Kiosk
from tests.names import known_names
from tests.ollama_server import OllamaServer, ollama_server
from tests.waiting import ended, until
from tests.worded import Build, answers, kiosks, words_of
from tests.words import MODEL, plainly


@pytest.fixture
def server() -> Iterator[OllamaServer]:
    with ollama_server(MODEL, says=plainly) as server:
        yield server


@pytest.fixture
def build(models_dir: Path, sample: Path) -> Iterator[Build]:
    with kiosks(models_dir, sample) as build:
        yield build


@pytest.fixture
def connections() -> Iterator[Seen]:
    """What this process connects to meanwhile, and which names it looks up."""
    with watched() as seen:
        yield seen


def whole_interview(kiosk: Kiosk, *, wording: bool) -> None:
    answers(kiosk, wording=wording)
    kiosk.waits_for(lambda: words_of(kiosk) != "coming")
    kiosk.does(Kind.TO_REPORT)
    kiosk.waits_for(lambda: words_of(kiosk) != "coming")
    kiosk.does(Kind.FINISH, Kind.FINISH)
    ended("words")
    ended("preload")


def test_the_only_connections_are_to_the_host_and_hold_answer_and_question_alone(
    build: Build, server: OllamaServer, connections: Seen
) -> None:
    kiosk = build(server.host)
    whole_interview(kiosk, wording=True)
    assert set(connections.addresses) == {("127.0.0.1", server.port)}
    assert set(connections.names) <= {"127.0.0.1"}, "a number, which no server is asked for"
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


def test_the_only_name_that_is_looked_up_is_the_hosts(
    build: Build,
    server: OllamaServer,
    connections: Seen,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = known_names(monkeypatch, words_lan=["127.0.0.1"])
    kiosk = build(f"http://words.lan:{server.port}")
    whole_interview(kiosk, wording=True)
    assert set(names.asked) == {"words.lan"}
    assert set(connections.names) <= {"127.0.0.1"}
    assert set(connections.addresses) == {("127.0.0.1", server.port)}
    assert server.chats


def test_a_host_whose_name_leads_out_of_the_house_is_sent_nothing(
    build: Build, connections: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    known_names(monkeypatch, words_lan=["93.184.216.34"])
    kiosk = build("http://words.lan:11434")
    answers(kiosk)
    kiosk.waits_for(lambda: words_of(kiosk) == "standard")
    ended("words")
    ended("preload")
    assert connections.addresses == []


def test_a_name_that_takes_long_leaves_no_words_behind_the_wipe(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = known_names(monkeypatch)
    names.thinks.clear()
    kiosk = build("http://words.lan:11434")
    answers(kiosk)
    until(lambda: bool(names.asked))
    kiosk.does(Kind.LEAVE)
    ended("words")
    ended("preload")
    running = {one.name for one in threading.enumerate()}
    assert not running & {"words", "preload"}
    names.thinks.set()
    ended("lookup")


def test_without_consent_nothing_is_sent_at_all(
    build: Build, server: OllamaServer, connections: Seen
) -> None:
    kiosk = build(server.host)
    whole_interview(kiosk, wording=False)
    assert (connections.addresses, connections.names) == ([], [])
    assert server.asked == []


def test_without_a_host_nobody_can_agree_to_it(build: Build, connections: Seen) -> None:
    kiosk = build()
    whole_interview(kiosk, wording=True)
    assert kiosk.booth.session.consent.wording is False
    assert (connections.addresses, connections.names) == ([], [])


def test_one_persons_consent_is_not_the_next_persons(build: Build, server: OllamaServer) -> None:
    kiosk = build(server.host)
    whole_interview(kiosk, wording=True)
    until(lambda: kiosk.state is State.ATTRACT)
    before = len(server.asked)
    kiosk.does(Kind.START, Kind.GO_ON)
    assert kiosk.booth.proposed.wording is False
    kiosk.does(Kind.GO_ON, Kind.GO_ON)
    assert len(server.asked) == before
