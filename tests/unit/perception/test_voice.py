"""The voice forest answers as scikit-learn would, refuses what is not its file, and is trained."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from sklearn.ensemble import ExtraTreesClassifier

from appliance.devices.microphone.recording import RecordingMicrophone
from appliance.domain.errors import DataError, ModelError
from appliance.domain.media import SAMPLE_RATE_HZ, AudioBlock, FloatArray
from appliance.operations.evaluation.ravdess import CLASSES, find_clips
from appliance.perception.voice import VoiceForest, windows
from appliance.perception.voice_features import feature_names
from models_tflite.training.voice.__main__ import main as train
from models_tflite.training.voice.forest import actor_folds, best_temperature, to_npz
from tests.media import tone, write_recording


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


def test_a_forest_says_who_it_was_trained_on_where_its_file_does(
    tmp_path: Path, grown: ExtraTreesClassifier
) -> None:
    path = write(tmp_path / "forest.npz", grown)
    assert VoiceForest(path).speakers == {"ravdess-01"}
    with np.load(path) as file:
        older = {name: file[name] for name in file if name != "speakers"}
    np.savez(path, **older)
    assert VoiceForest(path).speakers == frozenset()
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


# ---------------------------------------------------------------- along a segment


@pytest.mark.parametrize(
    ("duration_s", "expected"),
    [
        (0.8, [(0, 0.8)]),
        (3.0, [(0, 3)]),
        (4.0, [(0, 3), (1, 4)]),
        (7.2, [(0, 3), (1.4, 4.4), (2.8, 5.8), (4.2, 7.2)]),
    ],
)
def test_windows_cover_a_segment_to_its_end(
    duration_s: float, expected: list[tuple[float, float]]
) -> None:
    spans = [(span.start_s, span.end_s) for span in windows(duration_s)]
    np.testing.assert_allclose(spans, expected)


def test_silence_and_clicks_are_not_judged(tmp_path: Path, grown: ExtraTreesClassifier) -> None:
    forest = VoiceForest(write(tmp_path / "forest.npz", grown))
    assert forest.observe(AudioBlock(0.0, np.zeros(SAMPLE_RATE_HZ * 4, np.float32))) == []
    assert forest.observe(AudioBlock(0.0, np.zeros(10, np.float32))) == []


@pytest.mark.data
def test_the_shipped_forest_estimates_along_real_speech(clips: Path, models_dir: Path) -> None:
    forest = VoiceForest(models_dir / "voice_forest.npz")
    assert forest.classes == CLASSES
    microphone = RecordingMicrophone(clips / "address.mp4")
    samples = np.concatenate([block.samples for block in microphone.blocks()])
    observations = forest.observe(AudioBlock(7.0, samples))
    assert observations[0].start_s == 7.0
    assert observations[-1].end_s == pytest.approx(7.0 + len(samples) / SAMPLE_RATE_HZ)
    assert len(observations) == 13
    for observation in observations:
        assert sum(observation.probabilities.values()) == pytest.approx(1)
        assert 0.3 < observation.quality <= 1


# ---------------------------------------------------------------- the recipe


@pytest.fixture(scope="module")
def tiny_ravdess(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six actors who hum each emotion at its own pitch, under RAVDESS names, and a stranger."""
    folder = tmp_path_factory.mktemp("ravdess")
    for actor in range(1, 7):
        for emotion in range(1, 9):
            sound = tone(90 + 30 * emotion + actor, 0.8, SAMPLE_RATE_HZ)
            sound += np.random.default_rng(actor).normal(0, 0.01, len(sound)).astype(np.float32)
            name = f"03-01-{emotion:02}-01-01-01-{actor:02}.wav"
            write_recording(folder / name, sound=sound, sound_rate_hz=SAMPLE_RATE_HZ)
    (folder / "notes.wav").write_bytes(b"not a clip")
    return folder


def test_the_recipe_trains_judges_by_actor_and_writes_a_forest_that_loads(
    tiny_ravdess: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, cache = tmp_path / "forest.npz", tmp_path / "cache"
    arguments = ["--data", str(tiny_ravdess), "--out", str(out), "--cache", str(cache)]
    arguments += ["--trees", "10", "--jobs", "1"]
    assert train(arguments) == 0
    printed = capsys.readouterr().out
    assert "48 clips, 6 actors" in printed
    assert "mean unweighted average recall" in printed
    assert "95% interval" in printed
    assert "This flatters" in printed
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []

    forest = VoiceForest(out)
    assert forest.classes == CLASSES
    assert forest.speakers == {f"ravdess-{actor:02}" for actor in range(1, 7)}
    (observation,) = forest.observe(AudioBlock(0.0, tone(90 + 30 * 5 + 3, 0.8, SAMPLE_RATE_HZ)))
    assert set(observation.probabilities) == set(CLASSES)

    first = out.read_bytes()
    assert train(arguments) == 0
    assert VoiceForest(out).classes == CLASSES
    assert out.read_bytes() == first


def test_no_actor_is_in_both_parts_of_a_fold() -> None:
    actors = np.repeat(np.arange(1, 21), 3)
    folds = actor_folds(actors)
    assert set(actors[folds[0]].tolist()) == {1, 2, 3, 4}
    np.testing.assert_array_equal(np.sum(folds, axis=0), 1)
    for fold in folds:
        assert not set(actors[fold]) & set(actors[~fold])


def test_songs_silent_films_and_other_files_are_left_out(tmp_path: Path) -> None:
    names = (
        "03-01-05-01-02-01-12.wav",  # speech, sound alone
        "03-02-05-01-02-01-12.wav",  # song
        "02-01-05-01-02-01-12.wav",  # film without sound
        "03-01-09-01-02-01-12.wav",  # no such emotion
        "hello.wav",
    )
    for name in names:
        (tmp_path / name).touch()
    (clip,) = find_clips(tmp_path)
    assert (CLASSES[clip.label], clip.actor) == ("angry", 12)


def test_a_folder_without_clips_is_refused_with_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train(["--data", str(tmp_path)]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_too_few_actors_are_refused() -> None:
    with pytest.raises(DataError, match="4 actors cannot be split into 5 folds"):
        actor_folds(np.repeat(np.arange(4), 10))
