"""The face's rate: high while sound is in time, low while it waits."""

import pytest

from appliance.interview.face_rate import FaceRate


def _looks(rate: FaceRate, from_s: float, to_s: float, waiting_s: float) -> int:
    """How often the face is looked at, by somebody who asks every hundredth of a second."""
    count = 0
    for step in range(round(from_s * 100), round(to_s * 100)):
        rate.adapt(step / 100, waiting_s)
        count += rate.pause_s(step / 100) == 0.0
    return count


def test_with_time_to_spare_the_face_is_looked_at_often() -> None:
    assert _looks(FaceRate(), 0, 10, 0.1) == pytest.approx(100, abs=2)


def test_while_sound_waits_the_face_is_looked_at_seldom_and_never_not_at_all() -> None:
    rate = FaceRate()
    _looks(rate, 0, 5, 4.0)
    assert rate.rate_hz == 1.0
    assert _looks(rate, 5, 15, 4.0) == pytest.approx(10, abs=1)


def test_it_comes_back_step_by_step() -> None:
    rate = FaceRate()
    _looks(rate, 0, 5, 4.0)
    seen = []
    for second in range(5, 25):
        _looks(rate, second, second + 1, 0.1)
        seen.append(rate.rate_hz)
    assert seen == sorted(seen)
    assert seen[1] < 2.0
    assert seen[-1] == 10.0


def test_a_little_waiting_changes_nothing() -> None:
    rate = FaceRate()
    _looks(rate, 0, 2, 4.0)
    before = rate.rate_hz
    _looks(rate, 2, 6, 1.0)
    assert rate.rate_hz == before


def test_after_a_pause_the_looks_that_were_missed_are_not_made_up_for() -> None:
    rate = FaceRate()
    _looks(rate, 0, 1, 0.0)
    assert _looks(rate, 60, 61, 0.0) <= 12
