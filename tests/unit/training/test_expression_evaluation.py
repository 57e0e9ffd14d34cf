import numpy as np
import pytest

from models_tflite.training.expression.evaluation import judge, wilson
from models_tflite.training.expression.lighting import as_int8, evenly_lit


def test_faces_without_a_truth_are_not_counted() -> None:
    said = np.eye(3, dtype=np.float32)[[0, 1, 2, 2]]
    truth = np.eye(4, 3, dtype=np.float32)[[0, 1, 1, 3]]
    judgement = judge(said, truth)
    assert judgement is not None
    assert judgement.count == 3
    assert judgement.accuracy == pytest.approx(2 / 3)
    assert judgement.confusion.tolist() == [[1, 0, 0], [0, 1, 1], [0, 0, 0]]
    np.testing.assert_equal(judgement.recalls, np.array([1, 0.5, np.nan], dtype=np.float32))


def test_a_set_without_any_truth_has_no_figures() -> None:
    assert judge(np.ones((2, 3), dtype=np.float32), np.zeros((2, 3), dtype=np.float32)) is None


def test_the_interval_is_wilsons() -> None:
    assert wilson(0.5, 100) == pytest.approx((0.404, 0.596), abs=1e-3)


def test_a_dark_and_a_bright_picture_of_a_face_look_alike_to_the_model() -> None:
    face = np.random.default_rng(1).integers(80, 120, (48, 48)).astype(np.uint8)
    pictures = np.stack([face - 60, face, face * 2])
    dark, usual, bright = evenly_lit(pictures)
    np.testing.assert_allclose(dark, usual, atol=1e-4)
    np.testing.assert_allclose(bright, usual, atol=1e-4)


def test_the_noise_of_a_flat_picture_is_not_blown_up() -> None:
    flat = np.full((1, 48, 48), 90, dtype=np.uint8)
    flat[0, 0, 0] = 91
    assert np.abs(evenly_lit(flat)).max() < 0.2


def test_the_int8_input_is_the_float_input_in_steps() -> None:
    faces = np.random.default_rng(1).integers(0, 256, (5, 48, 48)).astype(np.uint8)
    np.testing.assert_allclose(as_int8(faces) / 32, evenly_lit(faces), atol=1 / 64 + 1e-6)
