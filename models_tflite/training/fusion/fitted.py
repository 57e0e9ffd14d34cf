"""What is fitted: the shipped voice's answers about actors it has not heard, and faces beside them.

Every clip is answered by the one of the voice recipe's folds that has not heard its actor, forest
and all, and by a face expert of the other folds. As on the device, only the voice has a baseline of
the person's own. Nothing is judged here, so one level of folds is enough: `booth evaluate fusion`
judges, with two.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from appliance.domain.errors import DataError
from appliance.domain.media import FloatArray
from appliance.operations.evaluation.fusion.answers import heard_quality
from appliance.operations.evaluation.fusion.experts import FaceExpert
from appliance.operations.evaluation.fusion.fitting import best_smoothing, threshold_at
from appliance.operations.evaluation.fusion.material import (
    OWN_DRAWS,
    Material,
    clip_questions,
    known_windows,
    lessons,
    noise_questions,
    stream_questions,
)
from appliance.operations.evaluation.fusion.nested import Nested, ask_outer
from appliance.operations.evaluation.fusion.rules import COVERAGE, Rated, Rule, Sense, fit_rule
from appliance.operations.evaluation.ravdess import speaker
from appliance.perception.fusion.smoothing import smoothed
from appliance.perception.voice import VoiceModel
from appliance.perception.voice_description import QUIET_DB, VoiceBaseline

_Floats = npt.NDArray[np.float64]
_Indices = npt.NDArray[np.int64]
_Flags = npt.NDArray[np.bool_]


class _Shipped:
    """A fold of the shipped voice, as an expert."""

    def __init__(self, model: VoiceModel) -> None:
        self._model = model

    def ask(self, values: FloatArray, baselines: Sequence[VoiceBaseline] | None) -> _Floats:
        if baselines is None:
            return self._model.predict(values)
        rows = [
            self._model.predict(values[row : row + 1], baseline)
            for row, baseline in enumerate(baselines)
        ]
        return np.concatenate(rows)


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """What goes into the file, without ("none") or with a baseline of the person's own ("own").

    Attributes:
        rule: temperatures and weights.
        voice: (n, classes) the voice's raw answers.
        labels: (n,) their truth.
        runs: fused windows and their truth, each run of one actor.
    """

    rule: Rule
    voice: _Floats
    labels: _Indices
    runs: list[tuple[_Floats, _Indices]]


@dataclass(frozen=True, slots=True)
class Smoothing:
    """How windows lead to each other, and when that is not sure.

    Attributes:
        stay: as `StickyFilter` knows it.
        pull: as `StickyFilter` knows it.
        thresholds: of smoothed windows, without and with a baseline.
    """

    stay: float
    pull: float
    thresholds: tuple[float, float]


def fit_smoothing(rows: tuple[Fitted, Fitted]) -> Smoothing:
    """Fit what the device does with windows that follow each other, on all runs of both rows."""
    stay, pull = best_smoothing([run for row in rows for run in row.runs])
    without, own = (
        threshold_at(np.concatenate([smoothed(run, stay, pull) for run, _ in row.runs]), COVERAGE)
        for row in rows
    )
    return Smoothing(stay, pull, (without, own))


def fit(material: Material, voices: Sequence[VoiceModel]) -> tuple[Fitted, Fitted]:
    """Fit the rule without and with a baseline.

    Args:
        material: clips, noise and streams.
        voices: the voice recipe's folds.

    Raises:
        DataError: a fold's actors were heard by every model.
    """
    clean = material.clean.values
    heard = clip_questions(material, clean) | noise_questions(material, QUIET_DB)
    heard |= stream_questions(material, "voice")
    voice = ask_outer(material.folds, lambda rows: _unheard(voices, material, rows), heard)
    faces = clip_questions(material, material.faces) | stream_questions(material, "face")
    seen = {name: question for name, question in faces.items() if name.endswith("none")}
    to_see = lessons(material, material.faces)
    face = ask_outer(material.folds, lambda rows: FaceExpert(to_see, rows), seen)
    return (
        _fitted(material, voice, face, "none", ["none"]),
        _fitted(material, voice, face, "own", [f"own {draw}" for draw in range(OWN_DRAWS)]),
    )


def _unheard(voices: Sequence[VoiceModel], material: Material, rows: _Flags) -> _Shipped:
    """The model that has heard none of the actors who are held back."""
    held_back = {speaker(int(actor)) for actor in np.unique(material.actors[~rows])}
    for model in voices:
        if model.speakers and not model.speakers & held_back:
            return _Shipped(model)
    names = ", ".join(sorted(held_back))
    message = f"Every voice model has heard one of {names}."
    raise DataError(message, "Name the work folder of the voice recipe, run on the same clips.")


def _fitted(
    material: Material,
    voice: dict[str, _Floats],
    face: dict[str, _Floats],
    row: str,
    draws: list[str],
) -> Fitted:
    clear = heard_quality(material.clean.range_db)
    usual = _flat(np.zeros((len(material.labels), 1)))
    suffix = "none" if row == "none" else "own 0"
    hurt: dict[str, Rated] = {
        noise: Rated(_flat(voice[f"{noise} {suffix}"]), heard_quality(sounds.range_db))
        for noise, sounds in material.noisy.items()
    }
    heard = Sense([Rated(_flat(voice[name]), clear) for name in draws], hurt)
    seen = Sense([Rated(_flat(face["none"]), usual)] * len(draws), {})
    everybody = np.ones(len(material.labels), dtype=np.bool_)
    rule = fit_rule(heard, seen, material.labels, 0, everybody)
    runs = []
    for order, stream in material.streams.items():
        quality = heard_quality(stream.sounds.range_db).outer[:, 0]
        used = stream.sounds.voiced & (known_windows(stream) | (row == "none"))
        for actor in np.unique(stream.actors):
            rows = (stream.actors == actor) & used
            said = rule.fuse(
                voice[f"{order} {row}"][rows],
                quality[rows],
                face[f"{order} none"][rows],
                np.zeros(int(rows.sum())),
            )
            runs.append((said, stream.labels[rows]))
    answers = np.concatenate([voice[name] for name in draws])
    return Fitted(rule, answers, np.tile(material.labels, len(draws)), runs)


def _flat(answers: _Floats) -> Nested:
    """Answers of one level of folds, in the place of the inner ones."""
    return Nested(answers, answers[np.newaxis])
