"""The same voice in other rooms: further from the microphone, in noise, louder and softer.

Every change is drawn from a seed made of the clip's name, so that each run hears the same.
"""

import zlib
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import signal

from appliance.domain.media import SAMPLE_RATE_HZ, FloatArray
from appliance.perception.voice_features import active_hops

Noise = Literal["white", "pink", "babble"]

NOISES: tuple[Noise, ...] = ("white", "pink", "babble")

_REVERBERANT = 0.5
_NOISY = 0.75
_SNR_DB = (3.0, 30.0)
_REVERBERATION_S = (0.15, 0.6)
_DIRECT_TO_REVERBERANT_DB = (0.0, 12.0)
_FIRST_REFLECTION_S = 0.002
_PEAK_DBFS = (-21.0, -1.0)
_FLAT_BELOW_HZ = 50.0

_Floats = npt.NDArray[np.float64]


def chance(name: str, purpose: str) -> np.random.Generator:
    """A source of chance that is the same for the same clip and purpose on every machine."""
    return np.random.default_rng(zlib.crc32(f"{name}/{purpose}".encode()))


def elsewhere(samples: FloatArray, babble: FloatArray, random: np.random.Generator) -> FloatArray:
    """A random room around a voice: half reverberant, three quarters noisy, any level.

    Args:
        samples: (n,) float, 16 kHz.
        babble: (n,) voices of others, at any level.
        random: source of chance.

    Returns:
        (n,) float32 in -1..1.
    """
    voice = samples.astype(np.float64)
    if random.random() < _REVERBERANT:
        voice = _reverberant(voice, random)
    if random.random() < _NOISY:
        snr_db = random.uniform(*_SNR_DB)
        voice = in_noise(voice, NOISES[random.integers(len(NOISES))], snr_db, babble, random)
    peak = 10 ** (random.uniform(*_PEAK_DBFS) / 20)
    levelled: FloatArray = (voice * (peak / np.max(np.abs(voice)))).astype(np.float32)
    return levelled


def in_noise(
    samples: npt.NDArray[np.floating],
    noise: Noise,
    snr_db: float,
    babble: FloatArray,
    random: np.random.Generator,
) -> _Floats:
    """Add noise whose power is `snr_db` below that of the voice where it sounds.

    Returns:
        (n,) samples, which may go beyond -1..1.
    """
    voice = samples.astype(np.float64)
    if noise == "babble":
        added = babble.astype(np.float64)
    else:
        added = _coloured(len(voice), 1.0 if noise == "pink" else 0.0, random)
    active = active_hops(samples.astype(np.float32))
    hop = len(voice) // len(active)
    power = np.mean(voice[: len(active) * hop].reshape(-1, hop)[active] ** 2)
    noisy: _Floats = voice + added * np.sqrt(power / np.mean(added**2) / 10 ** (snr_db / 10))
    return noisy


def _coloured(count: int, power: float, random: np.random.Generator) -> _Floats:
    """Noise whose power falls with the frequency to `power`, level below 50 Hz."""
    spectrum = np.fft.rfft(random.normal(size=count))
    hz = np.maximum(np.fft.rfftfreq(count, 1 / SAMPLE_RATE_HZ), _FLAT_BELOW_HZ)
    coloured: _Floats = np.fft.irfft(spectrum * hz ** (-power / 2), count)
    return coloured


def _reverberant(voice: _Floats, random: np.random.Generator) -> _Floats:
    """A room as decaying noise behind the direct sound (Polack 1988): 60 dB in 0.15 to 0.6 s."""
    length_s = random.uniform(*_REVERBERATION_S)
    time_s = np.arange(round(length_s * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    response = random.normal(size=len(time_s)) * 10 ** (-3 * time_s / length_s)
    response[time_s < _FIRST_REFLECTION_S] = 0
    ratio_db = random.uniform(*_DIRECT_TO_REVERBERANT_DB)
    response *= np.sqrt(10 ** (-ratio_db / 10) / np.sum(response**2))
    response[0] = 1.0
    reverberant: _Floats = signal.fftconvolve(voice, response)[: len(voice)]
    return reverberant
