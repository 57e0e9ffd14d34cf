"""What fusion was fitted to: temperatures, weights, smoothing, and when to say "not sure".

`models_tflite/training/fusion` makes the file.
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from appliance.domain.errors import ModelError
from appliance.perception.array_file import ADVICE, Arrays, read_arrays
from appliance.perception.fusion.classes import CLASSES
from appliance.perception.fusion.rule import Vote, calibrated, reliance

MODEL_FILE = "fusion.npz"

_FIELDS = {
    "classes": "U",
    "speakers": "U",
    "temperatures": "f",
    "weights": "f",
    "reliance": "f",
    "thresholds": "f",
    "stay": "f",
    "pull": "f",
}
"""Arrays of the file and the kinds of their elements; `FusionModel` says what they hold."""

VOICE, FACE = 0, 1
"""Columns of `temperatures` and `weights`."""

_MIDDLE_DB, _STEP_DB, _FARTHEST = 20.0, 4.0, 2.0

_Floats = npt.NDArray[np.float64]


class FusionModel:
    """Weighs what face and voice say. Use it from any thread.

    The file holds two of everything: row 0 for a voice that was heard against everybody, row 1 for
    one that was heard against the person's own baseline. `temperatures` and `weights` (2, 2) are
    those of voice and face; `reliance` (2, 2) is level and slope of the curve from the loudness
    range of a window to how far its voice is relied on; `thresholds` (2,) is the probability below
    which nothing is said; `stay` and `pull` are those of `smoothing.StickyFilter`. `speakers` are
    those whose voices it was fitted on.

    Attributes:
        stay: see `smoothing.StickyFilter`.
        pull: see there.
    """

    def __init__(self, models: Path) -> None:
        """Load what was fitted.

        Args:
            models: the folder with the model files.

        Raises:
            ModelError: the file is missing or damaged, or fuses other classes.
        """
        arrays = read_arrays(models / MODEL_FILE, _FIELDS, _check, "a fusion model")
        if tuple(arrays["classes"].tolist()) != CLASSES:
            raise ModelError(f"The model {MODEL_FILE} fuses other classes.", ADVICE)
        self.speakers: frozenset[str] = frozenset(arrays["speakers"].tolist())
        self.stay = float(arrays["stay"])
        self.pull = float(arrays["pull"])
        self._temperatures: list[list[float]] = arrays["temperatures"].tolist()
        self._weights: list[list[float]] = arrays["weights"].tolist()
        self._reliance: list[list[float]] = arrays["reliance"].tolist()
        self._thresholds: list[float] = arrays["thresholds"].tolist()

    def voice_vote(self, shares: _Floats, range_db: float, share: float, *, own: bool) -> Vote:
        """A voice's vote.

        Args:
            shares: (8,) probabilities over `CLASSES`.
            range_db: of loudness, as `prosody.loudness_range_db` tells it.
            share: of the window that was heard, 0..1.
            own: it was heard against the person's own baseline.
        """
        row = int(own)
        level, slope = self._reliance[row]
        weight = self._weights[row][VOICE] * reliance(level, slope, standing_out(range_db)) * share
        return Vote(calibrated(shares, self._temperatures[row][VOICE]), weight)

    def face_vote(self, shares: _Floats, quality: float, *, own: bool) -> Vote:
        """A face's vote.

        Args:
            shares: (8,) probabilities over `CLASSES`.
            quality: of the looks of the window, those without a face included, 0..1.
            own: the voice beside it was heard against the person's own baseline.
        """
        weight = self._weights[int(own)][FACE] * quality
        return Vote(calibrated(shares, self._temperatures[int(own)][FACE]), weight)

    def is_sure(self, shares: _Floats, *, own: bool) -> bool:
        """Whether fused probabilities are worth saying, or it is better to be "not sure"."""
        return float(shares.max()) >= self._thresholds[int(own)]


def standing_out(range_db: float) -> float:
    """A range of loudness on the scale of the weights: steps of 4 dB from 20 dB on, -2..2."""
    return min(_FARTHEST, max(-_FARTHEST, (range_db - _MIDDLE_DB) / _STEP_DB))


def _check(arrays: Arrays) -> None:
    """Make sure that the arrays fit together.

    Raises:
        ValueError: they do not.
    """
    sound = (
        all(arrays[name].shape == (2, 2) for name in ("temperatures", "weights", "reliance"))
        and arrays["thresholds"].shape == (2,)
        and all(np.isfinite(arrays[name]).all() for name, kind in _FIELDS.items() if kind == "f")
        and bool(np.all(arrays["temperatures"] > 0))
        and bool(np.all(arrays["weights"] >= 0))
        and bool(np.all((arrays["thresholds"] >= 0) & (arrays["thresholds"] <= 1)))
        and 0 < float(arrays["stay"]) < 1
        and 0 < float(arrays["pull"]) <= 1
    )
    if not sound:
        raise ValueError("shapes")
