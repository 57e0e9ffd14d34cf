"""What time costs: clips strung together, a camera that is late, and how windows are smoothed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from appliance.operations.evaluation.fusion.answers import Answers, heard_quality
from appliance.operations.evaluation.fusion.fitting import (
    Case,
    best_curves,
    best_smoothing,
    best_temperature,
    threshold_at,
)
from appliance.operations.evaluation.fusion.material import Material, known_windows
from appliance.operations.evaluation.fusion.rules import COVERAGE, Rule
from appliance.operations.evaluation.fusion.scores import accuracy
from appliance.operations.evaluation.fusion.streams import Order, shifted
from appliance.perception.fusion.grid import HOP_S
from appliance.perception.fusion.rule import calibrated
from appliance.perception.fusion.smoothing import smoothed

SHIFTS_S = (0.0, 0.5, 1.0, 2.0, 5.0)

KEPT_SHARES = (1.0, 0.8, 0.65, 0.5, 0.35)
"""Exponential smoothing to compare with: how much the newest window counts."""

StreamMode = Literal["none", "own voice", "own"]

STREAM_MODES: tuple[StreamMode, ...] = ("none", "own voice", "own")
"""Against everybody; or against what was heard so far, of the voice alone or of both."""

_LEAST = 1e-6

_Floats = npt.NDArray[np.float64]
_Indices = npt.NDArray[np.int64]
_Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Sureness:
    """A way of deciding when to say "not sure".

    Attributes:
        share: of the windows that are answered.
        right: accuracy of those.
        inner_right: the same on the other folds, by which a way can be chosen.
    """

    share: float
    right: float
    inner_right: float


@dataclass(frozen=True, slots=True)
class InTime:
    """Windows of one order of clips; where a baseline is used, those from ten known ones on.

    Attributes:
        windows: how many.
        voice: accuracy of the voice alone, on windows with enough voice.
        face: accuracy of the face alone.
        shifts: accuracy of both by how many seconds the face is late; None where no stream is so
            long.
        smoothing: by the way of smoothing, the mean logarithm of the truth's probability, and the
            accuracy.
        chosen: for each fold, `stay` and `pull` that are likeliest on all other folds.
        thresholds: for each fold, that of smoothed windows.
        sure: by whose probability it is decided.
        risk: accuracy of the surest smoothed windows, at each of the coverages asked for.
    """

    windows: int
    voice: float
    face: float
    shifts: dict[float, float | None]
    smoothing: dict[str, tuple[float, float]]
    chosen: tuple[tuple[float, float], ...]
    thresholds: tuple[float, ...]
    sure: dict[str, Sureness]
    risk: tuple[float, ...]


def judge_in_time(
    answers: Answers,
    material: Material,
    order: Order,
    mode: StreamMode,
    coverages: Sequence[float],
) -> InTime:
    """Fuse the windows of a stream by rules that were fitted on the windows of other folds."""
    stream = _Stream(answers, material, order, mode)
    fused = stream.fused(0)
    inner = [stream.inner_runs(fold) for fold in range(stream.folds)]
    chosen = tuple(best_smoothing(runs) for runs in inner)
    steady = stream.by_run(fused, lambda run, fold: smoothed(run, *chosen[fold]))
    ways = _ways(inner, chosen)
    return InTime(
        windows=len(stream.labels),
        voice=accuracy(stream.voice.outer[stream.voiced], stream.labels[stream.voiced]),
        face=accuracy(stream.face.outer, stream.labels),
        shifts={shift_s: stream.late(shift_s) for shift_s in SHIFTS_S},
        smoothing=stream.smoothings(fused, steady),
        chosen=chosen,
        thresholds=tuple(one.threshold for one in ways["smoothed window"]),
        sure={
            "smoothed window": stream.sureness(steady, steady, ways["smoothed window"]),
            "window by itself": stream.sureness(fused, steady, ways["window by itself"]),
        },
        risk=tuple(surest(steady, stream.labels, coverage) for coverage in coverages),
    )


def surest(said: _Floats, labels: _Indices, coverage: float) -> float:
    """Accuracy of the share of rows (n, classes) that are the surest."""
    rows = np.argsort(-said.max(axis=1))[: round(coverage * len(said))]
    return accuracy(said[rows], labels[rows])


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What one fold's others say: the threshold, and how many of those above it are right."""

    threshold: float
    right: float


def _ways(
    inner: Sequence[list[tuple[_Floats, _Indices]]], chosen: Sequence[tuple[float, float]]
) -> dict[str, list[_Chosen]]:
    """For each way of being sure, each fold's threshold by the windows of all other folds."""
    ways: dict[str, list[_Chosen]] = {"smoothed window": [], "window by itself": []}
    for runs, pair in zip(inner, chosen, strict=True):
        truth = np.concatenate([labels for _, labels in runs])
        steady = np.concatenate([smoothed(run, *pair) for run, _ in runs])
        right = steady.argmax(axis=1) == truth
        for name, sure_by in (
            ("smoothed window", steady),
            ("window by itself", np.concatenate([run for run, _ in runs])),
        ):
            threshold = threshold_at(sure_by, COVERAGE)
            above = sure_by.max(axis=1) >= threshold
            ways[name].append(_Chosen(threshold, float(right[above].mean())))
    return ways


class _Stream:
    def __init__(
        self, answers: Answers, material: Material, order: Order, mode: StreamMode
    ) -> None:
        stream = material.streams[order]
        everything = np.ones(len(stream.labels), dtype=np.bool_)
        rows = everything if mode == "none" else known_windows(stream)
        self.labels, self.actors = stream.labels[rows], stream.actors[rows]
        self.voiced = stream.sounds.voiced[rows]
        self.fold_of = material.fold_of_windows(order)[rows]
        self.folds = len(material.folds)
        heard, seen = ("none" if mode == "none" else "own"), ("own" if mode == "own" else "none")
        self.voice = answers.voice[f"{order} {heard}"].at(rows)
        self.face = answers.face[f"{order} {seen}"].at(rows)
        self._quality = heard_quality(stream.sounds.range_db[rows]).outer[:, 0]
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

    def by_run(self, windows: _Floats, way: Callable[[_Floats, int], _Floats]) -> _Floats:
        """Outer windows, each actor's changed in one go; `way` is told their fold."""
        said = np.zeros_like(windows)
        for actor in np.unique(self.actors):
            rows = self.actors == actor
            said[rows] = way(windows[rows], int(self.fold_of[rows][0]))
        return said

    def smoothings(self, fused: _Floats, steady: _Floats) -> dict[str, tuple[float, float]]:
        """Ways of smoothing the outer windows, and the one that was chosen."""
        ways = {
            f"newest counts {share:g}": self.by_run(fused, _by_share(share))
            for share in KEPT_SHARES
        }
        ways["sticky, chosen by the other folds"] = steady
        found = {}
        for name, said in ways.items():
            true = said[np.arange(len(said)), self.labels]
            likelihood = float(np.mean(np.log(np.maximum(true, _LEAST))))
            found[name] = (likelihood, accuracy(said, self.labels))
        return found

    def sureness(self, sure_by: _Floats, said: _Floats, chosen: Sequence[_Chosen]) -> Sureness:
        """How it goes where it is sure by some windows (n, classes) and says others."""
        threshold = np.array([one.threshold for one in chosen])[self.fold_of]
        sure = sure_by.max(axis=1) >= threshold
        return Sureness(
            share=float(sure.mean()),
            right=accuracy(said[sure], self.labels[sure]),
            inner_right=float(np.mean([one.right for one in chosen])),
        )

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
