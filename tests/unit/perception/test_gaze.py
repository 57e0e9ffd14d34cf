"""Where heads point: synthetic heads of known pose, then people who face the camera."""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from appliance.domain.media import FloatArray, Frame, ImageArray
from appliance.domain.observations import FaceObservation
from appliance.perception.face import FaceObserver
from appliance.perception.gaze import FRONTAL_PITCH_DEG, HeadPose, head_axes, head_pose

FramesOf = Callable[[str], tuple[Frame, ...]]

FRONTAL_CLIPS = (
    "address.mp4",
    "1001_DFA_NEU_XX.flv",
    "1001_DFA_SAD_XX.flv",
    "1001_DFA_HAP_XX.flv",
    "grid_bbaf2n.mpg",
    "grid_brbk7n.mpg",
    "grid_lbax4n.mpg",
    "grid_lrwp9a.mpg",
    "grid_pwij3p.mpg",
    "grid_sbia1a.mpg",
)

yaws = st.floats(-70, 70)
pitches = st.floats(-60, 60)
rolls = st.floats(-80, 80)

Matrix = npt.NDArray[np.float64]


def synthetic_head(yaw_deg: float, pitch_deg: float, roll_deg: float) -> FloatArray:
    """Landmarks of a head that tilts, then nods, then turns; x right, y down, z away."""
    lean = math.tan(math.radians(FRONTAL_PITCH_DEG))
    points = np.zeros((468, 3))
    for outer, (x, y, z) in {263: (4, 0, -3), 362: (2, 0, -4), 356: (7, -1, 3)}.items():
        mirrored = {263: 33, 362: 133, 356: 127}[outer]
        points[outer], points[mirrored] = (x, y, z), (-x, y, z)
    points[10], points[2] = (0, -6, -5), (0, 4, -5 - 10 * lean)
    turned = points @ (_yaw(yaw_deg) @ _pitch(pitch_deg) @ _roll(roll_deg)).T
    in_picture: Matrix = turned * 12 + (300, 200, 0)
    return in_picture.astype(np.float32)


def _yaw(degrees: float) -> Matrix:
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return np.array([[c, 0, -s], [0, 1, 0], [s, 0, c]])


def _pitch(degrees: float) -> Matrix:
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return np.array([[1, 0, 0], [0, c, s], [0, -s, c]])


def _roll(degrees: float) -> Matrix:
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])


def _angles(observation: FaceObservation) -> tuple[float, float, float]:
    assert observation.yaw_deg is not None
    assert observation.pitch_deg is not None
    assert observation.roll_deg is not None
    return observation.yaw_deg, observation.pitch_deg, observation.roll_deg


def _turn_camera(image: ImageArray, degrees: float) -> ImageArray:
    """What a camera at the same place sees after a turn to its left; 60 degrees wide.

    Such a turn changes no light ray, so it is an exact map between the pictures (a homography).
    """
    height, width = image.shape[:2]
    focal = width / 2 / math.tan(math.radians(30))
    lens = np.array([[focal, 0, width / 2], [0, focal, height / 2], [0, 0, 1]])
    to_source = lens @ _yaw(degrees) @ np.linalg.inv(lens)
    coefficients = (to_source / to_source[2, 2]).ravel()[:8].tolist()
    method, bicubic = Image.Transform.PERSPECTIVE, Image.Resampling.BICUBIC
    picture = Image.fromarray(image).transform((width, height), method, coefficients, bicubic)
    return np.asarray(picture)


@given(yaws, pitches, rolls)
@settings(deadline=None)
def test_a_turned_head_gives_its_angles_back(yaw: float, pitch: float, roll: float) -> None:
    pose = head_pose(synthetic_head(yaw, pitch, roll))
    angles = (pose.yaw_deg, pose.pitch_deg, pose.roll_deg)
    assert angles == pytest.approx((yaw, pitch, roll), abs=0.05)


@pytest.mark.parametrize(
    ("pose", "sign"), [((20, 0, 0), "right"), ((0, 20, 0), "up"), ((0, 0, 20), "clockwise")]
)
def test_the_signs_are_those_that_a_viewer_sees(
    pose: tuple[float, float, float], sign: str
) -> None:
    rest, moved = synthetic_head(0, 0, 0), synthetic_head(*pose)
    nose = moved[2] - rest[2]
    seen = {
        "right": nose[0] > 0,
        "up": nose[1] < 0,
        "clockwise": moved[263, 1] > rest[263, 1] and moved[33, 1] < rest[33, 1],
    }
    assert seen[sign]


@given(yaws, pitches, rolls)
@settings(deadline=None)
def test_the_axes_are_orthonormal(yaw: float, pitch: float, roll: float) -> None:
    axes = head_axes(synthetic_head(yaw, pitch, roll))
    np.testing.assert_allclose(axes @ axes.T, np.eye(3), atol=1e-5)


@pytest.mark.parametrize(
    ("yaw", "pitch", "expected"),
    [(0, 0, True), (19, -19, True), (25, 0, False), (-25, 0, False), (0, 25, False)],
)
def test_a_head_that_points_away_is_not_toward_the_camera(
    yaw: float, pitch: float, expected: bool
) -> None:
    assert HeadPose(yaw, pitch, roll_deg=45).toward_camera is expected


@pytest.mark.data
@pytest.mark.parametrize("clip", FRONTAL_CLIPS)
def test_people_who_face_the_camera_are_toward_it(
    observer: FaceObserver, frames_of: FramesOf, show: Callable[[str], None], clip: str
) -> None:
    observations = [observer.sight(frame).observation for frame in frames_of(clip)]
    share = sum(bool(observation.toward_camera) for observation in observations) / len(observations)
    yaw, pitch, roll = np.median([_angles(observation) for observation in observations], axis=0)
    show(f"{clip}: toward {share:.0%}, median yaw {yaw:.1f} pitch {pitch:.1f} roll {roll:.1f}")
    assert share >= 0.95
    assert abs(yaw) < 6
    assert abs(pitch) < 9


@pytest.mark.data
@pytest.mark.parametrize("clip", FRONTAL_CLIPS)
def test_a_mirror_negates_yaw_and_roll(
    observer: FaceObserver, frames_of: FramesOf, clip: str
) -> None:
    image = frames_of(clip)[3].image
    yaw, pitch, roll = _angles(observer.sight(Frame(0, image)).observation)
    mirrored = _angles(observer.sight(Frame(0, np.ascontiguousarray(image[:, ::-1]))).observation)
    assert mirrored == pytest.approx((-yaw, pitch, -roll), abs=4)


@pytest.mark.data
@pytest.mark.parametrize("degrees", [-30, 20])
def test_a_tilted_camera_changes_roll_alone(
    observer: FaceObserver, portrait: ImageArray, degrees: float
) -> None:
    yaw, pitch, roll = _angles(observer.sight(Frame(0, portrait)).observation)
    tilted = np.asarray(Image.fromarray(portrait).rotate(-degrees, Image.Resampling.BICUBIC))
    angles = _angles(observer.sight(Frame(0, tilted)).observation)
    assert angles == pytest.approx((yaw, pitch, roll + degrees), abs=6)


@pytest.mark.data
@pytest.mark.parametrize("clip", ["address.mp4", "grid_brbk7n.mpg", "grid_lrwp9a.mpg"])
@pytest.mark.parametrize("degrees", [-22, -12, 12, 22])
def test_a_face_at_the_pictures_edge_that_looks_at_the_camera_is_toward_it(
    observer: FaceObserver,
    frames_of: FramesOf,
    show: Callable[[str], None],
    clip: str,
    degrees: float,
) -> None:
    image = frames_of(clip)[5].image
    height, width = image.shape[:2]
    scene = np.full((height, height * 16 // 9, 3), 90, np.uint8)
    left = (scene.shape[1] - width) // 2
    scene[:, left : left + width] = image
    middle = observer.sight(Frame(0, scene)).observation
    aside = observer.sight(Frame(0, _turn_camera(scene, degrees))).observation
    assert middle.box is not None
    assert aside.box is not None
    moved = aside.box.left + aside.box.width / 2 - middle.box.left - middle.box.width / 2
    yaw_change = _angles(aside)[0] - _angles(middle)[0]
    show(f"{clip} camera {degrees}: face moved by {moved:.2f}, yaw by {yaw_change:.1f}")
    assert moved * degrees > 0
    assert abs(moved) > 0.15
    assert abs(yaw_change) < 8
    assert aside.toward_camera
