"""A file that is taken home: once, in time, by who knows where."""

import threading

import pytest

from appliance.reporting.take_away import TakeAway, TakenFile

REPORT = TakenFile("report.pdf", "application/pdf", b"report")


class Clock:
    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def take_away(clock: Clock) -> TakeAway:
    return TakeAway(clock, lasts_s=600.0)


def test_it_is_collected_once(take_away: TakeAway) -> None:
    token = take_away.offer(lambda: REPORT)
    assert take_away.is_offered(token)
    assert take_away.collect("another") is None
    assert take_away.collect("ü") is None
    assert take_away.collect(token) == REPORT
    assert take_away.collect(token) is None
    assert not take_away.is_offered(token)


def test_it_is_gone_when_its_time_is_over_or_its_person_is(
    take_away: TakeAway, clock: Clock
) -> None:
    token = take_away.offer(lambda: REPORT)
    clock.now_s = 599.0
    assert take_away.is_offered(token)
    clock.now_s = 600.0
    assert take_away.collect(token) is None
    token = take_away.offer(lambda: REPORT)
    take_away.wipe()
    assert take_away.collect(token) is None
    assert take_away.collect("") is None


def test_a_new_offer_takes_the_place_of_the_one_before(take_away: TakeAway) -> None:
    first, second = take_away.offer(lambda: REPORT), take_away.offer(lambda: REPORT)
    assert first != second
    assert take_away.collect(first) is None
    assert take_away.collect(second) == REPORT


def test_where_it_cannot_be_made_it_can_be_tried_again(take_away: TakeAway) -> None:
    made = iter((OSError("no Pango"), REPORT))

    def make() -> TakenFile:
        one = next(made)
        if isinstance(one, OSError):
            raise one
        return one

    token = take_away.offer(make)
    with pytest.raises(OSError, match="Pango"):
        take_away.collect(token)
    assert take_away.collect(token) == REPORT


def test_of_many_who_come_at_once_one_gets_it(take_away: TakeAway) -> None:
    token = take_away.offer(lambda: REPORT)
    got: list[TakenFile | None] = []
    threads = [
        threading.Thread(target=lambda: got.append(take_away.collect(token))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got.count(REPORT) == 1
    assert len(got) == 8


def test_a_wipe_while_the_file_is_made_does_not_wait_and_holds_it_back(
    take_away: TakeAway,
) -> None:
    def make() -> TakenFile:
        wiper = threading.Thread(target=take_away.wipe)
        wiper.start()
        wiper.join(10.0)
        assert not wiper.is_alive(), "the wipe waits"
        return REPORT

    token = take_away.offer(make)
    assert take_away.collect(token) is None
    assert not take_away.is_offered(token)
