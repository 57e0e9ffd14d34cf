"""A voice is described alike whatever the gain and the silence around it."""

import logging
import warnings

import numpy as np
import pytest

from appliance.domain.errors import BoothError
from appliance.domain.media import SAMPLE_RATE_HZ, FloatArray
from appliance.perception.voice_features import (
    TooLittleVoiceError,
    active_hops,
    feature_names,
    voice_features,
)


def voice(seconds: float = 2.0, hz: float = 140.0) -> FloatArray:
    """Something that speaks: harmonics that come and go four times a second, over faint noise."""
    times = np.arange(round(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    phase = 2 * np.pi * hz * (times + 0.01 * np.sin(2 * np.pi * times))
    waves = sum(np.sin(number * phase) / number for number in range(1, 20))
    noise = np.random.default_rng(0).normal(0, 0.01, len(times))
    result: FloatArray = (0.1 * (1.1 + np.sin(8 * np.pi * times)) * waves + noise).astype(
        np.float32
    )
    return result


def named(samples: FloatArray) -> dict[str, float]:
    return dict(zip(feature_names(), voice_features(samples).tolist(), strict=True))


def test_a_vector_has_a_finite_value_for_every_name() -> None:
    vector = voice_features(voice())
    assert vector.dtype == np.float32
    assert vector.shape == (len(feature_names()),)
    assert len(set(feature_names())) == len(feature_names())
    assert np.all(np.isfinite(vector))


@pytest.mark.parametrize("gain", [0.01, 0.3, 3.0])
def test_the_gain_of_the_microphone_makes_no_difference(gain: float) -> None:
    np.testing.assert_allclose(
        voice_features(voice() * np.float32(gain)), voice_features(voice()), rtol=1e-3, atol=1e-3
    )


def test_silence_around_the_voice_makes_no_difference() -> None:
    padding = np.zeros(SAMPLE_RATE_HZ, np.float32)
    padded = np.concatenate([padding, voice(), padding])
    np.testing.assert_allclose(
        voice_features(padded), voice_features(voice()), rtol=1e-3, atol=1e-3
    )


def test_the_same_sound_gives_the_same_vector() -> None:
    np.testing.assert_array_equal(voice_features(voice()), voice_features(voice()))


def test_a_higher_voice_has_a_higher_pitch_and_nothing_else_named_so() -> None:
    low, high = named(voice(hz=100)), named(voice(hz=200))
    assert high["pitch.p50"] - low["pitch.p50"] == pytest.approx(12, abs=0.3)
    assert low["voiced.share"] > 0.8


def test_a_voice_that_pulses_four_times_a_second_is_modulated_there() -> None:
    described = named(voice(4.0))
    assert described["modulation0.2_4hz"] + described["modulation0.4_8hz"] > 0.8


def test_a_whisper_has_no_pitch_and_is_described_all_the_same() -> None:
    whisper = np.random.default_rng(1).normal(0, 0.05, 2 * SAMPLE_RATE_HZ).astype(np.float32)
    described = named(whisper)
    assert described["voiced.share"] < 0.05
    assert np.all(np.isfinite(list(described.values())))


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(0, np.float32),
        np.zeros(SAMPLE_RATE_HZ, np.float32),
        voice(0.4),
        np.concatenate([voice(0.4), np.zeros(SAMPLE_RATE_HZ, np.float32)]),
    ],
    ids=["nothing", "silence", "too short", "mostly silence"],
)
def test_too_little_voice_is_refused_in_one_sentence(samples: FloatArray) -> None:
    with pytest.raises(TooLittleVoiceError, match=r"0\.5 s are needed") as caught:
        voice_features(samples)
    assert isinstance(caught.value, BoothError)
    assert isinstance(caught.value, ValueError)


def test_half_a_second_is_enough() -> None:
    assert len(voice_features(voice(0.5))) == len(feature_names())


def test_nothing_is_warned_of_or_logged(caplog: pytest.LogCaptureFixture) -> None:
    """The MFCC library logs where a window is longer than its FFT, and divides by silence."""
    with warnings.catch_warnings(), caplog.at_level(logging.DEBUG):
        warnings.simplefilter("error")
        voice_features(np.concatenate([voice(1.0), np.zeros(8000, np.float32), voice(1.0)]))
    assert caplog.records == []


def test_active_hops_are_those_of_the_sound() -> None:
    padding = np.zeros(3200, np.float32)
    active = active_hops(np.concatenate([padding, voice(1.0) + np.float32(0.05), padding]))
    assert len(active) == 140
    assert not active[:20].any()
    assert active[20:120].all()
    assert not active[120:].any()
