"""What a voice sounds like to models trained on acted speech: estimates, never feelings."""

import math
from pathlib import Path

import numpy as np
import numpy.typing as npt

from appliance.domain.errors import ModelError
from appliance.domain.media import SAMPLE_RATE_HZ, AudioBlock, FloatArray
from appliance.domain.observations import Span, VoiceObservation
from appliance.perception import voice_forest, voice_vote
from appliance.perception.array_file import ADVICE
from appliance.perception.prosody import loudness_range_db, measure_loudness
from appliance.perception.voice_description import QUIET_DB, VoiceBaseline, VoiceDescriber
from appliance.perception.voice_features import TooLittleVoiceError, active_hops, feature_names
from appliance.perception.voice_forest import VoiceForest
from appliance.perception.voice_vote import VoiceVote
from appliance.perception.voice_windows import HOP_S, WINDOW_S

_STILL = ("neutral", "calm")


class VoiceModel:
    """The voice forest and the regressions that vote beside it. Use it from one thread at a time.

    Attributes:
        classes: names, in the order of what `predict` returns.
        speakers: who it was trained on, such as "ravdess-01".
    """

    def __init__(self, models: Path, trained: Path | None = None) -> None:
        """Load all that an estimate needs.

        Args:
            models: the folder with the model files.
            trained: the folder with the two files that the recipe writes, if it is another.

        Raises:
            ModelError: a model is missing or damaged, or the two do not belong together.
        """
        folder = trained or models
        self._describer = VoiceDescriber(models)
        self._forest = VoiceForest(folder / voice_forest.MODEL_FILE)
        self._vote = VoiceVote(folder / voice_vote.MODEL_FILE)
        self._forest_values = len(feature_names())
        if (self._forest.classes, self._forest.speakers) != (
            self._vote.classes,
            self._vote.speakers,
        ):
            message = f"The voice models in {folder} were not trained together."
            raise ModelError(message, ADVICE)
        self.classes = self._vote.classes
        self.speakers = self._vote.speakers

    def describe(self, samples: FloatArray) -> FloatArray:
        """Describe (n,) float32 samples, at most a few seconds of 16 kHz.

        Raises:
            TooLittleVoiceError: less than 0.5 s of it is sound.
        """
        return self._describer.describe(samples)

    def predict(
        self, descriptions: FloatArray, baseline: VoiceBaseline | None = None
    ) -> npt.NDArray[np.float64]:
        """Probabilities (n, classes) of descriptions (n, values), each row summing to 1.

        Args:
            descriptions: as `describe` makes them.
            baseline: how the person's own voice sounds on the whole; used once it is enough.
        """
        forest = self._forest.predict(descriptions[:, : self._forest_values])
        return self._vote.predict(descriptions, forest, baseline)

    def observe(
        self, block: AudioBlock, baseline: VoiceBaseline | None = None, *, learns: bool = False
    ) -> list[VoiceObservation]:
        """Estimate along one voice segment, in windows of 3 s that overlap by half.

        Args:
            block: the segment. One shorter than a window is one window; windows with less than
                0.5 s of sound are left out.
            baseline: how the person's own voice sounds on the whole; used once it is enough, and
                where no noise drowns the voice.
            learns: the segment is the person's: each window that no noise drowns and that shares
                no sound with one before it is taken into the baseline, after it was estimated.
        """
        observations = []
        for span in windows(block.duration_s):
            first, end = (round(time_s * SAMPLE_RATE_HZ) for time_s in (span.start_s, span.end_s))
            samples = block.samples[first:end]
            try:
                description = self.describe(samples)
            except TooLittleVoiceError:
                continue
            quiet = loudness_range_db(measure_loudness(samples)) >= QUIET_DB
            own = baseline is not None and baseline.enough and quiet
            known = baseline if own else None
            shares = self.predict(description[np.newaxis], known)[0].tolist()
            start_s, end_s = block.time_s + span.start_s, block.time_s + span.end_s
            if learns and quiet and baseline is not None and baseline.is_new(start_s):
                baseline.add(description, self._still(description), end_s)
            observations.append(
                VoiceObservation(
                    start_s=start_s,
                    end_s=end_s,
                    probabilities=dict(zip(self.classes, shares, strict=True)),
                    quality=float(np.mean(active_hops(samples))),
                    own_baseline=own,
                )
            )
        return observations

    def _still(self, description: FloatArray) -> float:
        """How likely a window sounds neutral or calm to somebody who does not know the person."""
        shares = self.predict(description[np.newaxis])[0]
        named = zip(self.classes, shares.tolist(), strict=True)
        return float(sum(share for name, share in named if name in _STILL))


def windows(duration_s: float) -> list[Span]:
    """Cut 0..duration_s into windows of 3 s, evenly spaced by at most 1.5 s, to the very end."""
    last_s = max(0.0, duration_s - WINDOW_S)
    starts = np.linspace(0.0, last_s, 1 + math.ceil(last_s / HOP_S)).tolist()
    return [Span(start_s, min(start_s + WINDOW_S, duration_s)) for start_s in starts]
