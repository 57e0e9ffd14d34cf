import numpy as np
import pytest

from appliance.operations.evaluation.figures import expected_calibration_error
from appliance.perception.expression import softmax
from models_tflite.training.expression.calibration import best_temperature


def test_a_boastful_model_is_cooled_to_what_it_knows() -> None:
    chance = np.random.default_rng(1)
    honest = chance.normal(0, 1.5, (4000, 8)).astype(np.float32)
    chances = softmax(honest)
    truth = np.array([chance.choice(8, p=row / row.sum()) for row in chances.astype(np.float64)])
    boastful = honest * 3
    temperature = best_temperature(boastful, truth)
    assert temperature == pytest.approx(3, rel=0.1)
    before = expected_calibration_error(softmax(boastful), truth)
    after = expected_calibration_error(softmax(boastful / temperature), truth)
    assert after < 0.03
    assert before > 0.2


def test_probabilities_sum_to_one_even_of_huge_logits() -> None:
    probabilities = softmax(np.array([[1000, 0, -1000]], dtype=np.float32))
    assert probabilities.tolist() == [[1, 0, 0]]
