"""The fusion recipe: its file is what the device loads, and what is missing is told."""

from pathlib import Path

import numpy as np
import pytest

from appliance.operations.evaluation.fusion.fitting import Curve, Floats, Indices
from appliance.operations.evaluation.fusion.material import Material
from appliance.operations.evaluation.fusion.noise import Noise
from appliance.operations.evaluation.fusion.rules import Rule
from appliance.operations.evaluation.fusion.sounds import Sounds
from appliance.operations.evaluation.fusion.streams import Streams
from appliance.perception.fusion.model import FusionModel
from appliance.perception.fusion.rule import normalised
from appliance.perception.fusion.smoothing import smoothed
from models_tflite.training.fusion.__main__ import main, to_npz
from models_tflite.training.fusion.fitted import Fitted, Smoothing, _fitted, fit_smoothing


def fitted(temperature: float, runs: list[tuple[Floats, Indices]]) -> Fitted:
    curves = (Curve(1.2, 0.0, 0.5), Curve(1.0, 2.0, 1.0))
    nothing = np.zeros((0, 8))
    labels = np.zeros(0, np.int64)
    return Fitted(Rule((temperature, 1.3), curves, 0.99), nothing, labels, runs)


def test_the_file_is_what_the_device_loads(tmp_path: Path) -> None:
    rows = fitted(1.0, []), fitted(2.0, [])
    content = to_npz(["ravdess-03", "ravdess-07"], rows, Smoothing(0.5, 0.4, (0.5, 0.6)))
    (tmp_path / "fusion.npz").write_bytes(content)
    model = FusionModel(tmp_path)
    assert model.speakers == {"ravdess-03", "ravdess-07"}
    assert (model.stay, model.pull) == pytest.approx((0.5, 0.4))
    shares = np.array([0.53, *[0.47 / 7] * 7])
    alone, own = (model.voice_vote(shares, 20.0, 1.0, own=row) for row in (False, True))
    assert alone.shares == pytest.approx(shares, abs=1e-6)
    assert own.shares.max() < 0.53
    assert alone.weight == pytest.approx(0.6)
    face = model.face_vote(shares, 1.0, own=False)
    assert face.shares == pytest.approx(shares), "the face keeps its own model's temperature"
    assert face.weight == pytest.approx(1 / (1 + np.exp(-2)))
    assert model.is_sure(shares, own=False)
    assert not model.is_sure(shares, own=True)


def test_the_thresholds_are_those_of_windows_as_the_device_smooths_them() -> None:
    random = np.random.default_rng(0)
    truth = np.repeat(np.arange(8), 30)
    runs = [
        (normalised(strength * np.eye(8)[truth] + random.normal(size=(240, 8))), truth)
        for strength in (1.0, 2.0)
    ]
    rows = fitted(1.0, runs[:1]), fitted(1.0, runs[1:])
    found = fit_smoothing(rows)
    for (run, _), threshold in zip(runs, found.thresholds, strict=True):
        said = smoothed(run, found.stay, found.pull)
        assert np.mean(said.max(axis=1) >= threshold) == pytest.approx(0.85, abs=0.01)
    assert found.thresholds[0] < found.thresholds[1]


def test_the_row_of_an_own_baseline_is_fitted_beside_faces_that_have_none() -> None:
    random = np.random.default_rng(1)
    actors, labels = np.repeat(np.arange(5), 8), np.tile(np.arange(8), 5)
    windows = np.repeat(np.arange(5), 80)
    truth = np.repeat(random.integers(8, size=40), 10)

    def sounds(count: int) -> Sounds:
        voiced = np.ones(count, dtype=np.bool_)
        return Sounds(np.zeros((count, 1), np.float32), random.uniform(20, 40, count), voiced)

    def said(of: Indices) -> Floats:
        return normalised(2 * np.eye(8)[of] + random.normal(size=(len(of), 8)))

    stream = Streams(sounds(400), np.zeros((400, 1)), truth, windows)
    folds = [actors == actor for actor in range(5)]
    clean, faces = sounds(40), np.zeros((40, 1), np.float32)
    noisy: dict[Noise, Sounds] = {"white": sounds(40)}
    material = Material(labels, actors, folds, clean, noisy, faces, {"shuffled": stream})
    voice = {name: said(labels) for name in ("own 0", "own 1", "white own 0")}
    voice["shuffled own"] = said(truth)
    face = {"none": said(labels), "shuffled none": said(truth)}
    row = _fitted(material, voice, face, "own", ["own 0", "own 1"])
    assert len(row.runs) == 5
    assert {len(run) for run, _ in row.runs} == {80 - 60}, "from ten windows of their own on"


def test_without_the_voice_recipes_folds_it_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--data", str(tmp_path), "--voices", str(tmp_path)]) != 0
    assert "Run the voice recipe first" in capsys.readouterr().err
