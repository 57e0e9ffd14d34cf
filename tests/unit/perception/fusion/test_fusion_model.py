"""The file of fusion is checked, and its numbers are used where they belong."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from appliance.domain.errors import ModelError
from appliance.perception.fusion.classes import CLASSES
from appliance.perception.fusion.model import (
    FusionModel,
    standing_out,
)
from appliance.perception.fusion.rule import calibrated
from appliance.perception.prosody import loudness_range_db

SHARES = np.random.default_rng(1).dirichlet(np.ones(8))


def arrays(**changes: Any) -> dict[str, Any]:
    return {
        "classes": np.array(CLASSES),
        "speakers": np.array(["ravdess-01"]),
        "temperatures": np.array([[2.0, 1.5], [1.2, 1.0]], np.float32),
        "weights": np.array([[0.8, 0.6], [1.0, 0.9]], np.float32),
        "reliance": np.array([[0.0, 1.0], [0.0, 0.0]], np.float32),
        "thresholds": np.array([0.5, 0.6], np.float32),
        "stay": np.float32(0.6),
        "pull": np.float32(0.4),
    } | changes


def model(folder: Path, **changes: Any) -> FusionModel:
    np.savez(folder / "fusion.npz", **arrays(**changes))
    return FusionModel(folder)


def test_a_voice_counts_by_what_it_stands_out_of_and_how_much_was_heard(tmp_path: Path) -> None:
    fusion = model(tmp_path)
    noisy, clear = (fusion.voice_vote(SHARES, db, 1.0, own=False) for db in (5.0, 45.0))
    assert noisy.weight < 0.8 * 0.5 < clear.weight < 0.8
    assert fusion.voice_vote(SHARES, 45.0, 0.5, own=False).weight == pytest.approx(clear.weight / 2)
    assert np.array_equal(noisy.shares, calibrated(SHARES, 2.0))


def test_a_voice_against_its_own_baseline_has_its_own_row(tmp_path: Path) -> None:
    fusion = model(tmp_path)
    vote = fusion.voice_vote(SHARES, 25.0, 1.0, own=True)
    assert vote.weight == pytest.approx(0.5)
    assert vote.shares == pytest.approx(calibrated(SHARES, 1.2), abs=1e-6)


def test_a_face_counts_by_its_quality(tmp_path: Path) -> None:
    fusion = model(tmp_path)
    assert fusion.face_vote(SHARES, 0.5, own=False).weight == pytest.approx(0.3)
    assert fusion.face_vote(SHARES, 0.0, own=True).weight == 0


def test_below_its_threshold_it_is_not_sure(tmp_path: Path) -> None:
    fusion = model(tmp_path)
    shares = np.array([0.55, *[0.45 / 7] * 7])
    assert fusion.is_sure(shares, own=False)
    assert not fusion.is_sure(shares, own=True)


def test_the_range_of_loudness_tells_speech_from_noise() -> None:
    speech = np.concatenate([np.full(100, -60.0), np.full(200, -20.0)])
    assert loudness_range_db(speech) == pytest.approx(40)
    assert loudness_range_db(np.full(300, -20.0)) == 0
    assert loudness_range_db(np.zeros(0)) == 0
    assert [standing_out(db) for db in (0, 20, 24, 90)] == [-2, 0, 1, 2]


@pytest.mark.parametrize(
    "changes",
    [
        {"classes": np.array(CLASSES[::-1])},
        {"temperatures": np.zeros((2, 2), np.float32)},
        {"weights": np.full((2, 2), -1, np.float32)},
        {"weights": np.ones(2, np.float32)},
        {"reliance": np.full((2, 2), np.nan, np.float32)},
        {"thresholds": np.array([0.5, 1.5], np.float32)},
        {"stay": np.float32(1)},
        {"pull": np.float32(0)},
        {"pull": np.array(1)},
    ],
)
def test_a_damaged_file_is_refused(tmp_path: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(ModelError, match=r"fusion\.npz"):
        model(tmp_path, **changes)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        FusionModel(tmp_path)
