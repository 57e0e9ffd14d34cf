"""How likely a sentence is to be a part of a story: by cues, position and meaning together.

Four logistic regressions, one for each part, made by `models_tflite/training/story` from the
reference answers of the question bank. Cues alone miss other people's wordings, and meaning alone
takes every "I" for an action; together they do better than either (docs/coaching.md has the
figures).
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from appliance.coaching.embeddings import SIZE, Embeddings
from appliance.coaching.language import LanguagePack
from appliance.coaching.question_bank import PARTS
from appliance.coaching.spoken import Sentence, find_phrases
from appliance.domain.errors import ModelError

MODEL_FILE = "story_parts.npz"

_PLACES = 3
"""Values that tell where in the answer a sentence stands."""

_MOST_CUES = 2
"""More cues than this say no more."""

_PERSONS = 2

FEATURES = SIZE + len(PARTS) + _PLACES + _PERSONS

_ADVICE = "Restore it: models_tflite/manifest.toml says where it comes from."

Probabilities = npt.NDArray[np.float32]

_Floats = npt.NDArray[np.float32]


class StoryModel:
    """Tells parts of a story. Threads may share it.

    The file holds `weights` (4, features) and `intercepts` (4,), in the order of `PARTS`.

    Args:
        path: the `.npz` file.

    Raises:
        ModelError: the file is missing, damaged, or made for other features.
    """

    def __init__(self, path: Path) -> None:
        try:
            with np.load(path, allow_pickle=False) as arrays:
                self._weights = np.asarray(arrays["weights"], np.float32)
                self._intercepts = np.asarray(arrays["intercepts"], np.float32)
        except (OSError, ValueError, KeyError) as error:
            raise ModelError(f"The model {path.name} is missing or damaged.", _ADVICE) from error
        if self._weights.shape != (len(PARTS), FEATURES):
            raise ModelError(f"The model {path.name} was made for other features.", _ADVICE)

    def probabilities(self, features: _Floats) -> Probabilities:
        """float32 (n, 4): how likely each sentence is each part, independently of the others."""
        logits = features @ self._weights.T + self._intercepts
        return np.asarray(1 / (1 + np.exp(-logits)), np.float32)


def story_features(
    sentences: Sequence[Sentence], embeddings: Embeddings, language: LanguagePack
) -> _Floats:
    """What the regressions see of sentences.

    Args:
        sentences: all of an answer, in order.
        embeddings: of the sentences, float32 (n, 384).
        language: for the cues.

    Returns:
        float32 (n, features): meaning, cues by part, place in the answer, and persons.
    """
    rows = [
        [
            *cue_counts(sentence, language).values(),
            *_place(sentence.place, len(sentences)),
            float(bool(language.first_person.intersection(sentence.tokens))),
            float(bool(language.first_person_plural.intersection(sentence.tokens))),
        ]
        for sentence in sentences
    ]
    return np.hstack([embeddings, np.array(rows, np.float32)])


def cue_counts(sentence: Sentence, language: LanguagePack) -> dict[str, int]:
    """How many cues of each part stand in a sentence, at most two."""
    return {
        part: min(
            _MOST_CUES, sum(1 for _ in find_phrases(sentence.tokens, getattr(language.cues, part)))
        )
        for part in PARTS
    }


def _place(place: int, count: int) -> tuple[float, float, float]:
    """Where a sentence stands: first, last, and the share of the answer before it."""
    return float(place == 0), float(place == count - 1), place / max(1, count - 1)
