"""No expert is asked about somebody it has met, and no inner one has met the judged fold either."""

from collections.abc import Sequence

import numpy as np

from appliance.domain.media import FloatArray
from appliance.operations.evaluation.fusion.nested import Question, ask_all, ask_outer
from appliance.operations.evaluation.ravdess import CLASSES, actor_folds
from appliance.perception.voice_description import VoiceBaseline

ACTORS = np.repeat(np.arange(10), 6)
FOLDS = actor_folds(ACTORS)
FOLD_OF = np.argmax(np.stack(FOLDS), axis=0)


class Gossip:
    """Answers with whom it has met: bit by bit, one for each of ten actors."""

    def __init__(self, chosen: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> None:
        self.met = np.isin(np.arange(10), ACTORS[chosen]).astype(np.float64)

    def ask(
        self, values: FloatArray, baselines: Sequence[VoiceBaseline] | None
    ) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        return np.tile(self.met, (len(values), 1))


VALUES = np.zeros((60, 3), np.float32)


def test_an_outer_answer_is_of_somebody_who_has_not_met_the_fold() -> None:
    said = ask_all(FOLDS, Gossip, {"all": Question(VALUES, FOLD_OF)})["all"]
    for row, actor in enumerate(ACTORS):
        met = said.outer[row].astype(bool)
        assert not met[actor]
        assert met.sum() == 8, "everybody else's fold was learned from"


def test_an_inner_answer_is_of_somebody_who_has_met_neither() -> None:
    said = ask_all(FOLDS, Gossip, {"all": Question(VALUES, FOLD_OF)})["all"]
    for judged, held_back in enumerate(FOLDS):
        judged_actors = np.unique(ACTORS[held_back])
        assert np.isnan(said.inner[judged][held_back]).all(), "there is none about the fold itself"
        for row in np.flatnonzero(~held_back):
            met = said.inner[judged, row].astype(bool)
            assert not met[ACTORS[row]]
            assert not met[judged_actors].any()
            assert met.sum() == 6


def test_rows_are_asked_with_their_own_baselines() -> None:
    class Counting:
        def __init__(self, chosen: object) -> None:
            pass

        def ask(
            self, values: FloatArray, baselines: Sequence[VoiceBaseline] | None
        ) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
            assert baselines is not None
            counts = np.array([one.count for one in baselines], dtype=np.float64)
            return np.tile(counts[:, np.newaxis], (1, len(CLASSES)))

    known = [VoiceBaseline() for _ in ACTORS]
    for row, baseline in enumerate(known):
        for _ in range(row):
            baseline.add(np.zeros(3, np.float32))
    said = ask_outer(FOLDS, Counting, {"own": Question(VALUES, FOLD_OF, known)})["own"]
    assert said[:, 0].tolist() == list(range(60))


def test_something_else_can_be_asked_beside() -> None:
    question = Question(VALUES, FOLD_OF)
    said = ask_all(FOLDS, Gossip, {}, {"met": (question, lambda one, rows: one.ask(rows, None))})
    assert set(said) == {"about met"}
