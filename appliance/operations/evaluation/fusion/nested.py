"""Answers about each actor by experts who have not met them, and the same one level further in.

Whatever is fitted to answers, such as a temperature, must not see the actors that it is judged by,
and neither may the experts who gave those answers. So for each fold that is judged there are
answers about all others by experts who know neither: the inner ones.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from appliance.domain.media import FloatArray
from appliance.operations.evaluation.fusion.experts import Expert
from appliance.operations.evaluation.ravdess import CLASSES
from appliance.perception.voice_description import VoiceBaseline

_Floats = npt.NDArray[np.float64]
_Indices = npt.NDArray[np.int64]
_Flags = npt.NDArray[np.bool_]
_Some = TypeVar("_Some", bound=Expert)


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """Rows that experts are asked about.

    Attributes:
        values: (n, values).
        fold: (n,) which fold each belongs to.
        baselines: each row's own; None asks against everybody.
    """

    values: FloatArray
    fold: _Indices
    baselines: Sequence[VoiceBaseline] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Nested:
    """Something about rows, by experts who have not met them.

    Attributes:
        outer: (n, k) by those who know all other folds.
        inner: (folds, n, k) by those who know neither the row's fold nor the first index's; not a
            number where that is the row's own fold.
    """

    outer: _Floats
    inner: _Floats

    def at(self, rows: _Indices | _Flags) -> "Nested":
        """The same about some of the rows, or about all of them in another order."""
        return Nested(self.outer[rows], self.inner[:, rows])


def ask_all(
    folds: Sequence[_Flags],
    train: Callable[[_Flags], _Some],
    questions: Mapping[str, Question],
    extras: Mapping[str, tuple[Question, Callable[[_Some, FloatArray], _Floats]]] | None = None,
) -> dict[str, Nested]:
    """Train on all folds but one or two, each way, and ask about those held back.

    Args:
        folds: which rows each fold holds back.
        train: makes an expert of the rows that are given as flags.
        questions: by name.
        extras: other things to ask of an expert: (n, k) of values, by name. They come as "about"
            that name.
    """
    asks: dict[str, tuple[Question, Callable[[_Some, Question, _Indices], _Floats]]] = {
        name: (question, _answers) for name, question in questions.items()
    }
    for name, (question, tell) in (extras or {}).items():
        asks[f"about {name}"] = (question, _about(tell))
    found: dict[str, Nested] = {}
    for first in range(len(folds)):
        for second in range(first, len(folds)):
            expert = train(~(folds[first] | folds[second]))
            for name, (question, ask) in asks.items():
                for judged, about in {(first, second), (second, first)}:
                    rows = np.flatnonzero(question.fold == about)
                    said = ask(expert, question, rows)
                    kept = found.setdefault(name, _empty(question, len(folds), said.shape[1]))
                    if first == second:
                        kept.outer[rows] = said
                    else:
                        kept.inner[judged, rows] = said
    return found


def ask_outer(
    folds: Sequence[_Flags],
    train: Callable[[_Flags], Expert],
    questions: Mapping[str, Question],
) -> dict[str, _Floats]:
    """Train on all folds but one, and ask about that one: (n, classes) for each question."""
    said = {name: np.zeros((len(one.values), len(CLASSES))) for name, one in questions.items()}
    for fold, held_back in enumerate(folds):
        expert = train(~held_back)
        for name, question in questions.items():
            rows = np.flatnonzero(question.fold == fold)
            said[name][rows] = _answers(expert, question, rows)
    return said


def _about(
    ask: Callable[[_Some, FloatArray], _Floats],
) -> Callable[[_Some, Question, _Indices], _Floats]:
    return lambda expert, question, rows: ask(expert, question.values[rows])


def _answers(expert: Expert, question: Question, rows: _Indices) -> _Floats:
    known = None if question.baselines is None else [question.baselines[row] for row in rows]
    return expert.ask(question.values[rows], known)


def _empty(question: Question, folds: int, width: int) -> Nested:
    count = len(question.values)
    return Nested(np.zeros((count, width)), np.full((folds, count, width), np.nan))
