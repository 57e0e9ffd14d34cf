"""One vector for a stretch of voice: light features and speech embedding, and who is speaking.

A voice is described against a baseline: how an average voice sounds, or, once enough of a person
was heard, how that person's own voice does. What is left is how it sounds now.
"""

import math
from pathlib import Path

import numpy as np
import numpy.typing as npt

from appliance.domain.media import FloatArray
from appliance.perception.speech_embedding import VALUES, SpeechEmbedding
from appliance.perception.voice_features import feature_names, levelled_voice, voice_features

ENOUGH_WINDOWS = 10
"""A person's own windows from which on their baseline is used: three mislead, ten help."""

MOST_STILL = 0.6
"""Share of neutral and calm windows up to which a baseline helps; one of nothing else misleads."""

QUIET_DB = 18.0
"""A window whose loudness ranges over less is full of noise, which a baseline does not know."""

_SHARED_S = 0.1
"""Windows overlap by half, or by this little where speech ends."""

_MEAN_PRIOR = 3.0
_SPREAD_PRIOR = 10.0
_FARTHEST = 6.0
_EMBEDDING_PERCENTILES = (10, 90)

_Floats = npt.NDArray[np.float64]


def description_names() -> tuple[str, ...]:
    """Names of the vector's values, in its order: `feature_names` first."""
    statistics = ("mean", "std", *(f"p{percent}" for percent in _EMBEDDING_PERCENTILES))
    embedding = [f"embedding{value}.{name}" for name in statistics for value in range(VALUES)]
    return (*feature_names(), *embedding)


class VoiceDescriber:
    """Turns sound into vectors. Use it from one thread at a time."""

    def __init__(self, models: Path) -> None:
        """Load the speech embedding.

        Args:
            models: the folder with the model files.

        Raises:
            ModelError: a model is missing, damaged, or another one.
        """
        self._embedding = SpeechEmbedding(models)

    def describe(self, samples: FloatArray) -> FloatArray:
        """Describe a stretch of voice of a few seconds, (n,) float32 at 16 kHz.

        Returns:
            float32 values, finite, in the order of `description_names`.

        Raises:
            TooLittleVoiceError: less than 0.5 s of it is sound.
        """
        pieces = self._embedding.of(levelled_voice(samples))
        embedding = (
            pieces.mean(axis=0),
            pieces.std(axis=0),
            *np.percentile(pieces, _EMBEDDING_PERCENTILES, axis=0),
        )
        return np.concatenate([voice_features(samples), *embedding]).astype(np.float32)


class VoiceBaseline:
    """How one person's voice sounds on the whole, from what was heard of it so far.

    Attributes:
        count: windows heard.
    """

    def __init__(self) -> None:
        self.count = 0
        self._until_s = -math.inf
        self._still = 0.0
        self._sum: _Floats | None = None
        self._squares: _Floats | None = None

    @property
    def enough(self) -> bool:
        """Whether it may be used: enough was heard, and not only in one manner.

        Against a baseline of neutral speech alone every window sounds strange (docs/fusion.md).
        """
        return self.count >= ENOUGH_WINDOWS and self._still <= MOST_STILL * self.count

    def is_new(self, start_s: float) -> bool:
        """Whether a window shares no sound with those learned from: what is heard twice is one."""
        return start_s >= self._until_s - _SHARED_S

    def add(self, description: FloatArray, still: float = 0.0, until_s: float = -math.inf) -> None:
        """Take in one more window of the person's voice.

        Args:
            description: (values,).
            still: how likely the window sounds neutral or calm to somebody who does not know the
                person, 0..1.
            until_s: end of the window, for `is_new`.
        """
        self._until_s = until_s
        self._still += still
        values = description.astype(np.float64)
        self._sum = values if self._sum is None else self._sum + values
        self._squares = values**2 if self._squares is None else self._squares + values**2
        self.count += 1

    def copy(self) -> "VoiceBaseline":
        """The same, to be added to without changing this one, by a recording with its own time."""
        other = VoiceBaseline()
        other.count, other._still = self.count, self._still
        other._sum, other._squares = self._sum, self._squares
        return other

    def relative(self, descriptions: FloatArray, centre: _Floats, scale: _Floats) -> _Floats:
        """Describe windows against this person, in deviations, within -6..6.

        The person's own mean and variance are drawn towards everybody's by as much as 3 and 10
        further windows would.

        Args:
            descriptions: (n, values).
            centre: (values,) mean of everybody.
            scale: (values,) standard deviation of everybody.
        """
        if self._sum is None or self._squares is None:
            return _deviations(descriptions, centre, scale)
        own = self._sum / self.count
        variance = np.maximum(self._squares / self.count - own**2, 0.0)
        trust = self.count / (self.count + _MEAN_PRIOR)
        spread_trust = self.count / (self.count + _SPREAD_PRIOR)
        spread = np.sqrt(spread_trust * variance + (1 - spread_trust) * scale**2)
        return _deviations(descriptions, trust * own + (1 - trust) * centre, spread)


def _deviations(descriptions: FloatArray, centre: _Floats, scale: _Floats) -> _Floats:
    deviations: _Floats = np.clip((descriptions - centre) / scale, -_FARTHEST, _FARTHEST)
    return deviations
