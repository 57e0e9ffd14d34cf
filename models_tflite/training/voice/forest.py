"""The forest itself: how it is grown, calibrated and written as plain arrays."""

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.model_selection import StratifiedKFold

from appliance.operations.evaluation.ravdess import CLASSES, FOLDS
from appliance.perception.voice_features import feature_names
from models_tflite.training.voice.ravdess import LabelledVoices

SEED = 0

_ROOMS_HEARD = 1
_VALUES = len(feature_names())

_Floats = npt.NDArray[np.float64]
_Flags = npt.NDArray[np.bool_]


def grow(voices: LabelledVoices, chosen: _Flags, trees: int, jobs: int) -> ExtraTreesClassifier:
    """Train on the chosen clips.

    Extremely randomised trees (Geurts, Ernst and Wehenkel, Machine Learning 2006) instead of a
    random forest: equal here within the folds' spread, and quicker to grow. Classes weigh the same,
    because "neutral" has half as many clips.
    """
    forest = ExtraTreesClassifier(
        trees,
        min_samples_leaf=3,
        max_features=0.1,
        class_weight="balanced",
        random_state=SEED,
        n_jobs=jobs,
    )
    versions = (voices.clean, *voices.elsewhere[:_ROOMS_HEARD])
    features = np.concatenate([version[chosen, :_VALUES] for version in versions])
    return forest.fit(features, np.tile(voices.labels[chosen], len(versions)))


def random_folds(labels: npt.NDArray[np.int64]) -> list[_Flags]:
    """The same number of folds with clips dealt out at random, by class."""
    folds = []
    for _, held_back in StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(
        labels, labels
    ):
        flags = np.zeros(len(labels), dtype=np.bool_)
        flags[held_back] = True
        folds.append(flags)
    return folds


def best_temperature(probabilities: _Floats, labels: npt.NDArray[np.int64]) -> float:
    """The temperature at which held-back clips are most likely (Guo et al., ICML 2017).

    A forest averages its trees and so is less sure than it is right: below 1 sharpens it.
    """

    def loss(temperature: float) -> float:
        scaled = np.maximum(probabilities, 1e-6) ** (1 / temperature)
        right = scaled[np.arange(len(labels)), labels] / scaled.sum(axis=1)
        return float(-np.mean(np.log(right)))

    candidates = np.round(np.arange(0.2, 2.01, 0.02), 2)
    return float(min(candidates, key=loss))


def to_npz(
    forest: ExtraTreesClassifier,
    features: tuple[str, ...],
    temperature: float,
    speakers: Sequence[str],
) -> bytes:
    """The content of the file that `appliance.perception.voice_forest.VoiceForest` loads."""
    parts: dict[str, list[npt.NDArray[Any]]] = {
        name: [] for name in ("feature", "threshold", "left", "right", "leaf", "distributions")
    }
    roots, nodes, leaves = [], 0, 0
    for grown in forest.estimators_:
        tree = grown.tree_
        is_leaf = tree.children_left < 0
        leaf = np.where(is_leaf, leaves + np.cumsum(is_leaf) - 1, 0)
        shares = tree.value[is_leaf, 0]
        parts["feature"].append(np.where(is_leaf, -1, tree.feature).astype(np.int16))
        parts["threshold"].append(_rounded_down(tree.threshold))
        for side, children in (("left", tree.children_left), ("right", tree.children_right)):
            parts[side].append(np.where(is_leaf, 0, children + nodes).astype(np.int32))
        parts["leaf"].append(leaf.astype(np.int32))
        parts["distributions"].append(shares / shares.sum(axis=1, keepdims=True))
        roots.append(nodes)
        nodes += tree.node_count
        leaves += np.count_nonzero(is_leaf)
    arrays: dict[str, Any] = {name: np.concatenate(chunks) for name, chunks in parts.items()}
    arrays["distributions"] = arrays["distributions"].astype(np.float32)
    arrays["classes"] = np.array([CLASSES[index] for index in forest.classes_])
    arrays["features"] = np.array(features)
    arrays["speakers"] = np.array(speakers, dtype=np.str_)
    arrays["temperature"] = np.float32(temperature)
    arrays["roots"] = np.array(roots, dtype=np.int32)
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def _rounded_down(thresholds: _Floats) -> npt.NDArray[np.float32]:
    """Thresholds in half the space that decide alike, since features are float32.

    A float32 is at most a float64 if and only if it is at most the greatest float32 below that.
    """
    rounded = thresholds.astype(np.float32)
    too_high = rounded > thresholds
    rounded[too_high] = np.nextafter(rounded[too_high], np.float32(-np.inf))
    return rounded
