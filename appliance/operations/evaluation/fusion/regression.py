"""Multinomial logistic regression, with what a booth has: no training framework is needed.

Its optimum is that of scikit-learn's `LogisticRegression(C=..., class_weight="balanced")`.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

_STEPS = 500
_ENOUGH = 1e-6

_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Regression:
    """A fitted regression.

    Attributes:
        weights: (classes, values).
        intercepts: (classes,).
    """

    weights: _Floats
    intercepts: _Floats

    def logits(self, values: _Floats) -> _Floats:
        """Logits (n, classes) of values (n, values)."""
        logits: _Floats = values @ self.weights.T + self.intercepts
        return logits


def fit_regression(
    values: _Floats,
    labels: npt.NDArray[np.int64],
    classes: int,
    penalty: float,
    counts: _Floats | None = None,
) -> Regression:
    """Fit a regression in which every class weighs the same.

    Args:
        values: (n, values).
        labels: (n,) from 0 on.
        classes: how many there are.
        penalty: the smaller, the smaller the weights.
        counts: (n,) how much each example counts; all alike where it is None.
    """
    truth = np.eye(classes)[labels]
    share = len(labels) / classes / np.maximum(truth.sum(axis=0), 1)
    importance = share[labels] * (1.0 if counts is None else counts / counts.mean())
    width = values.shape[1]

    def loss(flat: _Floats) -> tuple[float, _Floats]:
        table = flat.reshape(classes, width + 1)
        weights = table[:, :width]
        logits = values @ weights.T + table[:, width]
        logits -= logits.max(axis=1, keepdims=True)
        shares = np.exp(logits)
        sums = shares.sum(axis=1, keepdims=True)
        likelihood = importance @ ((logits - np.log(sums)) * truth).sum(axis=1)
        wrong = (shares / sums - truth) * importance[:, np.newaxis]
        slope = np.column_stack([wrong.T @ values + weights / penalty, wrong.sum(axis=0)])
        total = np.sum(weights**2) / (2 * penalty) - likelihood
        return float(total) / len(labels), slope.ravel() / len(labels)

    begin = np.zeros(classes * (width + 1))
    options = {"maxiter": _STEPS, "ftol": _ENOUGH}
    table = minimize(loss, begin, jac=True, method="L-BFGS-B", options=options).x
    table = table.reshape(classes, width + 1)
    return Regression(table[:, :width], table[:, width])
