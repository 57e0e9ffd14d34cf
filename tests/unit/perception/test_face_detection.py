"""The detector: anchors, merging of boxes, and faces of every size where they really are."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from appliance.domain.errors import ModelError
from appliance.domain.media import FloatArray, Frame, ImageArray
from appliance.perception.face_detection import (
    LEFT_EYE,
    RIGHT_EYE,
    FaceDetector,
    anchor_centres,
    suppress_overlaps,
)
from appliance.perception.tflite import TfliteModel

FramesOf = Callable[[str], tuple[Frame, ...]]
Show = Callable[[str], None]

boxes = st.lists(
    st.tuples(*[st.floats(0, 1, width=32)] * 4, st.floats(0.5, 1, width=32)),
    min_size=1,
    max_size=20,
)


@pytest.fixture(scope="module")
def detector(models_dir: Path) -> FaceDetector:
    return FaceDetector(TfliteModel(models_dir / "face_detection_back.tflite"))


def grey(height: int, width: int) -> ImageArray:
    return np.full((height, width, 3), 110, np.uint8)


def test_the_anchors_are_the_cells_of_both_maps() -> None:
    anchors = anchor_centres()
    assert anchors.shape == (896, 2)
    assert len(np.unique(anchors, axis=0)) == 16 * 16 + 8 * 8
    np.testing.assert_allclose(anchors[0], (1 / 32, 1 / 32))
    np.testing.assert_allclose(anchors[2], (3 / 32, 1 / 32), err_msg="x runs first")
    np.testing.assert_allclose(anchors[-1], (15 / 16, 15 / 16))


def test_boxes_of_one_face_are_averaged_by_their_scores() -> None:
    values = np.array([[0, 0, 10, 10], [1, 0, 11, 10], [50, 50, 60, 60]], np.float32)
    merged = suppress_overlaps(values, np.array([0.9, 0.6, 0.7], np.float32))
    assert [score for _, score in merged] == pytest.approx([0.9, 0.7])
    np.testing.assert_allclose(merged[0][0], (0.4, 0, 10.4, 10), rtol=1e-5)
    np.testing.assert_allclose(merged[1][0], (50, 50, 60, 60))


@given(boxes)
@settings(deadline=None)
def test_merging_ends_and_stays_within_its_boxes(raw: list[tuple[float, ...]]) -> None:
    table = np.array(raw, np.float32)
    corners = np.sort(table[:, :4].reshape(-1, 2, 2), axis=1).reshape(-1, 4)
    merged = suppress_overlaps(corners, table[:, 4])
    scores = [score for _, score in merged]
    assert 1 <= len(merged) <= len(raw)
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == table[:, 4].max()
    for values, _ in merged:
        assert np.all(values >= corners.min(axis=0) - 1e-6)
        assert np.all(values <= corners.max(axis=0) + 1e-6)


@given(st.integers(2, 30))
@settings(deadline=None)
def test_the_same_box_many_times_is_one_face(count: int) -> None:
    values: FloatArray = np.tile(np.array([0.2, 0.2, 0.5, 0.6], np.float32), (count, 1))
    assert len(suppress_overlaps(values, np.full(count, 0.8, np.float32))) == 1


@pytest.mark.parametrize("shade", [0, 110, 255])
def test_a_flat_picture_has_no_face(detector: FaceDetector, shade: int) -> None:
    assert detector.detect(np.full((480, 640, 3), shade, np.uint8)) == ()


@pytest.mark.parametrize("size", [(1, 1), (1, 500), (500, 1), (7, 3), (479, 641), (2161, 3841)])
def test_odd_sizes_are_looked_at(detector: FaceDetector, size: tuple[int, int]) -> None:
    assert detector.detect(grey(*size)) == ()


def test_the_landmark_model_is_not_taken_for_the_detector(models_dir: Path) -> None:
    with pytest.raises(ModelError, match=r"face_landmark\.tflite"):
        FaceDetector(TfliteModel(models_dir / "face_landmark.tflite"))


@pytest.mark.data
@pytest.mark.parametrize("corner", [(0, 0), (400, 100), (200, 0)])
def test_a_face_is_found_where_it_is(
    detector: FaceDetector, portrait: ImageArray, corner: tuple[int, int]
) -> None:
    (alone,) = detector.detect(portrait)
    left, top = corner
    picture = grey(400, 800)
    picture[top : top + 288, left : left + 360] = portrait
    (face,) = detector.detect(picture)
    tolerance = 0.1 * alone.width
    assert face.left - left == pytest.approx(alone.left, abs=tolerance)
    assert face.top - top == pytest.approx(alone.top, abs=tolerance)
    assert face.width == pytest.approx(alone.width, abs=tolerance)
    np.testing.assert_allclose(face.key_points - corner, alone.key_points, atol=tolerance)


@pytest.mark.data
def test_the_eyes_are_in_their_order(detector: FaceDetector, portrait: ImageArray) -> None:
    (face,) = detector.detect(portrait)
    right, left = face.key_points[RIGHT_EYE], face.key_points[LEFT_EYE]
    assert right[0] < left[0], "the person's right eye is on the picture's left"
    assert face.top < right[1] < face.top + face.height / 2


@pytest.mark.data
def test_two_people_are_two_faces_the_larger_first(
    detector: FaceDetector, frames_of: FramesOf
) -> None:
    near = frames_of("grid_brbk7n.mpg")[0].image
    far = np.asarray(Image.fromarray(frames_of("grid_lbax4n.mpg")[0].image).resize((220, 176)))
    picture = grey(288, 580)
    picture[:176, :220] = far
    picture[:, 220:] = near
    larger, smaller = detector.detect(picture)
    assert larger.left > 220 > smaller.left
    assert larger.width > smaller.width


@pytest.mark.data
@pytest.mark.parametrize("share", [0.25, 0.15, 0.10, 0.07, 0.05])
def test_small_faces_in_a_4k_picture_are_found(
    detector: FaceDetector, clips: Path, frames_of: FramesOf, show: Show, share: float
) -> None:
    """Faces of every clip, scaled to a share of the picture's width, pasted at random places."""
    places = np.random.default_rng(0)
    found = tried = 0
    for clip in sorted(clips.iterdir()):
        for frame in frames_of(clip.name)[:3]:
            scale = share * 3840 / (detector.detect(frame.image)[0].width)
            height, width = (round(scale * side) for side in frame.image.shape[:2])
            small = Image.fromarray(frame.image).resize((width, height))
            left, top = places.integers(0, max(1, 3840 - width)), places.integers(0, 300)
            picture = Image.fromarray(grey(2160, 3840))
            picture.paste(small, (int(left), int(top)))
            found += len(detector.detect(np.asarray(picture))) > 0
            tried += 1
    show(f"faces of {share:.0%} of a 4K picture's width found: {found} of {tried}")
    assert found >= 0.95 * tried
