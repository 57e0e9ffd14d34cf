import numpy as np

from appliance.operations.evaluation.figures import NO_TRUTH
from models_tflite.training.expression.evaluation import classes_of


def test_the_opinion_of_most_is_the_class_and_nobodys_is_none() -> None:
    shares = np.array([[0, 1, 0], [0.2, 0.3, 0.5], [0, 0, 0]], dtype=np.float32)
    assert classes_of(shares).tolist() == [1, 2, NO_TRUTH]
