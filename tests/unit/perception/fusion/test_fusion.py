"""An answer in one call: looks are moved onto the sound's clock, and fused with the voice."""

from pathlib import Path

import numpy as np
import pytest

from appliance.domain.observations import (
    ExpressionObservation,
    FaceObservation,
    ProsodyTrack,
    Span,
    VoiceObservation,
)
from appliance.perception.face import FaceSighting
from appliance.perception.face_detection import FaceDetection
from appliance.perception.fusion.fusion import Fused, Fusion
from appliance.perception.fusion.model import FusionModel
from appliance.perception.landmarks import FaceCrop, FaceLandmarks
from appliance.perception.prosody import spoken_range_db
from tests.unit.perception.fusion.test_clock_offset import said, syllables
from tests.unit.perception.fusion.test_fusion_model import model as fusion_model

LENGTH_S = 40.0


@pytest.fixture
def model(tmp_path: Path) -> FusionModel:
    return fusion_model(tmp_path)


def sighting(time_s: float, opening: float) -> FaceSighting:
    points = np.zeros((468, 3), np.float32)
    points[263, 0], points[14, 1] = 1.0, opening
    landmarks = FaceLandmarks(points, 1.0, FaceCrop(0, 0, 1, 0), np.zeros((1, 1, 3), np.uint8))
    detection = FaceDetection(0, 0, 1, 1, np.zeros((6, 2), np.float32), 1.0)
    return FaceSighting(FaceObservation(time_s, 1), detection, landmarks)


def seen_late(model: FusionModel, late: float) -> Fusion:
    """A face that smiles from 20 s on and speaks all along, on a clock that is late."""
    curve = syllables(LENGTH_S, seed=5)
    fusion = Fusion(model)
    for tenth in range(int(LENGTH_S * 10)):
        time_s = tenth / 10
        name = "happiness" if time_s >= LENGTH_S / 2 else "sadness"
        shown = ExpressionObservation(time_s + late, {name: 1.0}, 1.0)
        fusion.see(sighting(time_s + late, float(curve[tenth * 10])), shown)
    return fusion


@pytest.mark.parametrize("late", [-2.0, 0.0, 2.0])
def test_a_late_camera_is_put_right(model: FusionModel, late: float) -> None:
    fused = seen_late(model, late).finish((), [said(syllables(LENGTH_S, seed=5))], LENGTH_S)
    told = fused.windows
    smiling = [one for one in told if one.probabilities["happy"] > 0.5]
    middle_s = smiling[0].start_s + 1.5
    assert middle_s == pytest.approx(LENGTH_S / 2, abs=1.0)
    assert {one.sources for one in told} == {("face",)}
    (offset,) = fused.offsets
    assert offset.late_s == pytest.approx(late, abs=0.1)
    assert offset.corrected is (late != 0.0)


def test_where_the_offset_is_not_known_nothing_is_moved(model: FusionModel) -> None:
    fused = seen_late(model, 2.0).finish((), [said(syllables(LENGTH_S, seed=6))], LENGTH_S)
    assert [(one.late_s, one.corrected) for one in fused.offsets] == [(None, False)]
    smiling = [one for one in fused.windows if one.probabilities["happy"] > 0.5]
    assert smiling[0].start_s + 1.5 == pytest.approx(LENGTH_S / 2 + 2.0, abs=1.0)


def test_a_voice_without_any_look_is_what_the_voice_says(model: FusionModel) -> None:
    names = ("neutral", "calm", "happy", "sad", "angry", "fearful", "disgust", "surprised")
    shares = dict(zip(names, np.random.default_rng(0).dirichlet(np.ones(8)), strict=True))
    voice = [VoiceObservation(start_s, start_s + 3, shares, 1.0) for start_s in (0.0, 1.5, 3.0)]
    told = Fusion(model).finish(voice[::-1], (), 6.0).windows
    assert len(told) == 7
    assert {one.sources for one in told} == {("voice",)}
    likely = max(shares, key=lambda name: shares[name])
    assert {max(one.probabilities, key=lambda n: one.probabilities[n]) for one in told} == {likely}


def test_nobody_seen_or_heard_gives_nothing(model: FusionModel) -> None:
    fusion = Fusion(model)
    for second in range(10):
        fusion.see(FaceSighting(FaceObservation(float(second), 0)), None)
    assert fusion.finish((), (), 10.0) == Fused((), ())


def test_the_range_of_loudness_is_that_of_the_windows_own_sound() -> None:
    loudness = (*[-60.0] * 100, *[-20.0] * 100, *[-50.0] * 50)
    track = ProsodyTrack(5.0, 0.01, (None,) * len(loudness), loudness)
    assert spoken_range_db([track], Span(5.0, 7.0)) == pytest.approx(40)
    assert spoken_range_db([track], Span(6.1, 6.9)) == 0
    assert spoken_range_db([], Span(5.0, 7.0)) == 0
