"""What fusion is fitted by: the likelihood of the truth, on actors that are not judged."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize, minimize_scalar

from appliance.perception.fusion.rule import calibrated, normalised
from appliance.perception.fusion.smoothing import smoothed

_LEAST = 1e-6
_TEMPERATURES = (-1.5, 1.8)  # natural logarithms
_PULLED_TO_1 = 1e-3
_PULLED_TO_0 = 1e-4

STAYS = (0.3, 0.5, 0.6, 0.7, 0.8, 0.9)
PULLS = (0.25, 0.4, 0.6, 0.8, 1.0)

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """Answers of both about the same rows, for the weights to learn from.

    Attributes:
        voice: (n, classes) calibrated probabilities.
        voice_quality: (n,) on the scale of the weights.
        face: (n, classes) calibrated probabilities.
        face_quality: (n,).
        labels: (n,) the truth.
        importance: how much the case counts.
    """

    voice: Floats
    voice_quality: Floats
    face: Floats
    face_quality: Floats
    labels: Indices
    importance: float


@dataclass(frozen=True, slots=True)
class Curve:
    """A weight that rises with quality from 0 to `most`.

    Attributes:
        most: weight at perfect quality.
        level: of the logistic curve.
        slope: of the logistic curve.
    """

    most: float
    level: float
    slope: float

    def weights(self, quality: Floats) -> Floats:
        """Weights (n,) of qualities (n,)."""
        weights: Floats = self.most / (1 + np.exp(-(self.level + self.slope * quality)))
        return weights


def best_temperature(shares: Floats, labels: Indices) -> float:
    """The temperature at which the truth is most likely (Guo et al., ICML 2017)."""
    rows = np.arange(len(labels))

    def loss(logarithm: float) -> float:
        scaled = calibrated(shares, float(np.exp(logarithm)))
        return -float(np.mean(np.log(np.maximum(scaled[rows, labels], _LEAST))))

    best = minimize_scalar(loss, bounds=_TEMPERATURES, method="bounded").x
    return float(np.exp(best))


def best_curves(cases: Sequence[Case]) -> tuple[Curve, Curve]:
    """The weights of voice and face under which the truth is most likely in all cases."""

    def loss(flat: Floats) -> float:
        voice, face = _curves(flat)
        total = sum(
            case.importance
            * -np.log(
                np.maximum(
                    weighted(
                        case.voice,
                        voice.weights(case.voice_quality),
                        case.face,
                        face.weights(case.face_quality),
                    )[np.arange(len(case.labels)), case.labels],
                    _LEAST,
                )
            ).mean()
            for case in cases
        )
        pulled = _PULLED_TO_1 * (flat[0] ** 2 + flat[3] ** 2) + _PULLED_TO_0 * float(
            np.sum(flat[[1, 2, 4, 5]] ** 2)
        )
        return float(total / sum(case.importance for case in cases) + pulled)

    begin = np.array([0.0, 1.0, 1.0, 0.0, 1.0, 1.0])
    return _curves(minimize(loss, begin, method="L-BFGS-B").x)


def weighted(voice: Floats, voice_weights: Floats, face: Floats, face_weights: Floats) -> Floats:
    """The rule of `perception.fusion.rule.fuse` for many rows at once."""
    return normalised(
        voice_weights[:, np.newaxis] * np.log(np.maximum(voice, _LEAST))
        + face_weights[:, np.newaxis] * np.log(np.maximum(face, _LEAST))
    )


def threshold_at(shares: Floats, coverage: float) -> float:
    """The greatest probability that so many of the rows (n, classes) reach."""
    return float(np.quantile(shares.max(axis=1), 1 - coverage))


def best_smoothing(runs: Sequence[tuple[Floats, Indices]]) -> tuple[float, float]:
    """How long a class stays and how much a window counts, chosen by likelihood.

    Args:
        runs: windows (n, classes) and their truth (n,), each run of one actor.
    """

    def likelihood(stay: float, pull: float) -> float:
        told = [
            np.log(np.maximum(smoothed(windows, stay, pull), _LEAST))[np.arange(len(truth)), truth]
            for windows, truth in runs
        ]
        return float(np.mean(np.concatenate(told)))

    return max(
        ((stay, pull) for stay in STAYS for pull in PULLS), key=lambda pair: likelihood(*pair)
    )


def _curves(flat: Floats) -> tuple[Curve, Curve]:
    first, second = (
        Curve(float(np.exp(part[0])), float(part[1]), float(part[2]))
        for part in (flat[:3], flat[3:])
    )
    return first, second
