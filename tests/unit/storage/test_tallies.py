"""Numbers for staff, of five sessions or more."""

from collections.abc import Callable

import pytest

from appliance.storage.store import Store
from appliance.storage.tallies import Use
from tests.unit.storage.conftest import Clock


def _day(store: Store, clock: Clock, started: int, completed: int) -> None:
    for _ in range(started):
        store.tallies.started()
    for _ in range(completed):
        store.tallies.completed()
    clock.passes(1)


@pytest.fixture
def store(open_store: Callable[..., Store]) -> Store:
    return open_store()


def test_a_busy_day_is_told_by_itself(store: Store, clock: Clock) -> None:
    _day(store, clock, 12, 6)
    _day(store, clock, 7, 7)
    assert store.tallies.uses() == (
        Use(20_500, 20_500, 12, 6),
        Use(20_501, 20_501, 7, 7),
    )


def test_quiet_days_are_told_together(store: Store, clock: Clock) -> None:
    for started in (2, 1, 1, 3, 4):
        _day(store, clock, started, started)
    assert store.tallies.uses() == (Use(20_500, 20_503, 7, 7),)


@pytest.mark.parametrize("completed", [1, 4, 9])
def test_a_few_who_did_or_did_not_finish_are_not_told(
    store: Store, clock: Clock, completed: int
) -> None:
    _day(store, clock, 10, completed)
    assert store.tallies.uses() == (Use(20_500, 20_500, 10, None),)


def test_nothing_is_told_of_too_few(store: Store, clock: Clock) -> None:
    _day(store, clock, 4, 4)
    assert store.tallies.uses() == ()


def test_what_is_old_is_forgotten(store: Store, clock: Clock) -> None:
    _day(store, clock, 5, 5)
    clock.passes(500)
    store.keep_house()
    assert store.tallies.uses() == ()
