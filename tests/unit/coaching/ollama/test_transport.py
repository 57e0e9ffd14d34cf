"""Every fault that a host on a LAN can have, and what becomes of the person's words: they stay."""

import json
import ssl
import threading
from collections.abc import Iterator

import pytest

from appliance.coaching.ollama.call import Call
from appliance.coaching.ollama.host import Address, Asking, Host, HostError
from tests.hosts import EVERY, Clock, all_of, begun, smith_of
from tests.ollama_server import Fault, OllamaServer, Request, nobody_listens, ollama_server
from tests.waiting import until
from tests.words import MODEL, plainly, saying


@pytest.fixture
def server() -> Iterator[OllamaServer]:
    with ollama_server(MODEL, says=plainly) as server:
        yield server


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


def test_bad_words_are_no_fault_of_the_host(server: OllamaServer) -> None:
    smith = smith_of(server.host)
    server.says = lambda _: "Once upon a time"
    for _ in range(4):
        job = begun(smith)
        assert all_of(job) == []
        found = [one.complaints["strength_1"].name for one in job.attempts]
        assert found == ["json", "json"], "it is asked once more"
    assert len(server.chats) == 8


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
