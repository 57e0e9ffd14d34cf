"""Times by counting samples: steady while blocks come unsteadily, and honest about gaps."""

import random
from itertools import pairwise

import pytest

from appliance.devices.microphone.sample_clock import SampleClock

_RATE_HZ = 16_000
_BLOCK = 1600


def test_jitter_of_the_arrival_does_not_show() -> None:
    clock, chance = SampleClock(_RATE_HZ), random.Random(1)
    clock.stamp(_BLOCK, 50.0, lost=False)
    for number in range(1, 300):
        late_s = chance.expovariate(1 / 0.02)
        start_s, gap = clock.stamp(_BLOCK, 50 + number / 10 + late_s, lost=False)
        assert start_s == pytest.approx(50 + number / 10, abs=0.005)
        assert not gap


def test_a_sound_card_that_runs_fast_is_followed() -> None:
    clock = SampleClock(_RATE_HZ)
    for number in range(36_000):  # an hour
        true_s = number / 10 * (1 - 1e-4)
        start_s, gap = clock.stamp(_BLOCK, true_s, lost=False)
        assert not gap
        assert start_s == pytest.approx(true_s, abs=0.005)


def test_a_first_block_that_came_late_is_mended_without_a_gap() -> None:
    clock = SampleClock(_RATE_HZ)
    stamps = [clock.stamp(_BLOCK, 0.3, lost=False)]
    stamps += [clock.stamp(_BLOCK, n / 10, lost=False) for n in range(1, 600)]
    assert not any(gap for _, gap in stamps)
    steps = [after - before for (before, _), (after, _) in pairwise(stamps)]
    assert min(steps) > 0.09
    assert stamps[-1][0] == pytest.approx(59.9, abs=0.01)


def test_sound_that_the_driver_lost_leaves_a_gap() -> None:
    clock = SampleClock(_RATE_HZ)
    for number in range(20):
        clock.stamp(_BLOCK, number / 10, lost=False)
    start_s, gap = clock.stamp(_BLOCK, 2.7, lost=True)
    assert gap
    assert start_s == pytest.approx(2.7)
    start_s, gap = clock.stamp(_BLOCK, 2.8, lost=False)
    assert not gap
    assert start_s == pytest.approx(2.8)


def test_sound_that_was_lost_without_a_word_is_noticed_within_a_second() -> None:
    clock = SampleClock(_RATE_HZ)
    for number in range(20):
        clock.stamp(_BLOCK, number / 10, lost=False)
    gaps = [clock.stamp(_BLOCK, 2.5 + number / 10, lost=False)[1] for number in range(20)]
    assert gaps.count(True) == 1
    assert gaps.index(True) <= 10
    assert clock.stamp(_BLOCK, 4.5, lost=False)[0] == pytest.approx(4.5, abs=0.01)


def test_time_never_goes_back() -> None:
    clock = SampleClock(_RATE_HZ)
    clock.stamp(_BLOCK, 9.0, lost=False)
    start_s, gap = clock.stamp(_BLOCK, 5.0, lost=True)
    assert gap
    assert start_s == pytest.approx(9.1)
