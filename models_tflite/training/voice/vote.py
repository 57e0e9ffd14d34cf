"""The two logistic regressions beside the forest: how they are trained and written."""

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from appliance.operations.evaluation.ravdess import CLASSES
from appliance.perception.voice_description import VoiceBaseline, description_names
from appliance.perception.voice_vote import regression_parts
from models_tflite.training.voice.ravdess import LabelledVoices

FOREST_SHARES = (0.5, 0.2)
"""How much the forest's logarithms count beside the regressions', without and with a baseline: less
with one, which the forest does not know."""

_PENALTY = 0.0015
_OWN_PENALTY = 0.001
_STEPS = 500
_TOLERANCE = 1e-3
_CLEAN_WEIGHT = 3.0
_OWN_WINDOWS = (8, 10, 12, 20)
_BASELINE_DRAWS = 8

_Floats = npt.NDArray[np.float64]
_Flags = npt.NDArray[np.bool_]


class Votes:
    """The regressions for voices against everybody, and against their own baseline.

    Attributes:
        centre: (values,) mean of the clips trained on.
        scale: (values,) their standard deviation.
    """

    def __init__(self, voices: LabelledVoices, chosen: _Flags, seed: int) -> None:
        """Train both on the chosen clips."""
        self.centre: _Floats = voices.clean[chosen].mean(axis=0, dtype=np.float64)
        self.scale: _Floats = voices.clean[chosen].std(axis=0, dtype=np.float64) + 1e-9
        random = np.random.default_rng(seed)
        nobody = VoiceBaseline()
        everybody = [
            nobody.relative(version[chosen], self.centre, self.scale)
            for version in (voices.clean, *voices.elsewhere)
        ]
        weights = [_CLEAN_WEIGHT, *[1.0] * len(voices.elsewhere)]
        # No other rooms here: a person's baseline comes from the same room as what is judged by it.
        own = [self._own(voices, chosen, random) for _ in range(_BASELINE_DRAWS)]
        labels = voices.labels[chosen]
        self._fitted = (
            _fit(everybody, labels, weights, _PENALTY),
            _fit(own, labels, [1.0] * len(own), _OWN_PENALTY),
        )

    def _own(
        self,
        voices: LabelledVoices,
        chosen: _Flags,
        random: np.random.Generator,
    ) -> _Floats:
        counts = random.choice(_OWN_WINDOWS, len(voices.clean))
        rows = [
            own_baseline(voices, int(index), int(counts[index]), random).relative(
                voices.clean[index : index + 1], self.centre, self.scale
            )
            for index in np.flatnonzero(chosen)
        ]
        return np.concatenate(rows)

    def to_npz(self, speakers: Sequence[str], temperatures: tuple[float, float]) -> bytes:
        """The content of the file that `appliance.perception.voice_vote.VoiceVote` loads."""
        classes = self._fitted[0][0].classes_
        arrays: dict[str, Any] = {
            "classes": np.array([CLASSES[index] for index in classes]),
            "features": np.array(description_names()),
            "speakers": np.array(speakers, dtype=np.str_),
            "centre": self.centre.astype(np.float32),
            "scale": self.scale.astype(np.float32),
            "weights": np.stack(
                [np.concatenate([fit.coef_ for fit in pair], axis=1) for pair in self._fitted]
            ).astype(np.float32),
            "intercepts": np.array(
                [[fit.intercept_ for fit in pair] for pair in self._fitted], dtype=np.float32
            ),
            "forest_share": np.array(FOREST_SHARES, dtype=np.float32),
            "temperatures": np.array(temperatures, dtype=np.float32),
        }
        file = io.BytesIO()
        np.savez_compressed(file, **arrays)
        return file.getvalue()


def own_baseline(
    voices: LabelledVoices, index: int, count: int, random: np.random.Generator
) -> VoiceBaseline:
    """A baseline of `count` other clips of the same actor, drawn without regard to labels."""
    others = np.flatnonzero(voices.actors == voices.actors[index])
    others = others[others != index]
    baseline = VoiceBaseline()
    for other in random.choice(others, min(count, len(others)), replace=False):
        baseline.add(voices.clean[other])
    return baseline


def _fit(
    versions: list[_Floats], labels: npt.NDArray[np.int64], weights: list[float], penalty: float
) -> list[LogisticRegression]:
    """Train one regression on each part of the descriptions."""
    values = np.concatenate(versions)
    sample_weights = np.repeat(weights, len(labels))
    sample_weights /= sample_weights.mean()
    return [
        LogisticRegression(C=penalty, max_iter=_STEPS, tol=_TOLERANCE, class_weight="balanced").fit(
            values[:, seen], np.tile(labels, len(versions)), sample_weight=sample_weights
        )
        for seen in regression_parts()
    ]
