import numpy as np
import pytest

from models_tflite.training.expression.evaluation import judge, wilson


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
