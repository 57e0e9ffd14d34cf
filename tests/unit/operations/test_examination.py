"""Looks at the booth that take a while: one at a time, in the background."""

import threading
from datetime import datetime, timezone

import pytest

from appliance.domain.health import Health, Status
from appliance.operations.administration.examination import Examination
from appliance.operations.administration.restart import Versions
from tests.waiting import ended, until

WELL = (Health("disk", Status.HEALTHY, "There is room."),)
NOW = datetime(2026, 11, 26, 12, 0, tzinfo=timezone.utc)


def test_there_are_never_two_looks_at_once_and_the_last_is_kept() -> None:
    go_on, lock = threading.Event(), threading.Lock()

    def look() -> tuple[Health, ...]:
        assert go_on.wait(30)
        return WELL

    one, other = Examination(look, lock, lambda: NOW), Examination(look, lock)
    assert one.last is None
    assert one.begin()
    assert one.is_running
    assert not one.begin()
    assert not other.begin(), "they would take the devices from each other"
    go_on.set()
    until(lambda: not one.is_running and not lock.locked())
    assert one.last is not None
    assert (one.last.at, one.last.parts) == (NOW, WELL)
    assert other.begin()
    ended("booth-examination")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_look_that_fails_does_not_keep_others_from_looking() -> None:
    def look() -> tuple[Health, ...]:
        raise RuntimeError

    lock = threading.Lock()
    one = Examination(look, lock)
    assert one.begin()
    until(lambda: not lock.locked())
    assert not one.is_running
    assert one.begin()
    ended("booth-examination")


def test_the_version_is_that_of_the_command() -> None:
    assert Versions().running == Versions().installed()
