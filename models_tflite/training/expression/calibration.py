"""How far probabilities can be believed, and the one number that mends them."""

import numpy as np
import numpy.typing as npt

from models_tflite.training.expression.faces import Floats

_BINS = 15

Indices = npt.NDArray[np.int64]


def softmax(logits: Floats, temperature: float = 1.0) -> Floats:
    """Turn logits (n, classes) into probabilities."""
    scaled = logits / temperature
    exponentials = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    shares: Floats = (exponentials / exponentials.sum(axis=1, keepdims=True)).astype(np.float32)
    return shares


def best_temperature(logits: Floats, truth: Indices) -> float:
    """Return the temperature that makes the truth most likely (Guo et al. 2017, arXiv:1706.04599).

    Args:
        logits: (n, classes), of faces that the network was not trained on.
        truth: (n,) the class of each.
    """
    candidates = np.exp(np.linspace(np.log(0.2), np.log(5.0), 200))
    rows = np.arange(len(truth))
    losses = [
        -np.log(np.maximum(softmax(logits, float(candidate))[rows, truth], 1e-12)).mean()
        for candidate in candidates
    ]
    return float(candidates[int(np.argmin(losses))])


def expected_calibration_error(probabilities: Floats, truth: Indices) -> float:
    """Return the mean distance of confidence and accuracy, over 15 bins of confidence.

    Naeini et al. 2015, with the bins of Guo et al. 2017. 0 is perfect, 1 the worst.

    Args:
        probabilities: (n, classes).
        truth: (n,) the class of each.
    """
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == truth
    bins = np.minimum((confidence * _BINS).astype(np.int64), _BINS - 1)
    distances = [
        abs(float(np.sum(confidence[bins == index]) - np.sum(right[bins == index])))
        for index in range(_BINS)
    ]
    return sum(distances) / len(truth)
