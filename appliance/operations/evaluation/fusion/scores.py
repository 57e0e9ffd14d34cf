"""How often answers are right, and how far that may be off: people differ more than clips."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from appliance.operations.evaluation.figures import expected_calibration_error

_DRAWS = 2000

_Floats = npt.NDArray[np.float64]
_Indices = npt.NDArray[np.int64]
_Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Score:
    """How often answers were right; means over the draws where there are several.

    Attributes:
        accuracy: share of right answers.
        accuracy_interval: 95% interval, by drawing the actors anew (bootstrap, Efron 1979).
        recall: unweighted average recall.
        recall_interval: 95% interval.
        folds: accuracy in each fold.
        calibration_error: expected calibration error.
    """

    accuracy: float
    accuracy_interval: tuple[float, float]
    recall: float
    recall_interval: tuple[float, float]
    folds: tuple[float, ...]
    calibration_error: float

    def to_json_value(self) -> dict[str, Any]:
        """For programs."""
        return {
            "accuracy": round(self.accuracy, 4),
            "accuracy_interval": [round(bound, 4) for bound in self.accuracy_interval],
            "unweighted_average_recall": round(self.recall, 4),
            "unweighted_average_recall_interval": [
                round(bound, 4) for bound in self.recall_interval
            ],
            "folds": [round(fold, 4) for fold in self.folds],
            "expected_calibration_error": round(self.calibration_error, 4),
        }


def accuracy(said: _Floats, labels: _Indices) -> float:
    """Share of rows (..., n, classes) whose most probable class is the true one."""
    return float(np.mean(said.argmax(axis=-1) == labels))


def score(said: _Floats, labels: _Indices, actors: _Indices, folds: Sequence[_Flags]) -> Score:
    """Score answers.

    Args:
        said: (draws, n, classes) probabilities.
        labels: (n,) the truth.
        actors: (n,) who it is.
        folds: which rows each fold holds back.
    """
    classes = said.shape[2]
    present = np.unique(actors)
    counts = np.zeros((len(present), classes, classes))
    whose = np.searchsorted(present, actors)
    for draw in said.argmax(axis=2):
        np.add.at(counts, (whose, labels, draw), 1 / len(said))
    random = np.random.default_rng(0)
    chosen = random.integers(len(present), size=(_DRAWS, len(present)))
    rates = [_rates(counts[draw].sum(axis=0)) for draw in chosen]
    middle = _rates(counts.sum(axis=0))
    low, high = np.percentile(np.array(rates), (2.5, 97.5), axis=0).tolist()
    return Score(
        accuracy=middle[0],
        accuracy_interval=(low[0], high[0]),
        recall=middle[1],
        recall_interval=(low[1], high[1]),
        folds=tuple(accuracy(said[:, fold], labels[fold]) for fold in folds),
        calibration_error=float(
            np.mean([expected_calibration_error(draw, labels) for draw in said])
        ),
    )


def _rates(counts: _Floats) -> tuple[float, float]:
    right, totals = counts.diagonal(), counts.sum(axis=1)
    present = totals > 0
    recall = float(np.mean(right[present] / totals[present]))
    return float(right.sum() / totals.sum()), recall
