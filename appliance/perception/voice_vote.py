"""The two logistic regressions that vote beside the voice forest, and how the votes count.

One sees the light features, the other the speech embedding; each has a second set of weights for a
person whose own baseline is known. `models_tflite/training/voice` makes their file.
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from appliance.domain.errors import ModelError
from appliance.domain.media import FloatArray
from appliance.perception.array_file import ADVICE, Arrays, read_arrays
from appliance.perception.voice_description import VoiceBaseline, description_names
from appliance.perception.voice_features import feature_names

MODEL_FILE = "voice_vote.npz"

_LEAST = 1e-6

_FIELDS = {
    "classes": "U",
    "features": "U",
    "speakers": "U",
    "centre": "f",
    "scale": "f",
    "weights": "f",
    "intercepts": "f",
    "forest_share": "f",
    "temperatures": "f",
}
"""Arrays of the file and the kinds of their elements; `VoiceVote` says what they hold."""

_Floats = npt.NDArray[np.float64]


class VoiceVote:
    """Votes on descriptions of voices. Use it from any thread.

    The file holds, for a voice against everybody (row 0) and against its own baseline (row 1):
    `weights` (2, classes, features), which are those of both regressions side by side, and their
    `intercepts` (2, 2, classes); `forest_share` (2,), how much the forest's logarithms count beside
    theirs; and `temperatures` (2,) of all together. `centre` and `scale` (features,) describe
    everybody.

    Attributes:
        classes: names, in the order of what `predict` returns.
        speakers: who it was trained on, such as "ravdess-01".
    """

    def __init__(self, path: Path) -> None:
        """Load the regressions.

        Args:
            path: the `.npz` file.

        Raises:
            ModelError: the file is missing or damaged, or takes other values than this code
                computes.
        """
        arrays = read_arrays(path, _FIELDS, _check, "a voice vote")
        if tuple(arrays["features"].tolist()) != description_names():
            raise ModelError(f"The model {path.name} was trained on other voice features.", ADVICE)
        self.classes: tuple[str, ...] = tuple(arrays["classes"].tolist())
        self.speakers: frozenset[str] = frozenset(arrays["speakers"].tolist())
        self._centre, self._scale, self._weights, self._intercepts = (
            arrays[name].astype(np.float64) for name in ("centre", "scale", "weights", "intercepts")
        )
        self._forest_share = arrays["forest_share"].tolist()
        self._temperatures = arrays["temperatures"].tolist()

    def predict(
        self, descriptions: FloatArray, forest: _Floats, baseline: VoiceBaseline | None = None
    ) -> _Floats:
        """Probabilities (n, classes) of the vote, each row summing to 1.

        Args:
            descriptions: (n, features) as `VoiceDescriber` makes them.
            forest: (n, classes) what the forest says of them.
            baseline: the person's own; used once it is enough.
        """
        own = baseline is not None and baseline.enough
        known = baseline if own and baseline is not None else VoiceBaseline()
        row = int(own)
        deviations = known.relative(descriptions, self._centre, self._scale)
        logits = self._forest_share[row] * np.log(np.maximum(forest, _LEAST))
        for seen, intercepts in zip(regression_parts(), self._intercepts[row], strict=True):
            said = deviations[:, seen] @ self._weights[row][:, seen].T + intercepts
            logits += said - _log_sum(said)
        logits /= self._temperatures[row]
        probabilities: _Floats = np.exp(logits - _log_sum(logits))
        return probabilities


def regression_parts() -> tuple[slice, slice]:
    """Which values of a description each sees: the forest's, and those of the embedding."""
    light = len(feature_names())
    return slice(None, light), slice(light, None)


def _log_sum(logits: _Floats) -> _Floats:
    most = logits.max(axis=1, keepdims=True)
    summed: _Floats = most + np.log(np.exp(logits - most).sum(axis=1, keepdims=True))
    return summed


def _check(arrays: Arrays) -> None:
    """Make sure that the arrays fit together.

    Raises:
        ValueError: they do not.
    """
    values, classes = arrays["features"].shape, arrays["classes"].shape
    sound = (
        arrays["centre"].shape == arrays["scale"].shape == values
        and arrays["weights"].shape == (2, *classes, *values)
        and arrays["intercepts"].shape == (2, 2, *classes)
        and arrays["forest_share"].shape == arrays["temperatures"].shape == (2,)
        and all(np.isfinite(arrays[name]).all() for name, kind in _FIELDS.items() if kind == "f")
        and bool(np.all(arrays["scale"] > 0))
        and bool(np.all(arrays["temperatures"] > 0))
    )
    if not sound:
        raise ValueError("shapes")
