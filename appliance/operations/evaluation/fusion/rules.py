"""The rules of each fold: fitted on the inner answers alone, asked about the outer ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from appliance.operations.evaluation.fusion.fitting import (
    Case,
    Curve,
    best_curves,
    best_temperature,
    threshold_at,
    weighted,
)
from appliance.operations.evaluation.fusion.nested import Nested
from appliance.operations.evaluation.fusion.regression import fit_regression
from appliance.operations.evaluation.ravdess import CLASSES
from appliance.perception.fusion.rule import calibrated, normalised

COVERAGE = 0.85
"""Share of the windows that are answered; of the others it says "not sure"."""

NOISE = 0.3
BLUR = {"blurred": 0.3, "half blurred": 0.2}
"""How much cases with noise count beside clean ones while weights are fitted."""

_STACK_PENALTY = 0.03
_LEAST = 1e-6

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Rated:
    """Answers, and how far they can be relied on.

    Attributes:
        said: (n, classes) probabilities.
        quality: (n, 1) on the scale of the weights.
    """

    said: Nested
    quality: Nested


@dataclass(frozen=True, slots=True, eq=False)
class Sense:
    """What one sense's experts said.

    Attributes:
        clean: one for each draw of the person's own.
        hurt: in noise, by its name.
    """

    clean: Sequence[Rated]
    hurt: Mapping[str, Rated]


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """What was fitted for one fold.

    Attributes:
        temperatures: of voice and face.
        curves: weights of voice and face.
        threshold: probability below which it is not sure.
    """

    temperatures: tuple[float, float]
    curves: tuple[Curve, Curve]
    threshold: float

    def fuse(
        self, voice: Floats, voice_quality: Floats, face: Floats, face_quality: Floats
    ) -> Floats:
        """Fuse raw answers (n, classes) of both."""
        return weighted(
            calibrated(voice, self.temperatures[0]),
            self.curves[0].weights(voice_quality),
            calibrated(face, self.temperatures[1]),
            self.curves[1].weights(face_quality),
        )


def fit_rule(voice: Sense, face: Sense, labels: Indices, fold: int, chosen: Flags) -> Rule:
    """Fit a rule on the inner answers about the chosen rows.

    Args:
        voice: its answers.
        face: its answers, with as many draws.
        labels: (n,) the truth.
        fold: that is to be judged by the rule.
        chosen: rows of all other folds.
    """
    truth = labels[chosen]
    voice_temperature, face_temperature = (
        best_temperature(
            np.concatenate([draw.said.inner[fold][chosen] for draw in sense.clean]),
            np.tile(truth, len(sense.clean)),
        )
        for sense in (voice, face)
    )
    heard = _versions(voice, fold, chosen, voice_temperature, dict.fromkeys(voice.hurt, NOISE))
    seen = _versions(face, fold, chosen, face_temperature, BLUR)
    cases = [
        Case(said, quality, shown, likeness, truth, first * second)
        for said, quality, first in heard
        for shown, likeness, second in seen
    ]
    rule = Rule((voice_temperature, face_temperature), best_curves(cases), 0.0)
    inner = [
        rule.fuse(
            said.said.inner[fold][chosen],
            said.quality.inner[fold][chosen, 0],
            shown.said.inner[fold][chosen],
            shown.quality.inner[fold][chosen, 0],
        )
        for said, shown in zip(voice.clean, face.clean, strict=True)
    ]
    return replace(rule, threshold=threshold_at(np.concatenate(inner), COVERAGE))


def outer(rules: Sequence[Rule], fold_of: Indices, voice: Rated, face: Rated) -> Floats:
    """What the rules say of the outer answers, each of its own fold: (n, classes)."""
    fused = np.zeros_like(voice.said.outer)
    for fold, rule in enumerate(rules):
        rows = fold_of == fold
        fused[rows] = rule.fuse(
            voice.said.outer[rows],
            voice.quality.outer[rows, 0],
            face.said.outer[rows],
            face.quality.outer[rows, 0],
        )
    return fused


def alone(rules: Sequence[Rule], fold_of: Indices, answers: Rated, sense: int) -> Floats:
    """The outer answers of one sense (0 the voice, 1 the face), calibrated: (n, classes)."""
    said = np.zeros_like(answers.said.outer)
    for fold, rule in enumerate(rules):
        rows = fold_of == fold
        said[rows] = calibrated(answers.said.outer[rows], rule.temperatures[sense])
    return said


def stacked(voice: Sense, face: Sense, labels: Indices, folds: Sequence[Flags]) -> Floats:
    """Logistic stacking: a regression over both's logarithms, on the same inner answers.

    Returns:
        (draws, n, classes) outer probabilities.
    """
    pairs = [(one.said, other.said) for one, other in zip(voice.clean, face.clean, strict=True)]
    said = np.zeros((len(pairs), len(labels), len(CLASSES)))
    for fold, held_back in enumerate(folds):
        chosen = ~held_back
        inner = [_logarithms(one.inner[fold], other.inner[fold])[chosen] for one, other in pairs]
        regression = fit_regression(
            np.concatenate(inner),
            np.tile(labels[chosen], len(pairs)),
            len(CLASSES),
            _STACK_PENALTY,
        )
        for draw, (one, other) in enumerate(pairs):
            values = _logarithms(one.outer, other.outer)[held_back]
            said[draw, held_back] = normalised(regression.logits(values))
    return said


def _logarithms(first: Floats, second: Floats) -> Floats:
    logarithms: Floats = np.log(np.maximum(np.hstack([first, second]), _LEAST))
    return logarithms


def _versions(
    sense: Sense, fold: int, chosen: Flags, temperature: float, importance: Mapping[str, float]
) -> list[tuple[Floats, Floats, float]]:
    """Calibrated inner answers, their quality and how much they count: clean first, then noisy."""
    found = [(sense.clean[0], 1.0)]
    found += [(answers, importance[name]) for name, answers in sense.hurt.items()]
    return [
        (
            calibrated(one.said.inner[fold][chosen], temperature),
            one.quality.inner[fold][chosen, 0],
            counts,
        )
        for one, counts in found
    ]
