"""Every fault that a host on a LAN can have, and what becomes of the person's words: they stay."""

import json
import os
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.coaching.ollama.call import Call
from appliance.coaching.ollama.host import Address, Asking, Host, HostError
from appliance.coaching.ollama.hosts import hosts_of
from appliance.coaching.ollama.job import Job
from appliance.coaching.ollama.wordsmith import Wordsmith
from appliance.domain.settings import Ollama
from tests.coaches import tools_of
from tests.connections import watched
from tests.names import known_names
from tests.ollama_server import Fault, OllamaServer, Request, nobody_listens, ollama_server
from tests.waiting import ended, until
from tests.words import MODEL, OPEN_STORY, plainly, saying, story_report


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def server() -> Iterator[OllamaServer]:
    with ollama_server(MODEL, says=plainly) as server:
        yield server


def smith_of(*hosts: str, clock: Clock | None = None, token: str = "") -> Wordsmith:
    settings = Ollama.model_validate({"hosts": hosts, "model": MODEL, "token": token})
    return Wordsmith(settings, tools_of(), clock or Clock())


def begun(smith: Wordsmith) -> Job:
    job = smith.feedback(story_report())
    assert job is not None
    return job


def all_of(job: Job) -> list[str]:
    """The names of the facts whose words came."""
    assert job.wait(30)
    return [arrival.fact.name for arrival in job.look()]


EVERY = ["strength_1", "strength_2", "next_step_1"]


def test_words_of_a_good_host_come_for_every_fact(server: OllamaServer) -> None:
    job = begun(smith_of(server.host))
    assert all_of(job) == EVERY
    assert job.is_over
    (attempt,) = job.attempts
    assert (attempt.whole, attempt.fault, attempt.complaints) == (True, None, {})


def test_words_pass_one_by_one_while_the_host_still_speaks(server: OllamaServer) -> None:
    """The first is there before the last is said."""
    said = threading.Event()

    def wait(text: str) -> None:
        if '"strength_2_about"' in text:
            said.wait(30)

    server.pieces = wait
    job = begun(smith_of(server.host))
    found: list[str] = []

    def first() -> bool:
        found.extend(one.fact.name for one in job.look())
        return bool(found)

    until(first)
    assert found == ["strength_1"]
    said.set()
    assert found + all_of(job) == EVERY


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault.CUT, "hung_up"),
        (Fault.BAD_JSON, "no_sense"),
        (Fault.HUGE, "hung_up"),
        (Fault.BUSY, "http_503"),
        (Fault.MISSING, "http_404"),
        (Fault.REFUSED_REQUEST, "http_400"),
        (Fault.ERROR_LATER, "mid_stream"),
        (Fault.REDIRECT, "http_307"),
    ],
)
def test_a_fault_leaves_the_booths_own_words(server: OllamaServer, fault: Fault, kind: str) -> None:
    with ollama_server(MODEL, says=plainly) as elsewhere:
        server.fault, server.elsewhere = fault, elsewhere.host
        job = begun(smith_of(server.host))
        late = all_of(job)
        assert [attempt.fault for attempt in job.attempts] == [kind]
        assert set(late) < set(EVERY)
        assert elsewhere.asked == []


def test_nobody_listens_there() -> None:
    with nobody_listens() as host:
        job = begun(smith_of(host))
        assert all_of(job) == []
        assert [attempt.fault for attempt in job.attempts] == ["refused"]


@pytest.mark.parametrize("fault", [Fault.STALL, Fault.DRIP, Fault.STALL_LATER])
def test_a_host_that_does_not_come_to_an_end_is_hung_up_on(
    server: OllamaServer, fault: Fault
) -> None:
    clock = Clock()
    server.fault = fault
    job = begun(smith_of(server.host, clock=clock))
    assert server.arrived.acquire(timeout=30)
    assert not job.is_over
    clock.now_s += 19.9
    list(job.look())
    assert not job.is_over
    clock.now_s += 0.2
    assert list(job.look()) == []
    assert job.is_over
    assert job.wait(30), "the thread wakes up at once"
    assert job.attempts[0].fault == "cut_off"
    assert server.gone.wait(30), "and the host is told"


def test_a_slow_first_byte_is_waited_for(server: OllamaServer) -> None:
    clock = Clock()
    server.held.clear()
    job = begun(smith_of(server.host, clock=clock))
    assert server.arrived.acquire(timeout=30)
    clock.now_s += 15
    list(job.look())
    server.held.set()
    assert all_of(job) == EVERY
    assert job.attempts[0].first_s == pytest.approx(15, abs=0.1)


def test_what_comes_too_late_is_never_shown(server: OllamaServer) -> None:
    clock = Clock()
    job = begun(smith_of(server.host, clock=clock))
    assert job.wait(30)
    clock.now_s += 21
    assert list(job.look()) == []


def test_a_wrong_clock_on_the_host_does_no_harm(server: OllamaServer) -> None:
    server.fault = Fault.CLOCK_SKEW
    assert all_of(begun(smith_of(server.host))) == EVERY


def test_who_moves_on_hangs_up(server: OllamaServer) -> None:
    server.fault = Fault.STALL
    job = begun(smith_of(server.host))
    assert server.arrived.acquire(timeout=30)
    job.cancel()
    assert job.is_over
    assert job.wait(30)
    assert server.gone.wait(30)
    assert job.attempts[0].fault == "cut_off"


def test_the_next_host_takes_over_with_what_is_left(server: OllamaServer) -> None:
    with ollama_server(MODEL, says=plainly) as second:
        server.fault = Fault.CUT
        job = begun(smith_of(server.host, second.host))
        assert sorted(all_of(job)) == sorted(EVERY)
        assert [attempt.fault for attempt in job.attempts] == ["hung_up", None]
        left = list(second.chats[0]["format"]["properties"])
        assert left == [f"{name}{end}" for name in EVERY[1:] for end in ("_about", "")]


@pytest.mark.parametrize("fault", [Fault.STALL, Fault.DRIP])
def test_a_silent_first_host_leaves_the_second_its_share(
    server: OllamaServer, fault: Fault
) -> None:
    clock = Clock()
    with ollama_server(MODEL, says=plainly) as second:
        server.fault = fault
        job = begun(smith_of(server.host, second.host, clock=clock))
        assert server.arrived.acquire(timeout=30)
        clock.now_s += 9.9
        assert list(job.look()) == []
        assert second.asked == []
        clock.now_s += 0.2
        found = [one.fact.name for one in job.look()]
        assert server.gone.wait(30)
        assert found + all_of(job) == EVERY
        assert [attempt.fault for attempt in job.attempts] == ["silent", None]


def test_a_host_that_falls_silent_later_leaves_the_second_what_is_left(
    server: OllamaServer,
) -> None:
    clock = Clock()
    with ollama_server(MODEL, says=plainly) as second:
        server.fault = Fault.STALL_LATER
        job = begun(smith_of(server.host, second.host, clock=clock))
        found: list[str] = []

        def first() -> bool:
            found.extend(one.fact.name for one in job.look())
            return bool(found)

        until(first)
        clock.now_s += 10.1
        found.extend(one.fact.name for one in job.look())
        assert found + all_of(job) == EVERY
        assert "strength_1" not in second.chats[0]["format"]["properties"]


def test_a_host_that_let_somebody_down_is_not_their_first_choice_any_more(
    server: OllamaServer,
) -> None:
    """Else the follow-up question would wait for it again."""
    with ollama_server(MODEL, says=plainly) as second:
        server.fault = Fault.BUSY
        job = smith_of(server.host, second.host).feedback(story_report(OPEN_STORY))
        assert job is not None
        assert all_of(job) == ["strength_1", "next_step_1", "follow_up"]
        assert (len(server.chats), len(second.chats)) == (1, 2)


@pytest.mark.parametrize(("silent_s", "asked"), [(8.1, 2), (7.9, 3)])
def test_a_long_silence_counts_also_where_people_move_on_before_the_deadline(
    server: OllamaServer, silent_s: float, asked: int
) -> None:
    clock = Clock()
    smith = smith_of(server.host, clock=clock)
    server.fault = Fault.STALL
    for number in range(3):
        job = begun(smith)
        if number < asked:
            assert server.arrived.acquire(timeout=30)
        clock.now_s += silent_s
        job.cancel()
        assert job.wait(30)
    assert len(server.chats) == asked


def test_the_time_that_one_host_took_is_not_held_against_the_next(server: OllamaServer) -> None:
    """The first is slow and breaks off; the second has half a second, three times in a row."""
    clock = Clock()
    with ollama_server(MODEL, says=plainly) as second:
        smith = smith_of(server.host, second.host, clock=clock)
        server.fault, second.fault = Fault.CUT, Fault.STALL
        for _ in range(2):
            slow_s = iter([9.0, 9.0, 1.5])
            server.pieces = lambda _, slow_s=slow_s: passes(clock, slow_s)  # type: ignore[misc]
            job = begun(smith)
            assert second.arrived.acquire(timeout=30)
            clock.now_s += 0.6
            list(job.look())
            assert job.wait(30)
        second.fault = Fault.NONE
        assert all_of(begun(smith)) == EVERY, "of the second, since the first rests"
        assert len(second.chats) == 3


def test_nobody_is_asked_after_the_deadline(server: OllamaServer) -> None:
    clock = Clock()
    with ollama_server(MODEL, says=plainly) as second:
        server.fault = Fault.CUT
        slow_s = iter([9.0, 9.0, 2.5])
        server.pieces = lambda _: passes(clock, slow_s)
        job = begun(smith_of(server.host, second.host, clock=clock))
        assert job.wait(30)
        assert second.asked == []


def passes(clock: Clock, steps_s: Iterator[float]) -> None:
    """Time passes by the next step, and no more once there is none."""
    clock.now_s += next(steps_s, 0.0)


def test_a_host_that_failed_twice_is_left_alone_and_then_tried_by_one() -> None:
    clock = Clock()
    with ollama_server(MODEL, says=plainly) as first, ollama_server(MODEL, says=plainly) as second:
        smith = smith_of(first.host, second.host, clock=clock)
        first.fault = Fault.BUSY
        for _ in range(3):
            assert all_of(begun(smith)) == EVERY
        assert len(first.chats) == 2
        first.fault = Fault.NONE
        clock.now_s += 16
        assert all_of(begun(smith)) == EVERY
        assert len(first.chats) == 3
        assert len(second.chats) == 3


def test_bad_words_are_no_fault_of_the_host(server: OllamaServer) -> None:
    smith = smith_of(server.host)
    server.says = lambda _: "Once upon a time"
    for _ in range(4):
        job = begun(smith)
        assert all_of(job) == []
        found = [one.complaints["strength_1"].name for one in job.attempts]
        assert found == ["json", "json"], "it is asked once more"
    assert len(server.chats) == 8


def test_the_model_is_loaded_before_it_is_needed_and_kept(server: OllamaServer) -> None:
    smith_of(server.host).preload()
    ended("preload")
    (asked,) = server.asked
    assert asked.body["messages"] == []
    assert asked.body["keep_alive"] == "30m"
    assert server.loaded == {MODEL}


def test_a_host_that_cannot_load_it_is_followed_by_the_next(server: OllamaServer) -> None:
    with nobody_listens() as gone:
        smith_of(gone, server.host).preload()
        ended("preload")
    assert server.loaded == {MODEL}


def test_an_interview_that_ends_ends_the_loading(server: OllamaServer) -> None:
    server.fault = Fault.STALL
    smith = smith_of(server.host)
    smith.preload()
    until(lambda: bool(server.asked))
    smith.stop_preload()
    ended("preload")
    assert server.gone.wait(30)


def test_a_host_that_is_not_asked_any_more_is_followed_by_no_other(server: OllamaServer) -> None:
    with ollama_server(MODEL) as second:
        server.fault = Fault.STALL
        smith = smith_of(server.host, second.host)
        smith.preload()
        until(lambda: bool(server.asked))
        smith.stop_preload()
        ended("preload")
        assert second.asked == []


def test_loading_and_wording_agree_on_the_memory_of_the_model(server: OllamaServer) -> None:
    smith = smith_of(server.host)
    smith.preload()
    ended("preload")
    all_of(begun(smith))
    loaded, worded = (one.body["options"]["num_ctx"] for one in server.asked)
    assert loaded == worded


def test_the_token_goes_along_and_nothing_of_the_environment(
    server: OllamaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_API_KEY", "somebody-elses")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("OLLAMA_HOST", "http://127.0.0.1:9")
    all_of(begun(smith_of(server.host, token="s3cret")))
    all_of(begun(smith_of(server.host)))
    with_token, without = server.asked
    assert with_token.headers["authorization"] == "Bearer s3cret"
    assert "authorization" not in without.headers


def test_a_fault_tells_neither_token_nor_words(server: OllamaServer) -> None:
    server.fault = Fault.REFUSED_REQUEST
    trust = ssl.create_default_context()
    host = Host(Address(server.host, MODEL, "s3cret", trust), Clock())
    asking = Asking([{"role": "user", "content": "marigold"}], {"type": "object"})
    with pytest.raises(HostError) as caught:
        list(host.talk(asking, Call(), 5.0))
    told = f"{caught.value!r} {caught.value} {caught.value.__context__!r}"
    assert "s3cret" not in told
    assert "marigold" not in told


def test_a_call_that_was_cut_before_it_was_made_does_not_wait(server: OllamaServer) -> None:
    server.fault = Fault.STALL
    call = Call()
    call.cut()
    host = Host(Address(server.host, MODEL, "", ssl.create_default_context()), Clock())
    with pytest.raises(HostError, match="cut_off"):
        list(host.talk(Asking([{"role": "user", "content": "x"}], {}), call, 60.0))


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for this machine, which is its own authority, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    cert, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1,DNS:words.lan"),
            *("-keyout", os.fspath(key), "-out", os.fspath(cert)),
        ],
        check=True,
        capture_output=True,
    )
    return cert, key


def test_an_https_host_is_known_by_the_sites_own_authority(authority: tuple[Path, Path]) -> None:
    cert, key = authority
    with ollama_server(MODEL, says=plainly, tls=(cert, key)) as server:
        for certificate, expected in ((str(cert), EVERY), ("", []), ("/nowhere.pem", [])):
            settings = Ollama.model_validate(
                {"hosts": [server.host], "model": MODEL, "certificate": certificate}
            )
            job = begun(Wordsmith(settings, tools_of(), Clock()))
            assert all_of(job) == expected, certificate
        assert len(server.chats) == 1, "nothing is said to a host that is not known"


def test_a_host_can_have_a_name_of_the_own_network(
    server: OllamaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = known_names(monkeypatch, words_lan=["93.184.216.34", "127.0.0.2", "127.0.0.1"])
    with watched() as seen:
        assert all_of(begun(smith_of(f"http://words.lan:{server.port}"))) == EVERY
    places = [("127.0.0.2", server.port), ("127.0.0.1", server.port)]
    assert seen.addresses == places, "the public address is not even knocked at"
    assert names.asked == ["words.lan"]
    assert server.asked[0].headers["host"] == f"words.lan:{server.port}"


@pytest.mark.parametrize(
    ("known", "kind"),
    [
        ({"words_lan": ["93.184.216.34"]}, "not_local"),
        ({"words_lan": ["2003:1::5", "100.64.0.1"]}, "not_local"),
        ({}, "no_address"),
    ],
)
def test_a_name_that_leads_out_of_the_house_is_sent_nothing(
    known: dict[str, list[str]], kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    known_names(monkeypatch, **known)
    with watched() as seen:
        job = begun(smith_of("http://words.lan:11434", token="s3cret"))
        assert all_of(job) == []
    assert [attempt.fault for attempt in job.attempts] == [kind]
    assert seen.addresses == []


def test_a_name_that_takes_long_holds_nobody_who_moves_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """The thread with the person's words ends; the one that waits for the system has none."""
    names = known_names(monkeypatch)
    names.thinks.clear()
    job = begun(smith_of("http://words.lan:11434"))
    until(lambda: bool(names.asked))
    job.cancel()
    assert job.wait(30)
    assert job.attempts[0].fault == "cut_off"
    assert [one for one in threading.enumerate() if one.name == "lookup"]
    names.thinks.set()
    ended("lookup")


def test_an_https_host_must_prove_its_name_and_not_its_address(
    authority: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    cert, key = authority
    known_names(monkeypatch, words_lan=["127.0.0.1"], others_lan=["127.0.0.1"])
    with ollama_server(MODEL, says=plainly, tls=(cert, key)) as server:
        for name, expected in (("words.lan", EVERY), ("others.lan", [])):
            settings = Ollama.model_validate(
                {
                    "hosts": [f"HTTPS://{name}:{server.port}"],
                    "model": MODEL,
                    "certificate": str(cert),
                }
            )
            assert all_of(begun(Wordsmith(settings, tools_of(), Clock()))) == expected, name


def test_without_a_host_there_is_nothing_to_ask() -> None:
    assert not hosts_of(Ollama(), Clock()).are_there


def test_one_retry_with_what_was_wrong_and_then_the_booths_own_words(
    server: OllamaServer,
) -> None:
    server.says = saying(strength_1="You were so confident and did 93 things.")
    job = begun(smith_of(server.host))
    assert all_of(job) == ["strength_2", "next_step_1"]
    first, again = server.chats
    told = again["messages"][-1]["content"]
    assert "strength_1: do not say “confident”." in told
    assert list(again["format"]["properties"]) == ["strength_1_about", "strength_1"]
    assert json.dumps(first["format"]) != json.dumps(again["format"])


def test_the_retry_can_mend_it(server: OllamaServer) -> None:
    answers = iter([saying(strength_1="You were so confident."), plainly])

    def says(asked: Request) -> str:
        return next(answers)(asked)

    server.says = says
    assert all_of(begun(smith_of(server.host))) == ["strength_2", "next_step_1", "strength_1"]


@pytest.mark.parametrize(
    "answer",
    [
        "Here you go: {}",
        '{"strength_1": 5}',
        '{"strength_1": {"text": "You told it."}}',
        '["You told it."]',
        '{"strength_1_about": "s1", "strength_1": "You told',
        '{"a": "b", "a": "b"}',
        "{} and more",
        "",
    ],
)
def test_what_is_no_flat_object_is_no_words(server: OllamaServer, answer: str) -> None:
    server.says = lambda _: answer
    job = begun(smith_of(server.host))
    assert all_of(job) == []
    assert not any(attempt.whole for attempt in job.attempts)


def test_a_field_that_nobody_asked_for_is_left_out(server: OllamaServer) -> None:
    def says(asked: object) -> str:
        assert isinstance(asked, dict)
        return json.dumps({**json.loads(plainly(asked)), "rating": "5"})

    server.says = says
    job = begun(smith_of(server.host))
    assert all_of(job) == EVERY
    assert not job.attempts[0].whole


def test_another_language_is_not_shown(server: OllamaServer) -> None:
    server.says = saying(
        strength_1="Sie haben erzählt, wie es ausging, und das ist gut zu hören.",
        strength_2="Usted contó lo que pasó y eso ayuda a quien escucha.",
    )
    job = begun(smith_of(server.host))
    assert all_of(job) == ["next_step_1"]
    found = [one.complaints["strength_1"].name for one in job.attempts]
    assert found == ["language", "language"], "it is asked once more"


def test_a_host_that_talks_of_something_else_is_hung_up_on_at_once(server: OllamaServer) -> None:
    server.says = lambda _: "Once upon a time " * 20_000
    job = begun(smith_of(server.host))
    assert all_of(job) == []
    assert all(len(attempt.raw) < 100 for attempt in job.attempts)
    assert server.gone.wait(30)
