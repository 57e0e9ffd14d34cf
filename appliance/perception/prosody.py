"""Pitch and loudness of a voice, every 10 ms.

Pitch follows Boersma, "Accurate short-term analysis of the fundamental frequency and the
harmonics-to-noise ratio of a sampled sound" (IFA Proceedings 17, 1993): the autocorrelation of each
windowed frame is divided by that of the window, its peaks are candidates, and the cheapest path
through the candidates of all frames is the pitch. The constants are those of his implementation
(Praat's "To Pitch (ac)"), except for the range.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import fft

from appliance.domain.media import SAMPLE_RATE_HZ, AudioBlock, FloatArray
from appliance.domain.observations import ProsodyTrack, Span

HOP_S = 0.01
LOUDNESS_FLOOR_DBFS = -100.0
"""The level of digital silence: a finite figure, below the noise of 16-bit sound."""

LOWEST_PITCH_HZ = 65.0
HIGHEST_PITCH_HZ = 500.0

_HOP = round(HOP_S * SAMPLE_RATE_HZ)
_WINDOW = round(3 / LOWEST_PITCH_HZ * SAMPLE_RATE_HZ)  # three periods of the lowest pitch
_FFT_SIZE = 2048  # holds the window and the longest lag without wrapping round
_OVERSAMPLING = 2  # of the autocorrelation, so that a parabola fits its peaks
_FRAMES_AT_ONCE = 512  # bounds the memory to some tens of megabytes

_CANDIDATES = 10
_SILENCE_THRESHOLD = 0.03
_VOICING_THRESHOLD = 0.45
_OCTAVE_COST = 0.01
_OCTAVE_JUMP_COST = 0.35
_VOICING_CHANGE_COST = 0.14
_CEILING_OF_UPPER_QUARTILE = 2.5

_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PitchPath:
    """Pitch in arrays, for those who compute with it.

    Attributes:
        pitch_hz: (n,) float64, 0 where unvoiced; a value every `HOP_S`, the first at `HOP_S` / 2.
        periodicity: (n,) float64 in 0..1, height of the autocorrelation's peak at that pitch (the
            share of the energy that is harmonic), 0 where unvoiced.
    """

    pitch_hz: _Floats
    periodicity: _Floats


def measure_prosody(block: AudioBlock) -> ProsodyTrack:
    """Pitch and loudness of one stretch of voice, best with some quiet around it.

    Loudness is the RMS of each 10 ms, between `LOUDNESS_FLOOR_DBFS` and 0. A rest shorter than
    10 ms at the end is left out, so a block shorter than that gives an empty track. Sound that is
    much quieter than the block's loudest part counts as unvoiced.
    """
    path = track_pitch(block.samples)
    return ProsodyTrack(
        start_s=block.time_s + HOP_S / 2,
        hop_s=HOP_S,
        pitch_hz=tuple(hz if hz > 0 else None for hz in path.pitch_hz.tolist()),
        loudness_dbfs=tuple(measure_loudness(block.samples).tolist()),
    )


def measure_loudness(samples: FloatArray) -> _Floats:
    """RMS in dBFS of each whole 10 ms of (n,) float samples: (n // 160,) float64."""
    count = len(samples) // _HOP
    hops = samples[: count * _HOP].astype(np.float64).reshape(count, _HOP)
    power: _Floats = np.mean(hops**2, axis=1)
    floor = 10 ** (LOUDNESS_FLOOR_DBFS / 10)
    return 10 * np.log10(np.clip(power, floor, 1.0))


def loudness_range_db(loudness_dbfs: npt.NDArray[np.floating[Any]]) -> float:
    """How far speech stands out of what is around it: its loud parts above its still ones.

    Args:
        loudness_dbfs: (n,) a value every 10 ms; empty gives 0.

    Returns:
        The 95th percentile less the tenth. In noise as loud as the voice it is 5 to 15 dB.
    """
    if not len(loudness_dbfs):
        return 0.0
    still, loud = np.percentile(loudness_dbfs, (10, 95))
    return float(loud - still)


def spoken_range_db(sound: Sequence[ProsodyTrack], span: Span) -> float:
    """Range of loudness of what was said within a span; silence around speech is in no track.

    Args:
        sound: loudness along what was said.
        span: of time; 0 dB where nothing was said in it.
    """
    values: list[float] = []
    for track in sound:
        first = max(0, round((span.start_s - track.start_s) / track.hop_s))
        end = max(0, round((span.end_s - track.start_s) / track.hop_s))
        values.extend(track.loudness_dbfs[first:end])
    return loudness_range_db(np.array(values))


def track_pitch(samples: FloatArray) -> PitchPath:
    """The pitch path through (n,) float samples at 16 kHz, n // 160 values."""
    count = len(samples) // _HOP
    if count == 0:
        return PitchPath(np.zeros(0), np.zeros(0))
    centred = samples.astype(np.float64) - np.mean(samples, dtype=np.float64)
    loudest = float(np.max(np.abs(centred)))
    if loudest < 10 ** (LOUDNESS_FLOOR_DBFS / 20):
        return PitchPath(np.zeros(count), np.zeros(count))
    margin = (_WINDOW - _HOP) // 2  # puts each window's middle on the middle of its hop
    padded = np.pad(centred, (margin, _WINDOW)).astype(np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::_HOP][:count]
    parts = [
        _candidates(frames[start : start + _FRAMES_AT_ONCE], loudest)
        for start in range(0, count, _FRAMES_AT_ONCE)
    ]
    pitch, height, strength = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    rows = np.arange(count)
    chosen = _cheapest_path(pitch, strength)
    if chosen.any():
        voiced_pitch = pitch[rows, chosen][chosen > 0]
        ceiling = _CEILING_OF_UPPER_QUARTILE * np.percentile(voiced_pitch, 75)
        if np.max(voiced_pitch) > ceiling:
            chosen = _cheapest_path(pitch, np.where(pitch > ceiling, -np.inf, strength))
    return PitchPath(pitch[rows, chosen], height[rows, chosen])


def _candidates(frames: FloatArray, loudest: float) -> tuple[_Floats, _Floats, _Floats]:
    """Pitch, peak height and strength of each frame's candidates, three arrays (n, 1 + candidates).

    The first candidate is "unvoiced", with pitch 0. Missing candidates have strength -inf.
    """
    frames = frames - frames.mean(axis=1, keepdims=True)
    local_peak = np.max(np.abs(frames), axis=1).astype(np.float64)
    correlation = _normalised_autocorrelation(frames)

    rate = SAMPLE_RATE_HZ * _OVERSAMPLING
    first = math.floor(rate / HIGHEST_PITCH_HZ)
    last = math.ceil(rate / LOWEST_PITCH_HZ)
    middle = correlation[:, first : last + 1].astype(np.float64)
    before = correlation[:, first - 1 : last].astype(np.float64)
    after = correlation[:, first + 1 : last + 2].astype(np.float64)
    bend = np.minimum(before - 2 * middle + after, -1e-12)
    shift = np.clip((before - after) / (2 * bend), -0.5, 0.5)
    height = np.clip(middle - (before - after) * shift / 4, 0.0, 1.0)
    pitch = rate / (np.arange(first, last + 1) + shift)
    strength = height + _OCTAVE_COST * np.log2(pitch / LOWEST_PITCH_HZ)
    is_peak = (middle > before) & (middle >= after) & (middle > 0)
    is_peak &= (pitch >= LOWEST_PITCH_HZ) & (pitch <= HIGHEST_PITCH_HZ)
    strength[~is_peak] = -np.inf

    best = np.argpartition(strength, -_CANDIDATES, axis=1)[:, -_CANDIDATES:]
    pitch, height, strength = (
        np.take_along_axis(array, best, axis=1) for array in (pitch, height, strength)
    )
    relative = local_peak / loudest
    quiet = 2 - relative * (1 + _VOICING_THRESHOLD) / _SILENCE_THRESHOLD
    unvoiced = _VOICING_THRESHOLD + np.maximum(0.0, quiet)
    return (
        np.pad(pitch, ((0, 0), (1, 0))),
        np.pad(height, ((0, 0), (1, 0))),
        np.column_stack([unvoiced, strength]),
    )


def _normalised_autocorrelation(frames: FloatArray) -> FloatArray:
    """Autocorrelation of (n, window) frames over that of the window, 1 at lag 0, oversampled."""
    window = np.hanning(_WINDOW + 2)[1:-1].astype(np.float32)

    def autocorrelation(signals: FloatArray) -> FloatArray:
        spectrum = fft.rfft(signals, _FFT_SIZE)
        power = spectrum.real**2 + spectrum.imag**2
        lags = fft.irfft(power, _FFT_SIZE * _OVERSAMPLING)[:, : _FFT_SIZE // 2]
        scale = np.maximum(lags[:, :1], np.finfo(np.float32).tiny)
        normalised: FloatArray = lags / scale
        return normalised

    return autocorrelation(frames * window) / autocorrelation(window[np.newaxis])


def _cheapest_path(pitch: _Floats, strength: _Floats) -> npt.NDArray[np.intp]:
    """Index of the chosen candidate of each frame (Viterbi)."""
    octave = np.log2(np.where(pitch > 0, pitch, 1.0))
    voiced = pitch > 0
    count, width = pitch.shape
    came_from = np.zeros((count, width), dtype=np.intp)
    columns = np.arange(width)
    score = strength[0]
    for row in range(1, count):
        jump = np.abs(octave[row - 1][:, np.newaxis] - octave[row])
        both = voiced[row - 1][:, np.newaxis] & voiced[row]
        either = voiced[row - 1][:, np.newaxis] ^ voiced[row]
        total = score[:, np.newaxis] - _OCTAVE_JUMP_COST * jump * both
        total -= _VOICING_CHANGE_COST * either
        came_from[row] = np.argmax(total, axis=0)
        score = total[came_from[row], columns] + strength[row]
    chosen = np.empty(count, dtype=np.intp)
    chosen[-1] = np.argmax(score)
    for row in range(count - 1, 0, -1):
        chosen[row - 1] = came_from[row, chosen[row]]
    return chosen
