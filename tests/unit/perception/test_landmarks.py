"""The landmarks: the crop that they are found in, and the way back to the picture."""

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from appliance.domain.errors import ModelError
from appliance.domain.media import FloatArray, Frame, ImageArray
from appliance.perception.face_detection import LEFT_EYE, RIGHT_EYE, FaceDetector
from appliance.perception.landmarks import FaceCrop, FaceLandmarks, LandmarkFinder
from appliance.perception.tflite import TfliteModel

FramesOf = Callable[[str], tuple[Frame, ...]]

RIGHT_EYE_CORNERS, LEFT_EYE_CORNERS = [33, 133], [263, 362]


class Finder:
    """Detector and landmarks together: the points of the largest face."""

    def __init__(self, models_dir: Path) -> None:
        self.detector = FaceDetector(TfliteModel(models_dir / "face_detection_back.tflite"))
        self.landmarks = LandmarkFinder(TfliteModel(models_dir / "face_landmark.tflite"))

    def find(self, image: ImageArray) -> FaceLandmarks:
        return self.landmarks.find(image, self.detector.detect(image)[0])


@pytest.fixture(scope="module")
def finder(models_dir: Path) -> Finder:
    return Finder(models_dir)


def eye_distance(points: FloatArray) -> float:
    return float(np.linalg.norm(points[33] - points[263]))


@given(
    centre=st.tuples(st.floats(90, 160), st.floats(90, 160)),
    side=st.floats(20, 110),
    angle=st.floats(-math.pi, math.pi),
)
@settings(max_examples=50, deadline=None)
def test_a_crop_knows_where_its_pixels_come_from(
    centre: tuple[float, float], side: float, angle: float
) -> None:
    # A picture whose colours are its coordinates.
    y, x = np.mgrid[:250, :250]
    picture = np.stack([x, y, np.zeros_like(x)], axis=2).astype(np.uint8)
    crop = FaceCrop(*centre, side, angle)
    size = 24
    colours = crop.cut(picture, size)[..., :2].reshape(-1, 2)
    rows, columns = np.mgrid[:size, :size]
    shares = np.stack([columns + 0.5, rows + 0.5, np.zeros_like(rows)], axis=2) / size
    places = crop.in_picture(shares.reshape(-1, 3).astype(np.float32))[:, :2]
    np.testing.assert_allclose(colours, places - 0.5, atol=1.1)


def test_a_crop_beyond_the_picture_is_black_there() -> None:
    crop = FaceCrop(centre_x=0, centre_y=0, side=100, angle=0)
    cut = crop.cut(np.full((200, 200, 3), 200, np.uint8), 50)
    assert cut[:24, :24].max() == 0
    assert cut[26:, 26:].min() == 200


@pytest.mark.parametrize("place", [(-500, -500), (5000, 50), (0.5, 0.5)])
@pytest.mark.parametrize("size", [(1, 1), (3, 7), (201, 99)])
def test_any_crop_of_any_picture_can_be_cut(
    place: tuple[float, float], size: tuple[int, int]
) -> None:
    cut = FaceCrop(*place, side=1.5, angle=1).cut(np.zeros((*size, 3), np.uint8), 192)
    assert cut.shape == (192, 192, 3)


def test_the_detector_is_not_taken_for_the_landmark_model(models_dir: Path) -> None:
    with pytest.raises(ModelError, match=r"face_detection_back\.tflite"):
        LandmarkFinder(TfliteModel(models_dir / "face_detection_back.tflite"))


@pytest.mark.data
def test_the_points_agree_with_the_detectors_eyes(finder: Finder, portrait: ImageArray) -> None:
    (face,) = finder.detector.detect(portrait)
    found = finder.landmarks.find(portrait, face)
    assert found.points.shape == (468, 3)
    assert found.presence > 0.99
    assert found.aligned.shape == (192, 192, 3)
    for corners, eye in ((RIGHT_EYE_CORNERS, RIGHT_EYE), (LEFT_EYE_CORNERS, LEFT_EYE)):
        middle = found.points[corners, :2].mean(axis=0)
        assert np.linalg.norm(middle - face.key_points[eye]) < 0.06 * face.width


@pytest.mark.data
@pytest.mark.parametrize("degrees", [-40, -15, 25])
def test_the_points_follow_a_tilted_face(
    finder: Finder, portrait: ImageArray, degrees: float
) -> None:
    upright = finder.find(portrait).points[:, :2]
    # Pillow turns counter-clockwise about the picture's middle.
    turned = np.asarray(Image.fromarray(portrait).rotate(degrees, Image.Resampling.BICUBIC))
    points = finder.find(turned).points[:, :2]
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    expected = (upright - (180, 144)) @ np.array([[cosine, -sine], [sine, cosine]]) + (180, 144)
    distances = np.linalg.norm(points - expected, axis=1)
    assert np.median(distances) < 0.05 * eye_distance(upright)


@pytest.mark.data
def test_a_4k_face_has_the_points_of_the_small_one(finder: Finder, portrait: ImageArray) -> None:
    small = finder.find(portrait).points
    large_picture = Image.fromarray(portrait).resize((2700, 2160), Image.Resampling.BICUBIC)
    large = finder.find(np.asarray(large_picture)).points / 7.5
    distances = np.linalg.norm((large - small)[:, :2], axis=1)
    assert np.median(distances) < 0.03 * eye_distance(small)
    assert np.abs(large[:, 2] - small[:, 2]).mean() < 0.1 * eye_distance(small)


@pytest.mark.data
def test_the_same_frame_gives_the_same_points(finder: Finder, frames_of: FramesOf) -> None:
    image = frames_of("address.mp4")[0].image
    np.testing.assert_array_equal(finder.find(image).points, finder.find(image.copy()).points)
