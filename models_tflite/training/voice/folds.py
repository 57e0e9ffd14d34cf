"""Models of parts of the data, and what they say of the rest."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from appliance.domain.whole_file import write_whole
from appliance.operations.evaluation.ravdess import CLASSES, speaker
from appliance.perception import voice_forest, voice_vote
from appliance.perception.voice_features import feature_names
from appliance.perception.voice_forest import VoiceForest
from appliance.perception.voice_vote import VoiceVote
from models_tflite.training.voice.forest import SEED, best_temperature, grow, to_npz
from models_tflite.training.voice.ravdess import SNRS_DB, LabelledVoices
from models_tflite.training.voice.vote import Votes, own_baseline

OWN_WINDOWS = 10
OWN_DRAWS = 5

_Floats = npt.NDArray[np.float64]
_Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Temperatures:
    """What calibrates: the forest alone, and both votes together without and with a baseline."""

    forest: float = 1.0
    votes: tuple[float, float] = (1.0, 1.0)


class Answers:
    """Probabilities (n, classes) of clips by models that were not trained on them.

    Attributes:
        forest: the forest alone.
        shipped: both votes.
        own: (draws, n, classes) against ten other clips of the same actor, drawn five times.
        noisy: both votes, by signal-to-noise ratio in dB.
    """

    def __init__(self, count: int) -> None:
        self.forest: _Floats = np.zeros((count, len(CLASSES)))
        self.shipped: _Floats = np.zeros_like(self.forest)
        self.own: _Floats = np.zeros((OWN_DRAWS, count, len(CLASSES)))
        self.noisy: dict[int, _Floats] = {snr: np.zeros_like(self.forest) for snr in SNRS_DB}

    def calibrated(self, labels: npt.NDArray[np.int64], forest: float) -> Temperatures:
        """Temperatures at which the answers of both votes are most likely."""
        own = best_temperature(np.concatenate(self.own), np.tile(labels, OWN_DRAWS))
        votes = (best_temperature(self.shipped, labels), own)
        return Temperatures(forest, votes)


class Trained:
    """A forest and a vote from the chosen clips."""

    def __init__(self, voices: LabelledVoices, chosen: _Flags, trees: int, jobs: int) -> None:
        self.forest = grow(voices, chosen, trees, jobs)
        self._votes = Votes(voices, chosen, SEED)
        self._speakers = [speaker(actor) for actor in np.unique(voices.actors[chosen]).tolist()]

    def write(self, folder: Path, temperatures: Temperatures) -> dict[Path, bytes]:
        """Write both files into `folder`, and return what they hold."""
        forest = to_npz(self.forest, feature_names(), temperatures.forest, self._speakers)
        files = {
            folder / voice_forest.MODEL_FILE: forest,
            folder / voice_vote.MODEL_FILE: self._votes.to_npz(self._speakers, temperatures.votes),
        }
        write_whole(files)
        for path in files:
            path.chmod(0o644)  # unlike what the booth writes about people, a model is for everyone
        return files


def forest_temperature(
    voices: LabelledVoices, folds: list[_Flags], trained: list[Trained]
) -> float:
    """The forests' temperature, from the clips that each was not trained on."""
    said = np.zeros((len(voices.labels), len(CLASSES)))
    values = len(feature_names())
    for held_back, models in zip(folds, trained, strict=True):
        answers = models.forest.predict_proba(voices.clean[held_back, :values])
        said[np.ix_(held_back, models.forest.classes_)] = answers
    return best_temperature(said, voices.labels)


def answers(voices: LabelledVoices, folds: list[_Flags], folders: list[Path]) -> Answers:
    """Ask each fold's files about the clips they were not trained on, as the device asks them."""
    said = Answers(len(voices.labels))
    for held_back, folder in zip(folds, folders, strict=True):
        forest = VoiceForest(folder / voice_forest.MODEL_FILE)
        vote = VoiceVote(folder / voice_vote.MODEL_FILE)
        columns = np.array([CLASSES.index(name) for name in vote.classes])
        rows = np.flatnonzero(held_back)
        values = len(feature_names())
        clean = voices.clean[held_back]
        forest_said = forest.predict(clean[:, :values])
        said.forest[np.ix_(rows, columns)] = forest_said
        said.shipped[np.ix_(rows, columns)] = vote.predict(clean, forest_said)
        for snr_db, noisy in voices.noisy.items():
            heard = noisy[held_back]
            voted = vote.predict(heard, forest.predict(heard[:, :values]))
            said.noisy[snr_db][np.ix_(rows, columns)] = voted
        random = np.random.default_rng(SEED)
        for draw in range(OWN_DRAWS):
            for row, index in enumerate(rows):
                baseline = own_baseline(voices, int(index), OWN_WINDOWS, random)
                one = vote.predict(clean[row : row + 1], forest_said[row : row + 1], baseline)
                said.own[draw, index, columns] = one[0]
    return said
