"""A mouth and its voice that are apart are brought together; strangers are left alone."""

from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from appliance.devices.camera.recording import RecordingCamera
from appliance.devices.microphone.recording import RecordingMicrophone
from appliance.domain.observations import ProsodyTrack
from appliance.perception.face import FaceObserver
from appliance.perception.fusion.clock_offset import (
    Offset,
    find_offsets,
    late_s,
    mouth_opening,
)
from appliance.perception.prosody import HOP_S, measure_loudness

Mouth = list[tuple[float, float]]


def syllables(seconds: float, seed: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """A curve that rises and falls some four times a second, a value every 10 ms, 0..1."""
    random = np.random.default_rng(seed)
    rough = random.normal(size=round(seconds * 100) + 40)
    curve = np.convolve(rough, np.hanning(21), "valid")
    curve = (curve - curve.min()) / (curve.max() - curve.min())
    return np.asarray(curve[: round(seconds * 100)])


def said(curve: np.ndarray[tuple[int], np.dtype[np.float64]]) -> ProsodyTrack:
    return ProsodyTrack(0.0, 0.01, (None,) * len(curve), tuple((40 * curve - 60).tolist()))


def seen(curve: np.ndarray[tuple[int], np.dtype[np.float64]], late: float) -> Mouth:
    times_s = np.arange(0, len(curve) / 100, 0.1)
    return [(float(time_s) + late, float(curve[int(time_s * 100)])) for time_s in times_s]


@pytest.mark.parametrize("late", [-2.0, -0.5, 0.0, 1.0, 2.0])
def test_a_late_picture_is_found_to_be_late(late: float) -> None:
    curve = syllables(25, seed=1)
    (found,) = find_offsets(seen(curve, late), [said(curve)])
    assert found.picture_late_s == pytest.approx(late, abs=0.05)


def test_a_clock_that_drifts_is_followed_from_stretch_to_stretch() -> None:
    curve = syllables(120, seed=2)
    drifting = [(time_s * 1.01, opening) for time_s, opening in seen(curve, 0.0)]
    offsets = find_offsets(drifting, [said(curve)])
    assert [round(one.at_s) for one in offsets] == [15, 45, 75, 105]
    for one in offsets:
        assert one.picture_late_s == pytest.approx(0.01 * one.at_s, abs=0.1)
    assert late_s(offsets, 0.0) < late_s(offsets, 119.0)


@pytest.mark.parametrize("seed", range(10))
def test_a_mouth_that_does_not_belong_to_the_voice_tells_nothing(seed: int) -> None:
    mouth, voice = syllables(25, seed=100 + seed), syllables(25, seed=200 + seed)
    (found,) = find_offsets(seen(mouth, 0.0), [said(voice)])
    assert found.picture_late_s is None
    assert late_s([found], 3.0) == 0.0


def test_too_little_is_not_compared() -> None:
    curve = syllables(10, seed=3)
    assert find_offsets(seen(curve, 0.0), [said(curve)]) == []
    assert find_offsets([], [said(curve)]) == []
    assert find_offsets(seen(curve, 0.0), []) == []


def test_a_still_mouth_tells_nothing() -> None:
    curve = syllables(25, seed=4)
    still = [(time_s, 0.1) for time_s, _ in seen(curve, 0.0)]
    (found,) = find_offsets(still, [said(curve)])
    assert found.picture_late_s is None


def test_the_nearest_stretch_that_knows_is_believed() -> None:
    offsets = [Offset(15, 0.2, 0.6, 0.3), Offset(45, None, 0.1, 0.0), Offset(75, 0.6, 0.6, 0.3)]
    assert [late_s(offsets, time_s) for time_s in (0, 40, 50, 99)] == [0.2, 0.2, 0.6, 0.6]
    assert late_s([], 1.0) == 0.0


@pytest.mark.parametrize("late", [-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0])
def test_a_real_clip_that_was_shifted_is_repaired(
    observer: FaceObserver, sample: Path, late: float
) -> None:
    mouth, sound = _talking(observer, sample, rate_hz=5.0, end_s=20.0)
    (found,) = find_offsets([(time_s + late, opening) for time_s, opening in mouth], [sound])
    assert found.picture_late_s == pytest.approx(late, abs=0.1)


def test_the_voice_of_another_moment_tells_nothing(observer: FaceObserver, sample: Path) -> None:
    mouth, _ = _talking(observer, sample, rate_hz=5.0, end_s=20.0)
    samples = np.concatenate([block.samples for block in RecordingMicrophone(sample).blocks()])
    loudness = measure_loudness(samples)
    for later_s in (7, 13, 19, 25):
        first = round(later_s / HOP_S)
        heard = loudness[first : first + round(20 / HOP_S)]
        track = ProsodyTrack(0.0, HOP_S, (None,) * len(heard), tuple(heard.tolist()))
        (found,) = find_offsets(mouth, [track])
        assert found.picture_late_s is None


@pytest.mark.data
def test_a_clip_of_three_seconds_is_too_short_to_tell(observer: FaceObserver, clips: Path) -> None:
    mouth, sound = _talking(observer, clips / "grid_pwij3p.mpg", rate_hz=5.0, end_s=3.0)
    assert len(mouth) > 10
    assert find_offsets(mouth, [sound]) == []


@lru_cache(maxsize=2)
def _talking(
    observer: FaceObserver, path: Path, rate_hz: float, end_s: float
) -> tuple[Mouth, ProsodyTrack]:
    mouth = []
    for frame in RecordingCamera(path, rate_hz).frames():
        if frame.time_s > end_s:
            break
        points = observer.sight(frame).landmarks
        if points is not None:
            mouth.append((frame.time_s, mouth_opening(points.points)))
    blocks = [block.samples for block in RecordingMicrophone(path).blocks()]
    loudness = measure_loudness(np.concatenate(blocks))[: round(end_s / HOP_S)]
    return mouth, ProsodyTrack(0.0, HOP_S, (None,) * len(loudness), tuple(loudness.tolist()))
