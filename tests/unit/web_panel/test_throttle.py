"""What somebody who guesses gets in an hour, and what a person who mistypes notices of it."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web_panel.throttle import MOST_ADDRESSES, Throttle

_HOUR_S = 3600.0
_ME = "192.168.1.20"


class _Clock:
    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def _throttle() -> tuple[_Clock, Throttle]:
    clock = _Clock()
    return clock, Throttle(clock)


def _addresses(count: int) -> list[str]:
    return [f"10.0.{number // 256}.{number % 256}" for number in range(count)]


def _guess(throttle: Throttle, who: str) -> bool:
    """Guess wrong where it is let through."""
    if throttle.wait_s(who) > 0:
        return False
    throttle.failed(who)
    return True


def _let_through(addresses: list[str], guesses: int, within_s: float) -> int:
    """How many of these guesses, each as soon as any address may try, are made in that time."""
    clock, throttle = _throttle()
    end_s = clock.now_s + within_s
    for made in range(guesses):
        waits = {who: throttle.wait_s(who) for who in addresses}
        who = min(waits, key=lambda one: waits[one])
        clock.now_s += waits[who]
        if clock.now_s >= end_s:
            return made
        throttle.failed(who)
    return guesses


def test_the_first_failures_cost_nothing_and_then_the_wait_doubles() -> None:
    clock, throttle = _throttle()
    waits = []
    for _ in range(14):
        throttle.failed(_ME)
        waits.append(throttle.wait_s(_ME))
        clock.now_s += waits[-1]
    assert waits == [0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]


def test_the_wait_runs_down() -> None:
    clock, throttle = _throttle()
    for _ in range(5):
        throttle.failed(_ME)
    clock.now_s += 29
    assert throttle.wait_s(_ME) == 1
    clock.now_s += 1
    assert throttle.wait_s(_ME) == 0


def test_one_address_gets_eleven_of_a_thousand_guesses_in_an_hour() -> None:
    assert _let_through([_ME], 1000, _HOUR_S) == 11


def test_a_thousand_addresses_get_twenty_six_of_a_thousand_guesses_in_an_hour() -> None:
    assert _let_through(_addresses(1000), 1000, _HOUR_S) == 26


def test_a_thousand_addresses_need_more_than_a_month_for_a_thousand_guesses() -> None:
    assert _let_through(_addresses(1000), 1000, 40 * 24 * _HOUR_S) < 1000


def test_a_new_address_for_each_guess_does_not_help() -> None:
    clock, throttle = _throttle()
    let_through = 0
    for number in range(100_000):
        let_through += _guess(throttle, f"2001:db8::{number:x}")
        clock.now_s += _HOUR_S / 100_000
    assert let_through == 26


def test_one_who_fails_does_not_keep_another_out() -> None:
    _, throttle = _throttle()
    for _ in range(19):
        throttle.failed("10.0.0.1")
    assert throttle.wait_s("10.0.0.1") > 0
    assert throttle.wait_s(_ME) == 0


def test_all_wait_once_there_were_many_failures_in_total() -> None:
    _, throttle = _throttle()
    for who in _addresses(20):
        throttle.failed(who)
    assert throttle.wait_s(_ME) == 30


def test_success_forgives_ones_own_failures() -> None:
    clock, throttle = _throttle()
    for _ in range(5):
        throttle.failed(_ME)
    clock.now_s += 30
    throttle.succeeded(_ME)
    for _ in range(4):
        throttle.failed(_ME)
    assert throttle.wait_s(_ME) == 0


def test_ones_own_mistakes_never_add_up_while_one_succeeds() -> None:
    _, throttle = _throttle()
    for _ in range(100):
        for _ in range(4):
            throttle.failed(_ME)
        assert throttle.wait_s(_ME) == 0
        throttle.succeeded(_ME)


def test_success_does_not_forgive_others() -> None:
    _, throttle = _throttle()
    for who in [*_addresses(19), _ME]:
        throttle.failed(who)
    throttle.succeeded(_ME)
    assert throttle.wait_s(_ME) == 0
    throttle.failed("10.9.9.9")
    assert throttle.wait_s("10.9.9.10") == 30


def test_success_makes_nobody_wait_longer() -> None:
    clock, throttle = _throttle()
    throttle.failed(_ME)
    for who in _addresses(21):
        throttle.failed(who)
    clock.now_s += 120
    assert throttle.wait_s(_ME) == 0
    throttle.succeeded(_ME)
    assert throttle.wait_s(_ME) == 0


def test_old_mistakes_are_forgiven_one_an_hour() -> None:
    clock, throttle = _throttle()
    for _ in range(7):
        throttle.failed(_ME)
    clock.now_s += 3 * _HOUR_S
    throttle.failed(_ME)
    assert throttle.wait_s(_ME) == 30
    clock.now_s += 24 * _HOUR_S
    for _ in range(4):
        throttle.failed(_ME)
    assert throttle.wait_s(_ME) == 0


def test_failures_that_did_not_wait_are_over_within_a_day() -> None:
    clock, throttle = _throttle()
    for _ in range(10_000):
        throttle.failed(_ME)
    assert throttle.wait_s(_ME) == _HOUR_S
    clock.now_s += 30 * _HOUR_S
    throttle.failed(_ME)
    assert throttle.wait_s(_ME) == 0


def test_the_memory_is_bounded_and_forgetting_does_not_help() -> None:
    _, throttle = _throttle()
    for _ in range(12):
        throttle.failed(_ME)
    for who in _addresses(10_000):
        throttle.failed(who)
    assert len(throttle._addresses) == MOST_ADDRESSES
    assert _ME not in throttle._addresses
    assert throttle.wait_s(_ME) == _HOUR_S


def test_whoever_failed_last_is_remembered_longest() -> None:
    _, throttle = _throttle()
    throttle.failed(_ME)
    for who in _addresses(MOST_ADDRESSES - 1):
        throttle.failed(who)
    throttle.failed(_ME)
    throttle.failed("10.9.9.9")
    assert _ME in throttle._addresses
    assert "10.0.0.0" not in throttle._addresses


def test_asking_keeps_nothing() -> None:
    _, throttle = _throttle()
    for who in _addresses(1000):
        assert throttle.wait_s(who) == 0
        throttle.succeeded(who)
    assert not throttle._addresses


def test_threads_lose_no_failure() -> None:
    _, throttle = _throttle()
    interval_s = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(throttle.failed, _addresses(24)))
    finally:
        sys.setswitchinterval(interval_s)
    assert throttle.wait_s(_ME) == 480


_PAUSES_S = st.one_of(
    st.sampled_from([0.0, 1.0, 30.0, 60.0, 1920.0, _HOUR_S, 5 * _HOUR_S, 48 * _HOUR_S]),
    st.floats(0, 100_000),
)


@given(attempts=st.lists(st.tuples(st.integers(0, 400), _PAUSES_S), max_size=300))
def test_no_way_to_pace_and_spread_guesses_beats_one_an_hour(
    attempts: list[tuple[int, float]],
) -> None:
    clock, throttle = _throttle()
    begun_s, of_each, in_all = clock.now_s, dict.fromkeys(range(401), 0), 0
    for number, pause_s in attempts:
        clock.now_s += pause_s
        made = _guess(throttle, f"address {number}")
        of_each[number] += made
        in_all += made
        hours = (clock.now_s - begun_s) / _HOUR_S
        assert of_each[number] <= 5 + 7 + hours
        assert in_all <= 20 + 7 + hours


@pytest.mark.parametrize(("free", "first_s", "longest_s"), [(1, 1.0, 1.0), (3, 10.0, 45.0)])
def test_other_figures_are_kept_too(free: int, first_s: float, longest_s: float) -> None:
    clock = _Clock()
    throttle = Throttle(clock, free, first_s, longest_s)
    waits = []
    for _ in range(free + 3):
        throttle.failed(_ME)
        waits.append(throttle.wait_s(_ME))
        clock.now_s += waits[-1]
    expected = [min(first_s * 2**doublings, longest_s) for doublings in range(4)]
    assert waits == [0.0] * (free - 1) + expected
