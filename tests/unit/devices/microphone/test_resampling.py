"""Any rate to 16 kHz."""

import numpy as np
import pytest

from appliance.devices.microphone.resampling import Resampler
from tests.media import tone


@pytest.mark.parametrize("rate_hz", [8_000, 44_100, 48_000])
def test_a_tone_stays_what_it_is(rate_hz: int) -> None:
    resampler = Resampler(rate_hz)
    parts = [resampler.accept(part) for part in np.array_split(tone(440, 2.0, rate_hz), 37)]
    heard = np.concatenate([*parts, resampler.finish()])
    assert len(heard) == pytest.approx(32_000, abs=1)
    np.testing.assert_allclose(heard[1000:31_000], tone(440, 2.0, 16_000)[1000:31_000], atol=1e-3)
    assert resampler.held_s == pytest.approx(0.0, abs=1e-4)


def test_what_is_held_back_is_told() -> None:
    resampler = Resampler(48_000)
    given = sum(len(resampler.accept(tone(440, 0.1))) for _ in range(10))
    assert resampler.held_s == pytest.approx(1.0 - given / 16_000)
    assert 0 < resampler.held_s < 0.1


def test_sound_at_16_khz_passes_to_the_bit() -> None:
    samples = tone(440, 0.5, 16_000)
    resampler = Resampler(16_000)
    np.testing.assert_array_equal(resampler.accept(samples), samples)
    assert len(resampler.finish()) == 0


def test_what_is_no_level_becomes_one() -> None:
    wild = np.array([np.nan, np.inf, -np.inf, 7.0], np.float32)
    np.testing.assert_array_equal(Resampler(16_000).accept(wild), [0, 1, -1, 1])
