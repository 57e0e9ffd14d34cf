"""How far probabilities can be believed, and the one number that mends them."""

import numpy as np

from appliance.operations.evaluation.figures import Indices
from appliance.perception.expression import softmax
from models_tflite.training.expression.faces import Floats


def best_temperature(logits: Floats, truth: Indices) -> float:
    """Return the temperature that makes the truth most likely (Guo et al. 2017, arXiv:1706.04599).

    Args:
        logits: (n, classes), of faces that the network was not trained on.
        truth: (n,) the class of each.
    """
    candidates = np.exp(np.linspace(np.log(0.2), np.log(5.0), 200))
    rows = np.arange(len(truth))
    losses = [
        -np.log(np.maximum(softmax(logits / candidate)[rows, truth], 1e-12)).mean()
        for candidate in candidates
    ]
    return float(candidates[int(np.argmin(losses))])
