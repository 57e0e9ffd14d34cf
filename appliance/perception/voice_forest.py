"""The forest of decision trees that estimates how a voice sounds.

It is kept as plain arrays in a `.npz` file, so that every Python and every scikit-learn agree on it
and loading it runs no code. `models_tflite/training/voice` makes it.
"""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from appliance.domain.errors import ModelError
from appliance.domain.media import FloatArray
from appliance.perception.array_file import ADVICE, Arrays, read_arrays
from appliance.perception.voice_features import feature_names

MODEL_FILE = "voice_forest.npz"

_LEAF = -1

_FIELDS = {
    "classes": "U",
    "features": "U",
    "speakers": "U",
    "temperature": "f",
    "roots": "i",
    "feature": "i",
    "threshold": "f",
    "left": "i",
    "right": "i",
    "leaf": "i",
    "distributions": "f",
}
"""Arrays of the file and the kinds of their elements; `VoiceForest` says what they hold."""


class VoiceForest:
    """A forest of decision trees over `voice_features`. Use it from any thread.

    The file holds every tree's nodes one after the other: `roots` (trees,) are the first nodes;
    a node sends a vector to `left` if its value number `feature` is at most `threshold`, else to
    `right`; `feature` is -1 at a leaf, whose row `leaf` of `distributions` (leaves, classes) sums
    to 1. `classes` and `features` are names, `temperature` softens (above 1) or sharpens the mean
    of the trees.

    Attributes:
        classes: names, in the order of what `predict` returns.
        speakers: who it was trained on, such as "ravdess-01".
    """

    def __init__(self, path: Path) -> None:
        """Load a forest.

        Args:
            path: the `.npz` file.

        Raises:
            ModelError: the file is missing or damaged, or takes other features than this code
                computes.
        """
        arrays = read_arrays(path, _FIELDS, _check, "a voice forest")
        if tuple(arrays["features"].tolist()) != feature_names():
            raise ModelError(f"The model {path.name} was trained on other voice features.", ADVICE)
        self.classes: tuple[str, ...] = tuple(arrays["classes"].tolist())
        self.speakers: frozenset[str] = frozenset(arrays["speakers"].tolist())
        self._temperature = float(arrays["temperature"])
        self._roots = arrays["roots"]
        self._feature = arrays["feature"]
        self._threshold = arrays["threshold"]
        self._left = arrays["left"]
        self._right = arrays["right"]
        self._leaf = arrays["leaf"]
        self._distributions = arrays["distributions"].astype(np.float64)

    def predict(self, features: FloatArray) -> npt.NDArray[np.float64]:
        """Probabilities (n, classes) of vectors (n, features) float32, each row summing to 1."""
        rows = np.arange(len(features))[:, np.newaxis]
        nodes = np.broadcast_to(self._roots, (len(features), len(self._roots)))
        inner = self._feature[nodes] != _LEAF
        while inner.any():
            # At a leaf the feature is -1: it is looked up as the last one and then not used.
            goes_left = features[rows, self._feature[nodes]] <= self._threshold[nodes]
            children = np.where(goes_left, self._left[nodes], self._right[nodes])
            nodes = np.where(inner, children, nodes)
            inner = self._feature[nodes] != _LEAF
        mean = self._distributions[self._leaf[nodes]].mean(axis=1)
        scaled: npt.NDArray[np.float64] = np.maximum(mean, 1e-6) ** (1 / self._temperature)
        result: npt.NDArray[np.float64] = scaled / scaled.sum(axis=1, keepdims=True)
        return result


def _check(arrays: Arrays) -> None:
    """Make sure that walking the trees stays inside the arrays and ends.

    Raises:
        ValueError: it would not.
    """
    nodes = len(arrays["feature"])
    inner = arrays["feature"] != _LEAF
    place = np.arange(nodes)
    distributions = arrays["distributions"]
    sound = (
        all(len(arrays[name]) == nodes for name in ("threshold", "left", "right", "leaf"))
        and distributions.shape[1:] == arrays["classes"].shape
        and np.allclose(distributions.sum(axis=1), 1, atol=1e-3)
        and arrays["temperature"] > 0
        and _within(arrays["roots"], nodes)
        and len(arrays["roots"]) > 0
        and _within(arrays["feature"][inner], len(arrays["features"]))
        and _within(arrays["leaf"][~inner], len(distributions))
        # Children come after their parent, so every walk ends.
        and all(
            bool(np.all(arrays[side][inner] > place[inner])) and _within(arrays[side][inner], nodes)
            for side in ("left", "right")
        )
    )
    if not sound:
        raise ValueError("nodes")


def _within(indices: npt.NDArray[Any], count: int) -> bool:
    return bool(np.all((indices >= 0) & (indices < count)))
