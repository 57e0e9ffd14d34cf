"""Several hosts: whose turn it is, for how long, and who is left alone for a while."""

from collections.abc import Iterator

import pytest

from appliance.coaching.ollama.hosts import hosts_of
from appliance.domain.settings import Ollama
from tests.hosts import EVERY, Clock, all_of, begun, smith_of
from tests.ollama_server import Fault, OllamaServer, nobody_listens, ollama_server
from tests.waiting import ended, until
from tests.words import MODEL, OPEN_STORY, plainly, story_report


@pytest.fixture
def server() -> Iterator[OllamaServer]:
    with ollama_server(MODEL, says=plainly) as server:
        yield server


def test_without_a_host_there_is_nothing_to_ask() -> None:
    assert not hosts_of(Ollama(), Clock()).are_there


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
