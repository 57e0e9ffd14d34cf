"""The fusion recipe: its file is what the device loads, and what is missing is told."""

from pathlib import Path

import numpy as np
import pytest

from appliance.operations.evaluation.fusion.fitting import Curve
from appliance.operations.evaluation.fusion.rules import Rule
from appliance.perception.fusion.model import FusionModel
from models_tflite.training.fusion.__main__ import main, to_npz
from models_tflite.training.fusion.fitted import Fitted


def fitted(temperature: float, threshold: float) -> Fitted:
    curves = (Curve(1.2, 0.0, 0.5), Curve(1.0, 2.0, 1.0))
    nothing = np.zeros((0, 8))
    labels = np.zeros(0, np.int64)
    return Fitted(Rule((temperature, 1.3), curves, threshold), nothing, labels, [])


def test_the_file_is_what_the_device_loads(tmp_path: Path) -> None:
    rows = fitted(1.0, 0.5), fitted(2.0, 0.6)
    content = to_npz(["ravdess-03", "ravdess-07"], rows, 0.5, 0.4)
    (tmp_path / "fusion.npz").write_bytes(content)
    model = FusionModel(tmp_path)
    assert model.speakers == {"ravdess-03", "ravdess-07"}
    assert (model.stay, model.pull) == pytest.approx((0.5, 0.4))
    shares = np.array([0.53, *[0.47 / 7] * 7])
    alone, own = (model.voice_vote(shares, 25.0, 1.0, own=row) for row in (False, True))
    assert alone.shares == pytest.approx(shares, abs=1e-6)
    assert own.shares.max() < 0.53
    assert alone.weight == pytest.approx(0.6)
    face = model.face_vote(shares, 1.0, own=False)
    assert face.shares == pytest.approx(shares), "the face keeps its own model's temperature"
    assert face.weight == pytest.approx(1 / (1 + np.exp(-2)))
    assert model.is_sure(shares, own=False)
    assert not model.is_sure(shares, own=True)


def test_without_the_voice_recipes_folds_it_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--data", str(tmp_path), "--voices", str(tmp_path)]) != 0
    assert "Run the voice recipe first" in capsys.readouterr().err
