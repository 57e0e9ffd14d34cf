"""How a stretch of voice sounds, as one vector: what the voice forest is trained and asked with.

Training and device call the same function, so they cannot differ. Silence around and within the
voice is left out and the level is normalised, so neither the microphone's gain nor the padding
matters. Each family of features is one contour (a value every 10 ms) and its statistics:

- MFCC (Davis and Mermelstein, IEEE Trans. ASSP 1980) with first and second differences, by
  python_speech_features;
- log-mel bands, and how their slow modulation is shared between rates of 1 to 16 Hz;
- shape of the spectrum: alpha ratio, Hammarberg index and spectral slopes, as defined by Eyben et
  al., "The Geneva Minimalistic Acoustic Parameter Set" (IEEE Trans. Affective Computing 2016), with
  centroid, roll-off, flatness and flux;
- pitch and periodicity by `prosody`, with jitter-like and shimmer-like differences. True jitter and
  shimmer compare single periods; these compare neighbouring values of the 10 ms tracks.
"""

import functools
import math

import numpy as np
import numpy.typing as npt
import python_speech_features as psf
from scipy import fft

from appliance.domain.errors import BoothError
from appliance.domain.media import SAMPLE_RATE_HZ, FloatArray
from appliance.perception.prosody import HOP_S, PitchPath, measure_loudness, track_pitch

SHORTEST_VOICE_S = 0.5
"""Less voice than this gives no vector."""

_WINDOW_S = 0.025
_FFT_SIZE = 512  # at least the 400 samples of a window: the library would cut longer windows off
_CEPSTRA = 20
_MEL_BANDS = 26
_LEVEL_RMS = 0.1
_DITHER_RMS = 1e-4  # 60 dB below the voice, so that digital silence has a finite spectrum
_ACTIVE_BELOW_LOUD_DB = 35.0
_QUIETEST_VOICE_DBFS = -70.0
_REFERENCE_PITCH_HZ = 100.0
_MODULATION_BANDS_HZ = ((1.0, 2.0), (2.0, 4.0), (4.0, 8.0), (8.0, 16.0))

_Floats = npt.NDArray[np.float64]
_Flags = npt.NDArray[np.bool_]


class TooLittleVoiceError(BoothError, ValueError):
    """A stretch of sound holds less voice than a vector needs."""

    code = "too_little_voice"


@functools.cache
def feature_names() -> tuple[str, ...]:
    """Names of the vector's values, in its order."""
    half_second = np.sin(np.arange(SAMPLE_RATE_HZ // 2) / 10).astype(np.float32)
    return tuple(_describe(half_second))


def active_hops(samples: FloatArray) -> _Flags:
    """Which 10 ms of (n,) float samples are sound rather than silence: (n // 160,) bool.

    Sound lies within 35 dB of the loud parts (95th percentile). Where those are below -70 dBFS, it
    is all silence.
    """
    loudness = measure_loudness(samples)
    if not len(loudness):
        return np.zeros(0, dtype=np.bool_)
    loud = np.percentile(loudness, 95)
    active: _Flags = (loudness > loud - _ACTIVE_BELOW_LOUD_DB) & (loud > _QUIETEST_VOICE_DBFS)
    return active


def voice_features(samples: FloatArray) -> FloatArray:
    """Describe a stretch of voice.

    Args:
        samples: (n,) float32, 16 kHz mono; a few seconds.

    Returns:
        float32 values, finite, in the order of `feature_names`; the same for any gain of the
        samples but for rounding.

    Raises:
        TooLittleVoiceError: less than 0.5 s of it is sound.
    """
    return np.array(list(_describe(samples).values()), dtype=np.float32)


def levelled_voice(samples: FloatArray) -> FloatArray:
    """The sound from its first to its last active hop, at the one level that features are taken at.

    Args:
        samples: (n,) float32, 16 kHz mono.

    Returns:
        (m,) float32, RMS 0.1 where it is active.

    Raises:
        TooLittleVoiceError: less than 0.5 s of it is sound.
    """
    return _sounding(samples)[0].astype(np.float32)


def _sounding(samples: FloatArray) -> tuple[_Floats, _Flags]:
    """The levelled sound and which of its hops are active.

    Raises:
        TooLittleVoiceError: less than 0.5 s of it is sound.
    """
    active = active_hops(samples)
    voice_s = np.count_nonzero(active) * HOP_S
    if voice_s < SHORTEST_VOICE_S - HOP_S / 2:
        message = (
            f"{voice_s:.2f} s of sound are too little to describe a voice: "
            f"{SHORTEST_VOICE_S} s are needed."
        )
        raise TooLittleVoiceError(message)
    first, last = np.flatnonzero(active)[[0, -1]]
    active = active[first : last + 1]
    hop = round(HOP_S * SAMPLE_RATE_HZ)
    return _levelled(samples[first * hop : (last + 1) * hop], active, hop), active


def _describe(samples: FloatArray) -> dict[str, float]:
    signal, active = _sounding(samples)
    # Windows start with their hop, so the last ones reach beyond the sound: silence is appended.
    padded = np.append(signal, np.zeros(round((_WINDOW_S - HOP_S) * SAMPLE_RATE_HZ)))
    features: dict[str, float] = {}
    _add_cepstra(features, padded, active)
    _add_spectrum(features, padded, active)
    path = track_pitch(signal.astype(np.float32))
    _add_pitch(features, path, measure_loudness(signal.astype(np.float32)), active)
    return features


def _levelled(samples: FloatArray, active: _Flags, hop: int) -> _Floats:
    """Bring the active hops to one RMS, and add faint noise that is always the same."""
    signal = samples[: len(active) * hop].astype(np.float64)
    signal -= signal.mean()
    power = np.mean(signal.reshape(-1, hop)[active] ** 2)
    noise = np.random.default_rng(0).normal(0.0, _DITHER_RMS, len(signal))
    levelled: _Floats = signal * (_LEVEL_RMS / math.sqrt(power)) + noise
    return levelled


def _add_cepstra(features: dict[str, float], signal: _Floats, active: _Flags) -> None:
    cepstra = psf.mfcc(
        signal,
        SAMPLE_RATE_HZ,
        winlen=_WINDOW_S,
        winstep=HOP_S,
        numcep=_CEPSTRA,
        nfilt=_MEL_BANDS,
        nfft=_FFT_SIZE,
        winfunc=np.hamming,
    )
    delta = psf.delta(cepstra, 2)
    names = [f"mfcc{index}" for index in range(_CEPSTRA)]
    _add_contours(features, names, cepstra[active], percentiles=(10, 25, 50, 75, 90))
    _add_contours(
        features, [f"{name}.delta" for name in names], delta[active], percentiles=(10, 50, 90)
    )
    _add_spread(features, [f"{name}.delta2" for name in names], psf.delta(delta, 2)[active])


def _add_spectrum(features: dict[str, float], signal: _Floats, active: _Flags) -> None:
    length = round(_WINDOW_S * SAMPLE_RATE_HZ)
    hop = round(HOP_S * SAMPLE_RATE_HZ)
    frames = np.lib.stride_tricks.sliding_window_view(signal, length)[::hop][: len(active)]
    spectrum = fft.rfft(frames * np.hamming(length), _FFT_SIZE)
    power: _Floats = spectrum.real**2 + spectrum.imag**2
    mel = _decibels(power @ _mel_filters().T)
    names = [f"mel{index}" for index in range(_MEL_BANDS)]
    _add_contours(features, names, mel[active], percentiles=(10, 50, 90))
    steps = np.diff(mel, axis=0)[active[1:] & active[:-1]]
    _add_spread(features, [f"{name}.delta" for name in names], steps)
    _add_modulation(features, mel)
    _add_shape(features, power, active)


def _add_shape(features: dict[str, float], power: _Floats, active: _Flags) -> None:
    hz = fft.rfftfreq(_FFT_SIZE, 1 / SAMPLE_RATE_HZ)
    total = power.sum(axis=1)
    share = power / total[:, np.newaxis]
    centroid = share @ hz

    def band(low: float, high: float) -> _Floats:
        part: _Floats = power[:, (hz >= low) & (hz < high)]
        return part

    change = np.diff(np.sqrt(share), axis=0, prepend=np.sqrt(share[:1]))
    contours = {
        "centroid": np.log2(centroid),
        "spread": np.log2(np.sqrt(np.maximum(share @ hz**2 - centroid**2, 1.0))),
        "rolloff": np.log2(hz[np.argmax(np.cumsum(share, axis=1) >= 0.85, axis=1)] + 1),
        "flatness": np.mean(_decibels(power), axis=1) - _decibels(np.mean(power, axis=1)),
        "flux": np.sqrt(np.sum(change**2, axis=1)),
        "alpha_ratio": _decibels(band(50, 1000).sum(axis=1))
        - _decibels(band(1000, 5000).sum(axis=1)),
        "hammarberg": _decibels(band(0, 2000).max(axis=1))
        - _decibels(band(2000, 5000).max(axis=1)),
        "slope_0_500": _slope(_decibels(band(0, 500))),
        "slope_500_1500": _slope(_decibels(band(500, 1500))),
        "high_share": _decibels(band(4000, 8000).sum(axis=1)) - _decibels(total),
        "level": _decibels(total),
    }
    values = np.column_stack(list(contours.values()))
    _add_contours(features, list(contours), values[active], percentiles=(10, 50, 90))
    steps = np.diff(values, axis=0)[active[1:] & active[:-1]]
    _add_spread(features, [f"{name}.delta" for name in contours], steps)


def _add_modulation(features: dict[str, float], mel: _Floats) -> None:
    """How the movement of four groups of bands is shared between rates of 1 to 16 Hz."""
    hz = fft.rfftfreq(512, HOP_S)
    for group, bands in enumerate(np.array_split(mel, 4, axis=1)):
        contour = bands.mean(axis=1)
        contour = (contour - contour.mean()) * np.hanning(len(contour))
        # Zeros are appended, or the contour is cut at 5.12 s: more says nothing about these rates.
        power = np.abs(fft.rfft(contour, 512)) ** 2
        total = power[(hz >= 1) & (hz < 16)].sum() + 1e-9
        for low, high in _MODULATION_BANDS_HZ:
            name = f"modulation{group}.{low:g}_{high:g}hz"
            features[name] = float(power[(hz >= low) & (hz < high)].sum() / total)


def _add_pitch(
    features: dict[str, float], path: PitchPath, loudness: _Floats, active: _Flags
) -> None:
    voiced = (path.pitch_hz > 0) & active
    pairs = voiced[1:] & voiced[:-1]
    semitones = 12 * np.log2(np.where(voiced, path.pitch_hz, 1.0) / _REFERENCE_PITCH_HZ)
    steps = np.diff(semitones)[pairs]
    contours = {
        "pitch": semitones[voiced],
        "pitch.step": steps,
        "jitter": np.abs(np.diff(steps)),
        "shimmer": np.abs(np.diff(loudness))[pairs],
        "periodicity": path.periodicity[voiced],
    }
    for name, contour in contours.items():
        # A voice without any pitch (a whisper) is described by zeros, and by a voiced share of 0.
        values = contour if len(contour) else np.zeros(1)
        _add_contours(features, [name], values[:, np.newaxis], percentiles=(5, 25, 50, 75, 95))
    features["pitch.range"] = features["pitch.p95"] - features["pitch.p5"]
    features["pitch.rising"] = float(np.mean(steps > 0)) if len(steps) else 0.0
    features["voiced.share"] = float(np.mean(voiced[active]))
    runs = np.flatnonzero(np.diff(np.concatenate([[False], voiced, [False]]).astype(int)))
    lengths = np.diff(runs)[::2] * HOP_S
    features["voiced.run"] = float(np.mean(lengths)) if len(lengths) else 0.0
    features["voiced.runs_per_s"] = len(lengths) / (len(active) * HOP_S)
    features["silence.share"] = float(1 - np.mean(active))


def _add_contours(
    features: dict[str, float], names: list[str], values: _Floats, percentiles: tuple[int, ...]
) -> None:
    """Add mean, standard deviation and percentiles of the columns of (n, names) values."""
    means = values.mean(axis=0)
    ranks = np.percentile(values, percentiles, axis=0)
    for column, name in enumerate(names):
        features[f"{name}.mean"] = float(means[column])
        for percent, rank in zip(percentiles, ranks, strict=True):
            features[f"{name}.p{percent}"] = float(rank[column])
    _add_spread(features, names, values)


def _add_spread(features: dict[str, float], names: list[str], values: _Floats) -> None:
    spread = values.std(axis=0) if len(values) else np.zeros(len(names))
    for name, value in zip(names, spread, strict=True):
        features[f"{name}.std"] = float(value)


def _slope(decibels: _Floats) -> _Floats:
    """Slope of a straight line through each row of (n, bins), in dB a bin."""
    position = np.arange(decibels.shape[1]) - (decibels.shape[1] - 1) / 2
    slope: _Floats = decibels @ position / np.sum(position**2)
    return slope


def _decibels(power: _Floats) -> _Floats:
    decibels: _Floats = 10 * np.log10(np.maximum(power, 1e-12))
    return decibels


@functools.cache
def _mel_filters() -> _Floats:
    filters: _Floats = psf.get_filterbanks(_MEL_BANDS, _FFT_SIZE, SAMPLE_RATE_HZ)
    return filters
