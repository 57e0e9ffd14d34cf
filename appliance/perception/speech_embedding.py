"""What a small network trained to tell spoken words apart makes of a stretch of voice.

The network is Google's speech embedding (Lin et al. 2020, arXiv:2002.01322): 96 values for each
0.78 s of sound, from a log-mel spectrogram that a second model file computes. It was trained on
words, without any label of how they were said; how they were said shows in it all the same.
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from appliance.domain.media import FloatArray
from appliance.perception.tflite import TfliteModel

SPECTROGRAM_FILE = "speech_melspectrogram.tflite"
EMBEDDING_FILE = "speech_embedding.tflite"

VALUES = 96

_FRAMES = 76
_BANDS = 32
_FRAME_HOP = 160
_FRAME_WINDOW = 512
_PIECE = (_FRAMES - 1) * _FRAME_HOP + _FRAME_WINDOW
_PIECE_HOP = 16 * _FRAME_HOP
_FULL_SCALE = 32767.0


class SpeechEmbedding:
    """Describes stretches of voice by 96 values a piece. Use it from one thread at a time."""

    def __init__(self, models: Path) -> None:
        """Load both models.

        Args:
            models: the folder with the model files.

        Raises:
            ModelError: a model is missing, damaged, or another one.
        """
        self._spectrogram = TfliteModel(models / SPECTROGRAM_FILE, input_shape=(1, _PIECE))
        self._spectrogram.require((1, _PIECE), [(1, 1, _FRAMES, _BANDS)])
        self._embedding = TfliteModel(models / EMBEDDING_FILE, input_shape=(1, _FRAMES, _BANDS, 1))
        self._embedding.require((1, _FRAMES, _BANDS, 1), [(1, 1, 1, VALUES)])

    def of(self, samples: FloatArray) -> npt.NDArray[np.float32]:
        """Describe (n,) float samples at 16 kHz, in -1..1: (pieces, 96).

        Pieces are 0.78 s long and start every 0.16 s; sound that is shorter than one is followed
        by silence.
        """
        padded = np.pad(samples, (0, max(0, _PIECE - len(samples)))).astype(np.float32)
        starts = range(0, len(padded) - _PIECE + 1, _PIECE_HOP)
        pieces = [self._describe(padded[start : start + _PIECE]) for start in starts]
        return np.stack(pieces)

    def _describe(self, piece: FloatArray) -> npt.NDArray[np.float32]:
        (decibels,) = self._spectrogram.run(piece[np.newaxis] * np.float32(_FULL_SCALE))
        # The embedding was trained on another scale of the same bands, as its users found.
        bands = (decibels / 10 + 2).reshape(1, _FRAMES, _BANDS, 1).astype(np.float32)
        (values,) = self._embedding.run(bands)
        described: npt.NDArray[np.float32] = values.reshape(VALUES)
        return described
