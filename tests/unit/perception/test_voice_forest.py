"""The voice forest answers as scikit-learn would, and refuses what is not its file."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from sklearn.ensemble import ExtraTreesClassifier

from appliance.domain.errors import ModelError
from appliance.domain.media import FloatArray
from appliance.operations.evaluation.ravdess import CLASSES
from appliance.perception.voice_features import feature_names
from appliance.perception.voice_forest import VoiceForest
from models_tflite.training.voice.forest import best_temperature, to_npz


def examples(count: int = 240) -> tuple[FloatArray, npt.NDArray[np.int64]]:
    """Vectors of eight classes, told apart by a few of their values."""
    random = np.random.default_rng(0)
    labels = np.arange(count) % len(CLASSES)
    features = random.normal(0, 1, (count, len(feature_names()))).astype(np.float32)
    features[:, :8] += 2 * np.eye(8, dtype=np.float32)[labels]
    return features, labels


@pytest.fixture(scope="module")
def grown() -> ExtraTreesClassifier:
    features, labels = examples()
    forest = ExtraTreesClassifier(20, min_samples_leaf=2, class_weight="balanced", random_state=1)
    return forest.fit(features, labels)


def write(path: Path, grown: ExtraTreesClassifier, temperature: float = 1.0) -> Path:
    path.write_bytes(to_npz(grown, feature_names(), temperature, ["ravdess-01"]))
    return path


def rewrite(path: Path, **changes: npt.NDArray[Any]) -> None:
    with np.load(path) as file:
        arrays: dict[str, Any] = {**file, **changes}
    np.savez(path, **arrays)


def test_probabilities_are_those_of_scikit_learn(
    tmp_path: Path, grown: ExtraTreesClassifier
) -> None:
    forest = VoiceForest(write(tmp_path / "forest.npz", grown))
    strangers = np.random.default_rng(5).normal(0, 1.5, (500, len(feature_names())))
    features: FloatArray = np.concatenate([strangers.astype(np.float32), examples()[0]])
    np.testing.assert_allclose(forest.predict(features), grown.predict_proba(features), atol=1e-5)


def test_a_value_that_equals_a_threshold_goes_the_same_way(
    tmp_path: Path, grown: ExtraTreesClassifier
) -> None:
    """Thresholds are kept as float32, where rounding up would send such a value astray."""
    forest = VoiceForest(write(tmp_path / "forest.npz", grown))
    tree = grown.estimators_[0].tree_
    inner = np.flatnonzero(tree.children_left >= 0)
    features = np.zeros((3 * len(inner), len(feature_names())), np.float32)
    for index, node in enumerate(inner):
        near = np.float32(tree.threshold[node])
        for step, value in enumerate((np.nextafter(near, -9), near, np.nextafter(near, 9))):
            features[3 * index + step, tree.feature[node]] = value
    np.testing.assert_allclose(forest.predict(features), grown.predict_proba(features), atol=1e-5)


def test_temperature_sharpens_without_changing_the_answer(
    tmp_path: Path, grown: ExtraTreesClassifier
) -> None:
    plain = VoiceForest(write(tmp_path / "plain.npz", grown)).predict(examples()[0])
    sharp = VoiceForest(write(tmp_path / "sharp.npz", grown, 0.5)).predict(examples()[0])
    np.testing.assert_array_equal(plain.argmax(axis=1), sharp.argmax(axis=1))
    assert np.all(sharp.max(axis=1) >= plain.max(axis=1) - 1e-9)
    np.testing.assert_allclose(sharp.sum(axis=1), 1)


def test_calibration_finds_the_temperature_that_blurred_the_answers() -> None:
    random = np.random.default_rng(0)
    true = random.dirichlet(np.ones(8), 4000)
    labels = np.array([random.choice(8, p=row) for row in true])
    blurred = true**0.5 / np.sum(true**0.5, axis=1, keepdims=True)
    assert best_temperature(blurred, labels) == pytest.approx(0.5, abs=0.05)


def test_a_forest_says_who_it_was_trained_on(tmp_path: Path, grown: ExtraTreesClassifier) -> None:
    path = write(tmp_path / "forest.npz", grown)
    assert VoiceForest(path).speakers == {"ravdess-01"}
    rewrite(path, speakers=np.array([1]))
    with pytest.raises(ModelError, match="damaged or not a voice forest"):
        VoiceForest(path)


# ---------------------------------------------------------------- files that are not the forest


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"forest\.npz cannot be read"):
        VoiceForest(tmp_path / "forest.npz")


@pytest.mark.parametrize("content", [b"", b"not a forest", b"PK\x03\x04 cut off"])
def test_a_file_that_is_something_else_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "forest.npz"
    path.write_bytes(content)
    with pytest.raises(ModelError, match="damaged or not a voice forest"):
        VoiceForest(path)


def test_a_damaged_file_is_refused(tmp_path: Path, grown: ExtraTreesClassifier) -> None:
    path = write(tmp_path / "forest.npz", grown)
    content = bytearray(path.read_bytes())
    for damaged in (content[: len(content) // 2], bytes(len(content))):
        path.write_bytes(damaged)
        with pytest.raises(ModelError, match="damaged or not a voice forest"):
            VoiceForest(path)


def test_a_flipped_byte_never_gives_anything_but_a_forest_or_one_clear_fault(
    tmp_path: Path, grown: ExtraTreesClassifier
) -> None:
    path = write(tmp_path / "forest.npz", grown)
    content = path.read_bytes()
    random = np.random.default_rng(0)
    faults = 0
    for place in random.integers(0, len(content), 150):
        damaged = bytearray(content)
        damaged[place] ^= int(random.integers(1, 256))
        path.write_bytes(damaged)
        try:
            VoiceForest(path)
        except ModelError:
            faults += 1
    assert faults > 100


def test_a_single_array_or_a_pickle_is_refused_and_never_run(tmp_path: Path) -> None:
    path = tmp_path / "forest.npz"
    with path.open("wb") as file:
        np.save(file, np.arange(3))
    with pytest.raises(ModelError, match="damaged or not a voice forest"):
        VoiceForest(path)
    np.savez(path, classes=np.array([{"a": 1}], dtype=object))
    with pytest.raises(ModelError, match="damaged or not a voice forest"):
        VoiceForest(path)


@pytest.mark.parametrize(
    ("name", "value"),
    [("left", 10**6), ("left", 0), ("feature", 9999), ("leaf", -1), ("distributions", 0.5)],
    ids=[
        "child outside",
        "child before its parent",
        "no such feature",
        "no such leaf",
        "no shares",
    ],
)
def test_trees_that_lead_nowhere_are_refused(
    tmp_path: Path, grown: ExtraTreesClassifier, name: str, value: float
) -> None:
    path = write(tmp_path / "forest.npz", grown)
    with np.load(path) as file:
        changed = np.full_like(file[name], value)
    rewrite(path, **{name: changed})
    with pytest.raises(ModelError, match="damaged or not a voice forest"):
        VoiceForest(path)


def test_a_forest_of_other_features_is_refused(tmp_path: Path, grown: ExtraTreesClassifier) -> None:
    path = tmp_path / "forest.npz"
    path.write_bytes(to_npz(grown, (*feature_names()[:-1], "something else"), 1.0, []))
    with pytest.raises(ModelError, match=r"forest\.npz was trained on other voice features"):
        VoiceForest(path)
