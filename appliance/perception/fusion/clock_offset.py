"""How far the camera's clock is from the microphone's, told by the mouth that makes the sound.

While somebody speaks, their mouth opens as they get louder. Both tracks are laid over each other at
every offset of up to 2.5 s; where they agree best, and clearly better than anywhere else, lies the
offset. Where they do not, nothing is known, and nothing is corrected.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from appliance.domain.media import FloatArray
from appliance.domain.observations import ProsodyTrack

MOST_S = 2.5
"""Larger offsets are not looked for."""

STRETCH_S = 30.0
"""Clocks drift: the offset is told anew for each stretch of this length."""

_LEAST_S = 15.0
"""A shorter stretch agrees by chance: clips of three seconds give any offset."""

_GRID_S = 0.04
_LEVEL_S = 0.12  # loudness is averaged over about three frames of a camera
_SLOW_S = 1.0  # slower changes are no syllables: how far a head is turned, how near the microphone
_LOUD_RANGE_DB = 40.0
_APART_S = 0.35  # offsets closer than this to the best one agree because syllables last

# Mouths and sound of 20 s that do not belong together correlated by less than 0.34 anywhere, those
# that do by at least 0.37 at their offset, at ten looks a second and more.
_AGREE = 0.35
_LEAD = 0.15

# Points of the face mesh: inner lips, outer corners of the eyes.
_UPPER_LIP, _LOWER_LIP = 13, 14
_OUTER_EYE_CORNERS = (33, 263)

_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Offset:
    """What was found out about one stretch.

    Attributes:
        at_s: middle of the stretch.
        picture_late_s: how much later the picture is than the sound; negative where it is earlier.
            None where that is not known.
        agreement: correlation of mouth and loudness at the best offset, -1..1.
        lead: how much better it is there than at any other, 0..2.
    """

    at_s: float
    picture_late_s: float | None
    agreement: float
    lead: float


def mouth_opening(points: FloatArray) -> float:
    """Distance of the lips in landmarks (468, 3), by that of the outer corners of the eyes."""
    gap = np.linalg.norm(points[_UPPER_LIP] - points[_LOWER_LIP])
    right, left = points[list(_OUTER_EYE_CORNERS)]
    return float(gap / max(float(np.linalg.norm(left - right)), 1e-6))


def find_offsets(
    mouth: Sequence[tuple[float, float]], sound: Sequence[ProsodyTrack]
) -> list[Offset]:
    """Tell the offset of each stretch of an answer; empty where it is too short.

    Args:
        mouth: time and `mouth_opening` of each look that found a mouth, in order; five looks a
            second are enough for a lively mouth, twenty-five for any.
        sound: loudness along what was said, in order; between the tracks it counts as still.
    """
    if len(mouth) < 2 or not sound:
        return []
    times_s, openings = np.array(mouth, dtype=np.float64).T
    heard_s, levels = _levels(sound)
    begin_s = max(float(times_s[0]), 0.0)
    end_s = min(float(times_s[-1]), float(heard_s[-1]))
    count = max(1, int((end_s - begin_s) / STRETCH_S))
    length_s = (end_s - begin_s) / count
    if length_s < _LEAST_S:
        return []
    found = []
    for index in range(count):
        grid = begin_s + index * length_s + np.arange(0, length_s, _GRID_S)
        at_s = begin_s + (index + 0.5) * length_s
        opened = _syllables(np.interp(grid, times_s, openings))
        loud = _syllables(np.interp(grid, heard_s, levels))
        found.append(_compared(at_s, opened, loud))
    return found


def late_s(offsets: Sequence[Offset], time_s: float) -> float:
    """How much later the picture is at a time, by the nearest stretch that knows; else 0."""
    known = [(abs(one.at_s - time_s), one.picture_late_s) for one in offsets]
    told = [(distance, late) for distance, late in known if late is not None]
    return min(told)[1] if told else 0.0


def _levels(sound: Sequence[ProsodyTrack]) -> tuple[_Floats, _Floats]:
    """Times and the square root of the amplitude of sound, from 40 dB below the loud parts on."""
    loudest = np.percentile(np.concatenate([track.loudness_dbfs for track in sound]), 95)
    times, levels = [], []
    for track in sound:
        count = len(track.loudness_dbfs)
        if not count:
            continue
        inside = track.start_s + (np.arange(count) + 0.5) * track.hop_s
        level = 10 ** (np.maximum(track.loudness_dbfs, loudest - _LOUD_RANGE_DB) / 40)
        still = 10 ** ((loudest - _LOUD_RANGE_DB) / 40)
        times.append(
            np.concatenate([[inside[0] - track.hop_s], inside, [inside[-1] + track.hop_s]])
        )
        width = max(1, round(_LEVEL_S / track.hop_s))
        levels.append(np.concatenate([[still], _mean_around(level, width), [still]]))
    return np.concatenate(times), np.concatenate(levels)


def _syllables(track: _Floats) -> _Floats:
    """A track without its slow changes."""
    quick: _Floats = track - _mean_around(track, round(_SLOW_S / _GRID_S))
    return quick


def _mean_around(track: _Floats, width: int) -> _Floats:
    padded = np.pad(track, (width // 2, width - 1 - width // 2), mode="edge")
    sums = np.cumsum(np.concatenate([[0.0], padded]))
    mean: _Floats = (sums[width:] - sums[:-width]) / width
    return mean


def _compared(at_s: float, opened: _Floats, loud: _Floats) -> Offset:
    most = round(MOST_S / _GRID_S)
    lags = np.arange(-most, most + 1)
    agreement = np.array([_correlation(opened, loud, int(lag)) for lag in lags])
    best = int(agreement.argmax())
    elsewhere = np.abs(lags - lags[best]) * _GRID_S > _APART_S
    lead = float(agreement[best] - agreement[elsewhere].max())
    known = agreement[best] >= _AGREE and lead >= _LEAD
    late = float(lags[best] * _GRID_S) if known else None
    return Offset(at_s, late, float(agreement[best]), lead)


def _correlation(opened: _Floats, loud: _Floats, lag: int) -> float:
    """Of the mouth `lag` places later with the sound."""
    count = len(opened)
    first = opened[max(0, lag) : count + min(0, lag)]
    second = loud[max(0, -lag) : count + min(0, -lag)]
    power = float(np.sum(first**2) * np.sum(second**2))
    return float(np.sum(first * second)) / power**0.5 if power > 0 else 0.0
