"""How often a model is right: one way to count, for `booth evaluate` and for the recipes."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

_NORMAL_95 = 1.96
_BINS = 15

NO_TRUTH = -1
"""In place of a class where nobody knows which it is."""

Indices = npt.NDArray[np.int64]
Probabilities = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """How a model did on examples whose class is known.

    Attributes:
        classes: names.
        count: examples.
        accuracy: share of them whose most probable class is the true one.
        accuracy_interval: 95% interval of the accuracy.
        recalls: accuracy within each class; None where it has no example.
        confusion: (classes, classes) int64, examples by true class (row) and by answer (column).
        expected_calibration_error: see `expected_calibration_error`.
        reliability: (bins, 3) examples, mean confidence and accuracy of each bin of confidence that
            has examples.
    """

    classes: tuple[str, ...]
    count: int
    accuracy: float
    accuracy_interval: tuple[float, float]
    recalls: tuple[float | None, ...]
    confusion: Indices
    expected_calibration_error: float
    reliability: npt.NDArray[np.float64]

    @property
    def unweighted_average_recall(self) -> float:
        """Mean of the recalls: what a rare class counts as much in as a frequent one."""
        return float(np.mean([recall for recall in self.recalls if recall is not None]))

    def to_json_value(self) -> dict[str, Any]:
        """The figures as plain values, shares rounded to four decimals."""
        return {
            "n": self.count,
            "accuracy": round(self.accuracy, 4),
            "accuracy_interval": [round(bound, 4) for bound in self.accuracy_interval],
            "unweighted_average_recall": round(self.unweighted_average_recall, 4),
            "recalls": {
                name: None if recall is None else round(recall, 4)
                for name, recall in zip(self.classes, self.recalls, strict=True)
            },
            "classes": list(self.classes),
            "confusion": self.confusion.tolist(),
            "expected_calibration_error": round(self.expected_calibration_error, 4),
        }


def judge(said: Probabilities, truth: Indices, classes: tuple[str, ...]) -> Figures | None:
    """Compare answers with the truth; None where no example has any.

    Args:
        said: (n, classes) probabilities.
        truth: (n,) index of the true class, or `NO_TRUTH`: such an example is not counted.
        classes: names, in the order of both.
    """
    known = truth != NO_TRUTH
    said, truth = said[known], truth[known]
    if not len(truth):
        return None
    answer = said.argmax(axis=1)
    confusion = np.zeros((len(classes), len(classes)), dtype=np.int64)
    np.add.at(confusion, (truth, answer), 1)
    totals, right = confusion.sum(axis=1).tolist(), confusion.diagonal().tolist()
    accuracy = float(np.mean(answer == truth))
    return Figures(
        classes=classes,
        count=len(truth),
        accuracy=accuracy,
        accuracy_interval=wilson(accuracy, len(truth)),
        recalls=tuple(r / total if total else None for r, total in zip(right, totals, strict=True)),
        confusion=confusion,
        expected_calibration_error=expected_calibration_error(said, truth),
        reliability=reliability(said, truth),
    )


def wilson(share: float, count: int) -> tuple[float, float]:
    """Return the 95% interval of a share of `count` examples (Wilson 1927)."""
    square = _NORMAL_95**2 / count
    middle = (share + square / 2) / (1 + square)
    reach = _NORMAL_95 * np.sqrt(share * (1 - share) / count + square / (4 * count)) / (1 + square)
    return float(middle - reach), float(middle + reach)


def expected_calibration_error(probabilities: Probabilities, truth: Indices) -> float:
    """Return the mean distance of confidence and accuracy, over 15 bins of confidence.

    Naeini et al. 2015, with the bins of Guo et al. 2017. 0 is perfect, 1 the worst.

    Args:
        probabilities: (n, classes), at least one row.
        truth: (n,) the class of each.
    """
    counts, confidences, accuracies = reliability(probabilities, truth).T
    return float(np.sum(counts * np.abs(confidences - accuracies)) / len(truth))


def reliability(probabilities: Probabilities, truth: Indices) -> npt.NDArray[np.float64]:
    """Return (bins, 3): count, mean confidence and accuracy of each of 15 bins that is not empty.

    Args:
        probabilities: (n, classes), at least one row.
        truth: (n,) the class of each.
    """
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == truth
    bins = np.minimum((confidence * _BINS).astype(np.int64), _BINS - 1)
    rows = [
        (np.sum(bins == index), np.mean(confidence[bins == index]), np.mean(right[bins == index]))
        for index in np.unique(bins)
    ]
    return np.array(rows, dtype=np.float64)
