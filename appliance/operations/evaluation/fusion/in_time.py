"""What time costs: clips strung together, a camera that is late, and how windows are smoothed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from appliance.operations.evaluation.fusion.answers import Answers, heard_quality
from appliance.operations.evaluation.fusion.fitting import (
    Case,
    best_curves,
    best_smoothing,
    best_temperature,
)
from appliance.operations.evaluation.fusion.material import Material
from appliance.operations.evaluation.fusion.rules import Rule
from appliance.operations.evaluation.fusion.scores import accuracy
from appliance.operations.evaluation.fusion.streams import Order, shifted
from appliance.perception.fusion.grid import HOP_S
from appliance.perception.fusion.rule import calibrated
from appliance.perception.fusion.smoothing import smoothed

SHIFTS_S = (0.0, 0.5, 1.0, 2.0, 5.0)

KEPT_SHARES = (1.0, 0.8, 0.65, 0.5, 0.35)
"""Exponential smoothing to compare with: how much the newest window counts."""

_LEAST = 1e-6

_Floats = npt.NDArray[np.float64]
_Indices = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class InTime:
    """Windows of one order of clips, against everybody ("none") or what was heard so far ("own").

    Attributes:
        windows: how many.
        voice: accuracy of the voice alone, on windows with enough voice.
        face: accuracy of the face alone.
        shifts: accuracy of both by how many seconds the face is late; None where no stream is so
            long.
        smoothing: by the way of smoothing, the mean logarithm of the truth's probability, and the
            accuracy.
        chosen: for each fold, `stay` and `pull` that are likeliest on all other folds.
    """

    windows: int
    voice: float
    face: float
    shifts: dict[float, float | None]
    smoothing: dict[str, tuple[float, float]]
    chosen: tuple[tuple[float, float], ...]


def judge_in_time(answers: Answers, material: Material, order: Order, mode: str) -> InTime:
    """Fuse the windows of a stream by rules that were fitted on the windows of other folds."""
    stream = _Stream(answers, material, order, mode)
    fused = stream.fused(0)
    chosen = tuple(best_smoothing(stream.inner_runs(fold)) for fold in range(stream.folds))
    return InTime(
        windows=len(stream.labels),
        voice=accuracy(stream.voice.outer[stream.voiced], stream.labels[stream.voiced]),
        face=accuracy(stream.face.outer, stream.labels),
        shifts={shift_s: stream.late(shift_s) for shift_s in SHIFTS_S},
        smoothing=stream.smoothings(fused, chosen),
        chosen=chosen,
    )


class _Stream:
    def __init__(self, answers: Answers, material: Material, order: Order, mode: str) -> None:
        stream = material.streams[order]
        self.labels, self.actors = stream.labels, stream.actors
        self.voiced = stream.sounds.voiced
        self.fold_of = material.fold_of_windows(order)
        self.folds = len(material.folds)
        self.voice = answers.voice[f"{order} {mode}"]
        self.face = answers.face[f"{order} {mode}"]
        self._quality = heard_quality(stream.sounds.range_db).outer[:, 0]
        self._rules = [self._fit(fold) for fold in range(self.folds)]

    def _fit(self, fold: int) -> Rule:
        rows = (self.fold_of != fold) & self.voiced
        truth = self.labels[rows]
        voice, face = self.voice.inner[fold][rows], self.face.inner[fold][rows]
        temperatures = best_temperature(voice, truth), best_temperature(face, truth)
        case = Case(
            calibrated(voice, temperatures[0]),
            self._quality[rows],
            calibrated(face, temperatures[1]),
            np.zeros(len(truth)),
            truth,
            1.0,
        )
        return Rule(temperatures, best_curves([case]), 0.0)

    def fused(self, shift: int) -> _Floats:
        """Outer probabilities with a face that is late by some windows."""
        source, _ = shifted(self.actors, shift)
        said = np.zeros_like(self.voice.outer)
        for fold, rule in enumerate(self._rules):
            rows = self.fold_of == fold
            said[rows] = self._by(rule, self.voice.outer, self.face.outer[source], rows)
        return said

    def late(self, shift_s: float) -> float | None:
        """Accuracy with a face that is late, of the windows whose face is still there."""
        shift = round(shift_s / HOP_S)
        _, inside = shifted(self.actors, shift)
        if not inside.any():
            return None
        return accuracy(self.fused(shift)[inside], self.labels[inside])

    def inner_runs(self, fold: int) -> list[tuple[_Floats, _Indices]]:
        """Each other actor's windows by experts who know neither them nor the fold."""
        runs = []
        for actor in np.unique(self.actors[self.fold_of != fold]):
            rows = self.actors == actor
            said = self._by(self._rules[fold], self.voice.inner[fold], self.face.inner[fold], rows)
            runs.append((said, self.labels[rows]))
        return runs

    def smoothings(
        self, fused: _Floats, chosen: Sequence[tuple[float, float]]
    ) -> dict[str, tuple[float, float]]:
        """Ways of smoothing the outer windows."""
        ways: dict[str, Callable[[_Floats, int], _Floats]] = {
            f"newest counts {share:g}": _by_share(share) for share in KEPT_SHARES
        }
        ways["sticky, chosen by the other folds"] = lambda run, fold: smoothed(run, *chosen[fold])
        found = {}
        for name, way in ways.items():
            said = np.zeros_like(fused)
            for actor in np.unique(self.actors):
                rows = self.actors == actor
                said[rows] = way(fused[rows], int(self.fold_of[rows][0]))
            true = said[np.arange(len(said)), self.labels]
            likelihood = float(np.mean(np.log(np.maximum(true, _LEAST))))
            found[name] = (likelihood, accuracy(said, self.labels))
        return found

    def _by(
        self, rule: Rule, voice: _Floats, face: _Floats, rows: npt.NDArray[np.bool_]
    ) -> _Floats:
        nothing = np.zeros(int(rows.sum()))
        said = rule.fuse(voice[rows], self._quality[rows], face[rows], nothing)
        silent = ~self.voiced[rows]
        said[silent] = calibrated(face[rows][silent], rule.temperatures[1])
        return said


def _by_share(share: float) -> Callable[[_Floats, int], _Floats]:
    return lambda run, _: _exponential(run, share)


def _exponential(windows: _Floats, share: float) -> _Floats:
    """Exponential smoothing of logarithms: the newest window counts `share`."""
    logarithms = np.log(np.maximum(windows, _LEAST))
    told = np.empty_like(windows)
    level = logarithms[0]
    for place, newest in enumerate(logarithms):
        level = share * newest + (1 - share) * level
        told[place] = np.exp(level) / np.exp(level).sum()
    return told
