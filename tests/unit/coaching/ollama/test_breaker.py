"""A host that fails is left alone, and tried again by one caller at a time."""

import pytest

from appliance.coaching.ollama.breaker import Breaker


class Clock:
    """Seconds that pass when the test says so."""

    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    """One that has just opened."""
    breaker = Breaker(clock)
    for _ in range(2):
        assert breaker.admits()
        breaker.failed()
    return breaker


def test_one_failure_is_none(clock: Clock) -> None:
    breaker = Breaker(clock)
    breaker.failed()
    breaker.succeeded()
    breaker.failed()
    assert breaker.admits()


def test_two_in_a_row_leave_the_host_alone(breaker: Breaker, clock: Clock) -> None:
    clock.now_s = 14.9
    assert breaker.is_open
    assert not breaker.admits()


def test_then_one_caller_tries_it_for_all(breaker: Breaker, clock: Clock) -> None:
    clock.now_s = 15.0
    assert breaker.admits()
    assert not breaker.admits()
    breaker.succeeded()
    assert breaker.admits()
    assert breaker.admits()


def test_each_probe_that_fails_doubles_the_rest_up_to_four_minutes(
    breaker: Breaker, clock: Clock
) -> None:
    rests_s = []
    for _ in range(6):
        began_s = clock.now_s
        while not breaker.admits():
            clock.now_s += 1.0
        rests_s.append(clock.now_s - began_s)
        breaker.failed()
    assert rests_s == [15.0, 30.0, 60.0, 120.0, 240.0, 240.0]


def test_a_probe_that_nobody_waits_for_leaves_the_next_to_try(
    breaker: Breaker, clock: Clock
) -> None:
    clock.now_s = 15.0
    assert breaker.admits()
    breaker.given_up()
    assert breaker.admits()
