"""A host that fails is left alone, and tried again by one caller at a time."""

import pytest

from appliance.coaching.ollama.breaker import Breaker, Trial


class Clock:
    """Seconds that pass when the test says so."""

    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


def begun(breaker: Breaker) -> Trial:
    trial = breaker.admit()
    assert trial is not None
    return trial


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    """One that has just opened."""
    breaker = Breaker(clock)
    for _ in range(2):
        begun(breaker).failed()
    return breaker


def test_one_failure_is_none(clock: Clock) -> None:
    breaker = Breaker(clock)
    begun(breaker).failed()
    begun(breaker).succeeded()
    begun(breaker).failed()
    assert breaker.admit()


def test_two_in_a_row_leave_the_host_alone(breaker: Breaker, clock: Clock) -> None:
    clock.now_s = 14.9
    assert breaker.is_open
    assert breaker.admit() is None


def test_then_one_caller_tries_it_for_all(breaker: Breaker, clock: Clock) -> None:
    clock.now_s = 15.0
    trial = begun(breaker)
    assert breaker.admit() is None
    assert breaker.is_open, "to everybody else"
    trial.succeeded()
    assert not breaker.is_open
    assert breaker.admit()
    assert breaker.admit()


def test_each_probe_that_fails_doubles_the_rest_up_to_four_minutes(
    breaker: Breaker, clock: Clock
) -> None:
    rests_s = []
    for _ in range(6):
        began_s = clock.now_s
        while (trial := breaker.admit()) is None:
            clock.now_s += 1.0
        rests_s.append(clock.now_s - began_s)
        trial.failed()
    assert rests_s == [15.0, 30.0, 60.0, 120.0, 240.0, 240.0]


def test_a_probe_that_nobody_waits_for_leaves_the_next_to_try(
    breaker: Breaker, clock: Clock
) -> None:
    clock.now_s = 15.0
    with begun(breaker):
        assert breaker.admit() is None
    assert breaker.admit()


def test_a_probe_that_breaks_off_leaves_the_next_to_try(breaker: Breaker, clock: Clock) -> None:
    """Whatever is raised meanwhile, the host is not left alone for ever."""
    clock.now_s = 15.0
    with pytest.raises(RuntimeError, match="whatever"), begun(breaker):
        raise RuntimeError("whatever")
    assert breaker.admit()


def test_a_probe_that_is_never_heard_of_again_is_given_up(breaker: Breaker, clock: Clock) -> None:
    clock.now_s = 15.0
    lost = begun(breaker)
    clock.now_s += 239.0
    assert breaker.admit() is None
    clock.now_s += 1.0
    second = begun(breaker)
    lost.succeeded()
    assert breaker.admit(), "it did well in the end"
    second.failed()


def test_who_was_there_before_ends_nobody_elses_probe(clock: Clock) -> None:
    breaker = Breaker(clock)
    early = begun(breaker)
    for _ in range(2):
        begun(breaker).failed()
    clock.now_s = 15.0
    begun(breaker)
    with early:
        pass
    assert breaker.admit() is None


def test_only_the_first_word_of_a_trial_counts(clock: Clock) -> None:
    breaker = Breaker(clock)
    for _ in range(2):
        with begun(breaker) as trial:
            trial.succeeded()
            trial.failed()
    assert breaker.admit()
