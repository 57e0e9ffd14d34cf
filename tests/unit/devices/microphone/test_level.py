"""The level meter."""

import numpy as np
import pytest

from appliance.devices.microphone.level import FLOOR_DBFS, LevelMeter, rms_dbfs
from appliance.domain.media import AudioBlock
from tests.media import tone


def _block(amplitude: float, seconds: float = 0.1) -> AudioBlock:
    return AudioBlock(0.0, tone(1000, seconds, 16_000, amplitude))


def test_a_full_sine_has_its_textbook_level() -> None:
    meter = LevelMeter()
    meter.hear(_block(1.0))
    assert meter.level.rms_dbfs == pytest.approx(-3.01, abs=0.05)
    assert meter.level.peak_dbfs == pytest.approx(0.0, abs=0.05)
    assert meter.level.clips


def test_half_as_loud_is_six_decibels_less_and_does_not_clip() -> None:
    meter = LevelMeter()
    meter.hear(_block(0.5))
    assert meter.level.peak_dbfs == pytest.approx(-6.02, abs=0.05)
    assert not meter.level.clips


def test_the_peak_falls_slowly_and_the_level_at_once() -> None:
    meter = LevelMeter()
    meter.hear(_block(1.0))
    meter.hear(_block(0.01))
    assert meter.level.rms_dbfs == pytest.approx(-43.0, abs=0.1)
    assert meter.level.peak_dbfs == pytest.approx(-2.0, abs=0.1)
    assert not meter.level.clips


def test_silence_is_the_floor_and_nothing_is_below_it() -> None:
    meter = LevelMeter()
    for _ in range(100):
        meter.hear(AudioBlock(0.0, np.zeros(1600, np.float32)))
    meter.hear(AudioBlock(0.0, np.empty(0, np.float32)))
    assert (meter.level.rms_dbfs, meter.level.peak_dbfs) == (FLOOR_DBFS, FLOOR_DBFS)
    assert rms_dbfs(AudioBlock(0.0, np.full(10, 1e-7, np.float32))) == FLOOR_DBFS


def test_it_forgets() -> None:
    meter = LevelMeter()
    meter.hear(_block(1.0))
    meter.clear()
    assert meter.level.peak_dbfs == FLOOR_DBFS
