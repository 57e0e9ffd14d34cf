"""What a voice sounds like to a forest trained on acted speech: estimates, never feelings.

The forest is kept as plain arrays in a `.npz` file, so that every Python and every scikit-learn
agree on it and loading it runs no code. `models_tflite/training/voice` makes it.
"""

import io
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from appliance.domain.errors import ModelError
from appliance.domain.media import SAMPLE_RATE_HZ, AudioBlock, FloatArray
from appliance.domain.observations import Span, VoiceObservation
from appliance.perception.voice_features import (
    TooLittleVoiceError,
    active_hops,
    feature_names,
    voice_features,
)

WINDOW_S = 3.0
"""What one estimate is made of: about the length of a clip that the forest was trained on."""

LONGEST_HOP_S = 1.5

_ADVICE = "Restore it: models_tflite/manifest.toml says where it comes from."
_LEAF = -1

_FIELDS = {
    "classes": "U",
    "features": "U",
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
    of the trees. `speakers` is optional.

    Attributes:
        classes: names, in the order of what `predict` returns.
        speakers: who it was trained on, such as "ravdess-01"; empty where the file does not say.
    """

    def __init__(self, path: Path) -> None:
        """Load a forest.

        Args:
            path: the `.npz` file.

        Raises:
            ModelError: the file is missing or damaged, or takes other features than this code
                computes.
        """
        arrays = _read(path)
        if tuple(arrays["features"].tolist()) != feature_names():
            raise ModelError(f"The model {path.name} was trained on other voice features.", _ADVICE)
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

    def observe(self, block: AudioBlock) -> list[VoiceObservation]:
        """Estimate along one voice segment, in windows of 3 s that overlap by half.

        Args:
            block: the segment. One shorter than a window is one window; windows with less than
                0.5 s of sound are left out.
        """
        observations = []
        for span in windows(block.duration_s):
            first, end = (round(time_s * SAMPLE_RATE_HZ) for time_s in (span.start_s, span.end_s))
            samples = block.samples[first:end]
            try:
                features = voice_features(samples)
            except TooLittleVoiceError:
                continue
            shares = self.predict(features[np.newaxis])[0].tolist()
            observations.append(
                VoiceObservation(
                    start_s=block.time_s + span.start_s,
                    end_s=block.time_s + span.end_s,
                    probabilities=dict(zip(self.classes, shares, strict=True)),
                    quality=float(np.mean(active_hops(samples))),
                )
            )
        return observations


def windows(duration_s: float) -> list[Span]:
    """Cut 0..duration_s into windows of 3 s, evenly spaced by at most 1.5 s, to the very end."""
    last_s = max(0.0, duration_s - WINDOW_S)
    starts = np.linspace(0.0, last_s, 1 + math.ceil(last_s / LONGEST_HOP_S)).tolist()
    return [Span(start_s, min(start_s + WINDOW_S, duration_s)) for start_s in starts]


def _read(path: Path) -> Mapping[str, npt.NDArray[Any]]:
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = error.strerror or "unreadable"
        message = f"The model {path.name} cannot be read from {path.parent}: {reason}."
        raise ModelError(message, _ADVICE) from error
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            arrays = {name: file[name] for name in _FIELDS}
            # Optional: files from before it was written are still good.
            arrays["speakers"] = file["speakers"] if "speakers" in file else np.array([], "U1")
        _check(arrays)
    except Exception as error:  # numpy and zipfile raise whatever a broken file makes them
        message = f"The model {path.name} is damaged or not a voice forest."
        raise ModelError(message, _ADVICE) from error
    return arrays


def _check(arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Make sure that walking the trees stays inside the arrays and ends.

    Raises:
        ValueError: it would not.
    """
    for name, kind in _FIELDS.items():
        if arrays[name].dtype.kind != kind:
            raise ValueError(name)
    if arrays["speakers"].dtype.kind != "U":
        raise ValueError("speakers")
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
