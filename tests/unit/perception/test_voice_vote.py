"""The vote is the regression's and the forest's together, and its file is checked."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from appliance.domain.errors import ModelError
from appliance.perception.voice_description import VoiceBaseline, description_names
from appliance.perception.voice_vote import VoiceVote

VALUES = len(description_names())


def arrays(**changes: Any) -> dict[str, Any]:
    """A vote of two classes on the first value: its weight is 2 without, 4 with a baseline."""
    weights = np.zeros((2, 2, VALUES), np.float32)
    weights[0, 1, 0], weights[1, 1, 0] = 2.0, 4.0
    return {
        "classes": np.array(["calm", "angry"]),
        "features": np.array(description_names()),
        "speakers": np.array(["ravdess-01"]),
        "centre": np.full(VALUES, 10, np.float32),
        "scale": np.full(VALUES, 5, np.float32),
        "weights": weights,
        "intercepts": np.zeros((2, 2, 2), np.float32),
        "forest_share": np.array([0.5, 0.0], np.float32),
        "temperatures": np.ones(2, np.float32),
    } | changes


def vote(folder: Path, **changes: Any) -> VoiceVote:
    path = folder / "vote.npz"
    np.savez(path, **arrays(**changes))
    return VoiceVote(path)


def described(first: float) -> np.ndarray[Any, np.dtype[np.float32]]:
    values = np.full((1, VALUES), 10, np.float32)
    values[0, 0] = first
    return values


def test_the_forest_counts_by_its_share(tmp_path: Path) -> None:
    voter = vote(tmp_path)
    even, sure = np.array([[0.5, 0.5]]), np.array([[0.2, 0.8]])
    odds = np.exp(2.0)  # one deviation above the centre
    expected = odds / (1 + odds)
    assert voter.predict(described(15), even)[0, 1] == pytest.approx(expected)
    assert voter.predict(described(15), sure)[0, 1] == pytest.approx(2 * odds / (1 + 2 * odds))


def test_temperature_softens_both_votes(tmp_path: Path) -> None:
    voter = vote(tmp_path, temperatures=np.array([2, 1], np.float32))
    said = voter.predict(described(15), np.array([[0.5, 0.5]]))
    assert said[0, 1] == pytest.approx(np.exp(1) / (1 + np.exp(1)))


def test_a_baseline_is_drawn_towards_everybody_until_much_is_heard(tmp_path: Path) -> None:
    voter = vote(tmp_path)
    baseline = VoiceBaseline()
    for _ in range(10):
        baseline.add(described(22)[0])
    # Mean 22 of ten windows and 10 of three more; variance 0 of ten and 25 of ten more.
    centre, scale = (10 * 22 + 3 * 10) / 13, np.sqrt(25 / 2)
    odds = np.exp(4 * (22 - centre) / scale)
    said = voter.predict(described(22), np.array([[0.9, 0.1]]), baseline)
    assert said[0, 1] == pytest.approx(odds / (1 + odds))


@pytest.mark.parametrize(
    "changes",
    [
        {"weights": np.zeros((2, 3, VALUES), np.float32)},
        {"scale": np.zeros(VALUES, np.float32)},
        {"centre": np.full(VALUES, np.nan, np.float32)},
        {"temperatures": np.array([1.0, 0.0], np.float32)},
        {"forest_share": np.array([1, 1])},
        {"classes": np.array([1, 2])},
    ],
)
def test_arrays_that_do_not_fit_are_refused(tmp_path: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(ModelError, match=r"vote\.npz is damaged or not a voice vote"):
        vote(tmp_path, **changes)


def test_a_vote_on_other_values_is_refused(tmp_path: Path) -> None:
    other = np.array([*description_names()[:-1], "something else"])
    with pytest.raises(ModelError, match="trained on other voice features"):
        vote(tmp_path, features=other)


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"vote\.npz cannot be read"):
        VoiceVote(tmp_path / "vote.npz")
