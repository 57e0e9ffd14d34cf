"""The two experts of a fold: light models of voice and face, fitted on some of the actors.

The voice's is the device's vote without its forest, which needs a training framework to grow and
adds little to the vote. It is written as a file and asked by the device's own code. The face's sees
action units.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from appliance.domain.media import FloatArray
from appliance.domain.whole_file import write_whole
from appliance.operations.evaluation.fusion.regression import Regression, fit_regression
from appliance.operations.evaluation.ravdess import CLASSES, speaker
from appliance.perception.fusion.rule import normalised
from appliance.perception.voice_description import VoiceBaseline, description_names
from appliance.perception.voice_vote import VoiceVote, regression_parts

VOICE_PENALTIES = (0.0015, 0.001)
FACE_PENALTIES = (0.1, 0.1)
JOINT_PENALTIES = (1.0, 1.0)
"""Without and with a baseline."""

MOVED_COPIES = 6
_TRUE_COUNTS = 3.0
_SHRINKAGE = 0.1

_Floats = npt.NDArray[np.float64]
_Flags = npt.NDArray[np.bool_]
_Indices = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Lessons:
    """What experts learn from.

    Attributes:
        values: (n, values).
        labels: (n,) index of the class.
        actors: (n,) who it is.
        own: for each copy that is learned from, a baseline for each row.
    """

    values: FloatArray
    labels: _Indices
    actors: _Indices
    own: Sequence[Sequence[VoiceBaseline]]


class Expert(Protocol):
    """Somebody to ask."""

    def ask(self, values: FloatArray, baselines: Sequence[VoiceBaseline] | None) -> _Floats:
        """Probabilities (n, classes) of values (n, values), each against its baseline."""
        ...


class VoiceExpert:
    """Two regressions, as `VoiceVote` reads them."""

    def __init__(self, lessons: Lessons, chosen: _Flags, path: Path) -> None:
        """Fit on the chosen rows, and write the file that the device's code reads.

        Raises:
            OutputError: the file cannot be written.
        """
        values = lessons.values[chosen]
        centre = values.mean(axis=0, dtype=np.float64)
        scale = values.std(axis=0, dtype=np.float64) + 1e-9
        copies: list[npt.NDArray[np.floating[Any]]] = [values, *_moved(lessons, chosen)]
        nobody = VoiceBaseline()
        known = [nobody.relative(copy.astype(np.float32), centre, scale) for copy in copies]
        counts = np.repeat([_TRUE_COUNTS, *[1.0] * MOVED_COPIES], len(values))
        own = _against_own(lessons, chosen, centre, scale)
        labels = lessons.labels[chosen]
        fitted = [
            [_fit(known, labels, penalty, seen, counts) for seen in regression_parts()]
            if row == 0
            else [_fit(own, labels, penalty, seen) for seen in regression_parts()]
            for row, penalty in enumerate(VOICE_PENALTIES)
        ]
        speakers = [speaker(actor) for actor in np.unique(lessons.actors[chosen]).tolist()]
        write_whole({path: _vote_file(centre, scale, fitted, speakers)})
        self._vote = VoiceVote(path)

    def ask(self, values: FloatArray, baselines: Sequence[VoiceBaseline] | None) -> _Floats:
        """Probabilities (n, classes) of descriptions, each against its baseline."""
        even = np.full((len(values), len(CLASSES)), 1 / len(CLASSES))
        if baselines is None:
            return self._vote.predict(values, even)
        rows = [
            self._vote.predict(values[row : row + 1], even[:1], baseline)
            for row, baseline in enumerate(baselines)
        ]
        return np.concatenate(rows)


class LightExpert:
    """A regression over any values, without and with a baseline.

    Args:
        lessons: what to learn from.
        chosen: which rows of it.
        penalties: without and with a baseline.
        shares: (values,) how much each value counts in the regression.
    """

    def __init__(
        self,
        lessons: Lessons,
        chosen: _Flags,
        penalties: tuple[float, float],
        shares: _Floats | None = None,
    ) -> None:
        values = lessons.values[chosen]
        self._shares = np.ones(values.shape[1]) if shares is None else shares
        self._centre = values.mean(axis=0, dtype=np.float64)
        self._scale = values.std(axis=0, dtype=np.float64) + 1e-9
        labels = lessons.labels[chosen]
        own = _against_own(lessons, chosen, self._centre, self._scale)
        everything = slice(None)
        self._fitted = (
            _fit([self.deviations(values) * self._shares], labels, penalties[0], everything),
            _fit([one * self._shares for one in own], labels, penalties[1], everything),
        )

    def ask(self, values: FloatArray, baselines: Sequence[VoiceBaseline] | None) -> _Floats:
        """Probabilities (n, classes) of values, each against its baseline."""
        if baselines is None:
            return normalised(self._fitted[0].logits(self.deviations(values) * self._shares))
        rows = [
            self._fitted[int(baseline.enough)].logits(
                self.deviations(values[row : row + 1], baseline if baseline.enough else None)
                * self._shares
            )
            for row, baseline in enumerate(baselines)
        ]
        return normalised(np.concatenate(rows))

    def deviations(self, values: FloatArray, known: VoiceBaseline | None = None) -> _Floats:
        """Values (n, values) against a baseline, or against everybody."""
        return (known or VoiceBaseline()).relative(values, self._centre, self._scale)


class FaceExpert(LightExpert):
    """A light expert over action units, which also tells how usual a face is."""

    def __init__(self, lessons: Lessons, chosen: _Flags) -> None:
        super().__init__(lessons, chosen, FACE_PENALTIES)
        usual = self.deviations(lessons.values[chosen])
        width = usual.shape[1]
        self._precision = np.linalg.inv(np.cov(usual.T) + _SHRINKAGE * np.eye(width)) / width

    def quality(self, values: FloatArray) -> _Floats:
        """How much faces (n, values) are like those it learned from: (n, 1), 0 for a usual one.

        The negative logarithm of the mean squared Mahalanobis distance: what noise makes of action
        units lies far from every face.
        """
        known = self.deviations(values)
        distance = np.einsum("ij,jk,ik->i", known, self._precision, known)
        quality: _Floats = -np.log(np.maximum(distance, 1e-9))[:, np.newaxis]
        return quality


def _moved(lessons: Lessons, chosen: _Flags) -> list[_Floats]:
    """Copies of the chosen rows, each moved from its actor's mean to another's: other voices."""
    random = np.random.default_rng(int(np.flatnonzero(chosen)[0]) * 1000 + int(chosen.sum()))
    actors, values = lessons.actors[chosen], lessons.values[chosen].astype(np.float64)
    present = np.unique(actors)
    means = np.array([values[actors == actor].mean(axis=0) for actor in present])
    whose = np.searchsorted(present, actors)
    return [
        values - means[whose] + means[random.integers(len(present), size=len(values))]
        for _ in range(MOVED_COPIES)
    ]


def _against_own(
    lessons: Lessons, chosen: _Flags, centre: _Floats, scale: _Floats
) -> list[_Floats]:
    rows = np.flatnonzero(chosen).tolist()
    return [
        np.concatenate(
            [known[row].relative(lessons.values[row : row + 1], centre, scale) for row in rows]
        )
        for known in lessons.own
    ]


def _fit(
    versions: list[_Floats],
    labels: _Indices,
    penalty: float,
    seen: slice,
    counts: _Floats | None = None,
) -> Regression:
    values = np.concatenate([version[:, seen] for version in versions])
    return fit_regression(values, np.tile(labels, len(versions)), len(CLASSES), penalty, counts)


def _vote_file(
    centre: _Floats, scale: _Floats, fitted: list[list[Regression]], speakers: list[str]
) -> bytes:
    weights = [np.concatenate([part.weights for part in pair], axis=1) for pair in fitted]
    intercepts = [[part.intercepts for part in pair] for pair in fitted]
    arrays: dict[str, Any] = {
        "classes": np.array(CLASSES),
        "features": np.array(description_names()),
        "speakers": np.array(speakers, dtype=np.str_),
        "centre": centre.astype(np.float32),
        "scale": scale.astype(np.float32),
        "weights": np.array(weights, dtype=np.float32),
        "intercepts": np.array(intercepts, dtype=np.float32),
        "forest_share": np.zeros(2, np.float32),
        "temperatures": np.ones(2, np.float32),
    }
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()
