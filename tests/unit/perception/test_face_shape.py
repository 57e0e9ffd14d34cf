"""Smile and brows: what moves them, what must not, and what labelled faces show."""

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from appliance.domain.media import FloatArray, Frame, ImageArray
from appliance.perception.face import FaceObserver
from appliance.perception.face_shape import face_shape

FramesOf = Callable[[str], tuple[Frame, ...]]

MOUTH_CORNERS = [61, 291]
BROWS = [52, 65, 55, 282, 295, 285]
FERPLUS_NEUTRAL, FERPLUS_HAPPY = 0, 1


def points_of(observer: FaceObserver, image: ImageArray) -> FloatArray:
    landmarks = observer.sight(Frame(0, image)).landmarks
    assert landmarks is not None
    return landmarks.points


def median_smile(observer: FaceObserver, frames: tuple[Frame, ...]) -> float:
    smiles = [observer.sight(frame).observation.smile for frame in frames]
    return float(np.median([smile for smile in smiles if smile is not None]))


@pytest.mark.data
def test_a_happy_face_smiles_more_than_the_same_face_neutral_or_sad(
    observer: FaceObserver, frames_of: FramesOf, show: Callable[[str], None]
) -> None:
    smiles = {
        label: median_smile(observer, frames_of(f"1001_DFA_{label}_XX.flv"))
        for label in ("HAP", "NEU", "SAD")
    }
    show(f"median smile: {smiles}")
    assert smiles["HAP"] > smiles["NEU"] + 0.3
    assert smiles["HAP"] > smiles["SAD"] + 0.3


@pytest.mark.data
@pytest.mark.parametrize("speaker", ["bbaf2n", "brbk7n", "lbax4n", "lrwp9a", "pwij3p", "sbia1a"])
def test_a_neutral_speaker_does_not_smile(
    observer: FaceObserver, frames_of: FramesOf, speaker: str
) -> None:
    assert median_smile(observer, frames_of(f"grid_{speaker}.mpg")) < 0.1


@pytest.mark.data
@given(turn=st.floats(-math.pi, math.pi), nod=st.floats(-0.7, 0.7), scale=st.floats(0.1, 20))
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None
)
def test_neither_pose_nor_distance_counts(
    observer: FaceObserver, portrait: ImageArray, turn: float, nod: float, scale: float
) -> None:
    points = points_of(observer, portrait)
    rest = face_shape(points)
    c, s = math.cos(turn), math.sin(turn)
    tilt = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
    c, s = math.cos(nod), math.sin(nod)
    pitch = np.array([[1, 0, 0], [0, c, -s], [0, s, c]])
    moved = face_shape((points @ (pitch @ tilt) * scale).astype(np.float32))
    assert (moved.smile, moved.brow_raise) == pytest.approx((rest.smile, rest.brow_raise), abs=0.01)


@pytest.mark.data
def test_corners_up_and_apart_are_a_smile_and_brows_up_are_a_raise(
    observer: FaceObserver, portrait: ImageArray
) -> None:
    points = points_of(observer, portrait)
    rest = face_shape(points)
    eye_distance = np.linalg.norm(points[33] - points[263])
    smiling, raised = points.copy(), points.copy()
    smiling[MOUTH_CORNERS] += np.array([[-0.05, -0.06, 0], [0.05, -0.06, 0]]) * eye_distance
    raised[BROWS] += np.array([0, -0.03, 0]) * eye_distance
    assert face_shape(smiling).smile > rest.smile + 0.4
    assert face_shape(smiling).brow_raise == rest.brow_raise
    assert face_shape(raised).brow_raise > rest.brow_raise + 0.3
    assert face_shape(raised).smile == rest.smile


@pytest.mark.data
def test_shares_stay_between_rest_and_full(observer: FaceObserver, portrait: ImageArray) -> None:
    points = points_of(observer, portrait)
    points[MOUTH_CORNERS] += np.array([[-200, -200, 0], [200, -200, 0]])
    points[BROWS] += np.array([0, 200, 0])
    shape = face_shape(points)
    assert (shape.smile, shape.brow_raise) == (1, 0)


@pytest.mark.data
def test_faces_that_people_call_happy_smile_more_than_neutral_ones(
    observer: FaceObserver, shared_data: Path, show: Callable[[str], None]
) -> None:
    with np.load(shared_data / "fer2013.npz") as data:
        images, votes = data["validation_images"], data["validation_ferplus_votes"]
    neutral = _smiles(observer, images[votes[:, FERPLUS_NEUTRAL] >= 8][:120])
    happy = _smiles(observer, images[votes[:, FERPLUS_HAPPY] >= 8][:120])
    higher = happy[:, None] > neutral[None]
    area = float((higher + 0.5 * (happy[:, None] == neutral[None])).mean())
    medians = (float(np.median(neutral)), float(np.median(happy)))
    show(f"FER+ happy against neutral: n {len(happy)} + {len(neutral)}, AUC {area:.3f}")
    show(f"FER+ median smile, neutral and happy: {medians}")
    assert min(len(neutral), len(happy)) > 90
    assert area > 0.9
    assert medians[0] < 0.1
    assert medians[1] > 0.4


def _smiles(observer: FaceObserver, faces: npt.NDArray[np.uint8]) -> npt.NDArray[np.floating]:
    smiles = []
    for face in faces:
        # The set's faces fill their 48x48 pictures; the detector wants some surroundings.
        picture = np.full((216, 216), 128, np.uint8)
        enlarged = Image.fromarray(face).resize((144, 144), Image.Resampling.BICUBIC)
        picture[36:180, 36:180] = np.asarray(enlarged)
        observation = observer.sight(Frame(0, np.stack([picture] * 3, axis=2))).observation
        if observation.smile is not None:
            smiles.append(observation.smile)
    return np.array(smiles)
