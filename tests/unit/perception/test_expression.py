"""The expression model's input: an upright face as FER2013 shows it, and what it can rest on."""

import math
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter

from appliance.domain.errors import ModelError
from appliance.domain.media import FloatArray, Frame, ImageArray
from appliance.perception.expression import (
    EXPRESSIONS,
    FER2013_LABELS,
    MODEL_FILE,
    SIZE,
    ExpressionModel,
    cut_face,
    face_square,
    quality,
    sharpness,
    softmax,
)
from appliance.perception.face import FaceObserver
from appliance.perception.face_detection import LEFT_EYE, RIGHT_EYE, FaceDetection, FaceDetector
from appliance.perception.tflite import TfliteModel

FramesOf = Callable[[str], tuple[Frame, ...]]


@pytest.fixture(scope="module")
def model(models_dir: Path) -> ExpressionModel:
    return ExpressionModel(models_dir / MODEL_FILE)


@pytest.fixture(scope="module")
def validation(shared_data: Path) -> ImageArray:
    with np.load(shared_data / "fer2013.npz") as file:
        images: ImageArray = file["validation_images"]
    return images


def pattern() -> ImageArray:
    """A grey square in which every quarter is another shade, a face's worth of pixels."""
    square = np.full((SIZE, SIZE), 60, np.uint8)
    square[:24, 24:], square[24:, :24], square[24:, 24:] = 120, 180, 240
    return square


def detected(centre: tuple[float, float], side: float, roll_deg: float) -> FaceDetection:
    """What the detector says of a face whose square lies there, its head tilted clockwise."""
    turn = math.radians(roll_deg)
    along = np.array([math.cos(turn), math.sin(turn)])
    down = np.array([-math.sin(turn), math.cos(turn)])
    box = side / 1.16
    middle = np.array(centre) + 0.08 * box * down
    points = np.zeros((6, 2), np.float32)
    points[RIGHT_EYE] = middle - 0.2 * box * along - 0.15 * box * down
    points[LEFT_EYE] = middle + 0.2 * box * along - 0.15 * box * down
    left, top = (middle - box / 2).tolist()
    return FaceDetection(left, top, box, box, points, 0.9)


def painted(centre: tuple[float, float], side: int, roll_deg: float) -> ImageArray:
    """A picture of 400x500 with the pattern lying there."""
    square = Image.fromarray(pattern()).resize((side, side), Image.Resampling.NEAREST)
    turned = square.convert("RGBA").rotate(-roll_deg, Image.Resampling.BICUBIC, expand=True)
    picture = Image.new("RGB", (500, 400), (110, 110, 110))
    corner = (round(centre[0] - turned.width / 2), round(centre[1] - turned.height / 2))
    picture.paste(turned, corner, turned)
    return np.asarray(picture)


@pytest.mark.parametrize("roll_deg", [-40, -15, 0, 25])
@pytest.mark.parametrize("side", [60, 144, 250])
def test_a_tilted_face_is_cut_out_upright(side: int, roll_deg: float) -> None:
    centre = (240, 200)
    face = cut_face(painted(centre, side, roll_deg), detected(centre, side, roll_deg))
    assert face.shape == (SIZE, SIZE)
    assert face.dtype == np.uint8
    # All but the borders of the quarters, where a pixel shows some of both sides.
    for rows in (slice(3, 21), slice(27, 45)):
        for columns in (slice(3, 21), slice(27, 45)):
            np.testing.assert_allclose(face[rows, columns], pattern()[rows, columns], atol=3)


def test_stripes_finer_than_a_pixel_become_grey_and_no_pattern() -> None:
    picture = np.zeros((600, 600, 3), np.uint8)
    picture[:, ::2] = 200
    face = cut_face(picture, detected((300, 300), 85, 0))  # not twice the size: no whole blocks
    assert np.abs(face.astype(int) - 100).max() < 30
    assert abs(float(face.mean()) - 100) < 2


def test_grey_is_the_luma_of_bt601() -> None:
    picture = np.zeros((200, 200, 3), np.uint8)
    picture[:] = (200, 100, 50)
    face = cut_face(picture, detected((100, 100), 60, 0))
    assert face.min() == face.max() == round(0.299 * 200 + 0.587 * 100 + 0.114 * 50)


def test_beyond_the_pictures_edge_the_edge_goes_on() -> None:
    picture = painted((240, 200), 144, 10)
    part = picture[160:, 200:]
    continued = np.pad(part, ((160, 0), (200, 0), (0, 0)), mode="edge")
    outside = cut_face(part, detected((40, 40), 144, 10))
    np.testing.assert_array_equal(outside, cut_face(continued, detected((240, 200), 144, 10)))


@pytest.mark.parametrize("centre", [(-300, -300), (4000, 20)])
def test_a_square_wholly_outside_is_still_cut(centre: tuple[float, float]) -> None:
    assert cut_face(np.full((30, 40, 3), 7, np.uint8), detected(centre, 50, 5)).max() == 7


def test_a_smaller_a_turned_and_a_blurred_face_carry_less() -> None:
    face = np.random.default_rng(1).integers(0, 256, (SIZE, SIZE)).astype(np.uint8)
    near = detected((200, 200), 100, 0)
    blurred = np.asarray(Image.fromarray(face).filter(ImageFilter.GaussianBlur(3)))
    assert quality(face, near, 0, 0) == 1
    assert quality(face, detected((200, 200), 24, 0), 0, 0) == pytest.approx(0.5)
    assert quality(face, near, 60, 0) == pytest.approx(0.5)
    assert quality(face, near, 0, -60) == pytest.approx(0.5)
    assert quality(face, near, 120, 0) == 0
    assert 0 < quality(blurred, near, 0, 0) < 0.7
    assert quality(np.full_like(face, 90), near, 0, 0) == 0


def test_dim_light_is_no_blur() -> None:
    face = np.random.default_rng(1).integers(0, 128, (SIZE, SIZE)).astype(np.uint8)
    assert sharpness(face * 2) == pytest.approx(sharpness(face))


@pytest.mark.data
@pytest.mark.parametrize("clip", ["address.mp4", "1001_DFA_HAP_XX.flv", "grid_brbk7n.mpg"])
def test_the_face_of_a_real_clip_is_estimated_in_every_frame(
    model: ExpressionModel,
    observer: FaceObserver,
    frames_of: FramesOf,
    show: Callable[[str], None],
    clip: str,
) -> None:
    frames = frames_of(clip)
    shown = [model.observe(frame, observer.sight(frame)) for frame in frames]
    estimates = [one for one in shown if one is not None]
    qualities = [one.quality for one in estimates]
    show(f"{clip}: {len(estimates)} of {len(frames)}, mean quality {np.mean(qualities):.2f}")
    assert len(estimates) > 0.95 * len(frames)
    for one in estimates:
        assert tuple(one.probabilities) == EXPRESSIONS
        assert sum(one.probabilities.values()) == pytest.approx(1)
        assert 0.3 < one.quality <= 1
    again = [model.observe(frame, observer.sight(frame)) for frame in frames[:3]]
    assert again == shown[:3]


@pytest.mark.data
def test_a_hidden_face_is_not_estimated(
    model: ExpressionModel, observer: FaceObserver, portrait: ImageArray
) -> None:
    hidden = portrait.copy()
    hidden[154:] = 90  # only forehead and hair are left
    frame = Frame(0, hidden)
    assert model.observe(frame, observer.sight(frame)) is None


def test_an_empty_chair_is_not_estimated(model: ExpressionModel, observer: FaceObserver) -> None:
    frame = Frame(0, np.full((240, 320, 3), 110, np.uint8))
    assert model.observe(frame, observer.sight(frame)) is None


@pytest.mark.data
def test_the_square_is_how_fer2013_shows_its_faces(
    models_dir: Path, validation: ImageArray, show: Callable[[str], None]
) -> None:
    """BlazeFace finds the face in the picture with a border around; its square is the picture.

    Of single pictures the square differs by a sixth, since FER2013's own crops do.
    """
    detector = FaceDetector(TfliteModel(models_dir / "face_detection_back.tflite"))
    chosen = validation[np.random.default_rng(1).permutation(len(validation))[:100]]
    squares = [square for square in map(_square_of, chosen, [detector] * 100) if square is not None]
    sides, x, y = np.median(squares, axis=0)
    show(f"{len(squares)} of 100: side {sides:.3f}, centre {x:.3f} {y:.3f} of the picture's")
    assert len(squares) >= 97
    assert sides == pytest.approx(1, abs=0.04)
    assert x == pytest.approx(0.5, abs=0.03)
    assert y == pytest.approx(0.5, abs=0.03)


def _square_of(image: ImageArray, detector: FaceDetector) -> FloatArray | None:
    """Side and centre of the largest face's square, in sides of the 48x48 picture."""
    border, scale = SIZE // 2, 4
    around = np.pad(image, border, mode="edge")
    large = Image.fromarray(around).resize((scale * 2 * SIZE,) * 2, Image.Resampling.BICUBIC)
    faces = detector.detect(np.asarray(large.convert("RGB")))
    if not faces:
        return None
    square = face_square(faces[0])
    centre = np.array([square.centre_x, square.centre_y]) / scale - border
    return (np.array([square.side / scale, *centre]) / SIZE).astype(np.float32)


@pytest.mark.data
def test_nine_in_ten_of_fer2013s_faces_count_as_sharp(validation: ImageArray) -> None:
    shares = [sharpness(image) for image in validation]
    assert np.percentile(shares, 10) == pytest.approx(0.61, abs=0.01)


# ---------------------------------------------------------------- the file


def test_both_outputs_are_probabilities(model: ExpressionModel) -> None:
    face = np.random.default_rng(1).integers(0, 256, (SIZE, SIZE)).astype(np.uint8)
    first, second = model.of(face)
    assert (first.shape, second.shape) == ((len(EXPRESSIONS),), (len(FER2013_LABELS),))
    assert first.sum() == pytest.approx(1)
    assert second.sum() == pytest.approx(1)
    np.testing.assert_array_equal(model.of(face)[0], first)


def test_logits_become_probabilities() -> None:
    logits = np.log(np.array([[1, 2, 5]], np.float32)) + 3
    np.testing.assert_allclose(softmax(logits), [[1 / 8, 2 / 8, 5 / 8]], rtol=1e-6)


def test_a_rare_expression_keeps_a_probability_above_zero(model: ExpressionModel) -> None:
    first, second = model.of(pattern())
    assert min(first.min(), second.min()) > 0


def test_a_missing_or_damaged_model_is_named(models_dir: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"expression_resnet18_int8\.tflite cannot be read"):
        ExpressionModel(tmp_path / MODEL_FILE)
    content = (models_dir / MODEL_FILE).read_bytes()
    (tmp_path / MODEL_FILE).write_bytes(content[: len(content) // 2])
    with pytest.raises(ModelError, match=r"expression_resnet18_int8\.tflite is damaged"):
        ExpressionModel(tmp_path / MODEL_FILE)


def test_another_model_under_its_name_is_refused(models_dir: Path, tmp_path: Path) -> None:
    shutil.copy(models_dir / "face_landmark.tflite", tmp_path / MODEL_FILE)
    with pytest.raises(ModelError, match=r"where \(1, 48, 48, 1\) to .* is expected"):
        ExpressionModel(tmp_path / MODEL_FILE)
