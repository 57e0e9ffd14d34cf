"""How likely a stretch of 32 ms is speech, by Silero VAD v6 through onnxruntime."""

from pathlib import Path

import numpy as np
import onnxruntime

from appliance.domain.errors import ModelError
from appliance.domain.media import FloatArray

MODEL_FILE = "silero_vad_v6.onnx"

CHUNK = 512
"""Samples that the model judges at once: 32 ms at 16 kHz."""

_CONTEXT = 64  # samples of the chunk before, which the model sees again
_STATE = (1, 1, 128)  # of its one recurrent layer
_ERRORS_ONLY = 3


class SpeechProbability:
    """Follows one stream of sound chunk by chunk.

    Args:
        model: the ONNX file.

    Raises:
        ModelError: the file is missing, damaged, or another model.
    """

    def __init__(self, model: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.inter_op_num_threads = options.intra_op_num_threads = 1
        options.log_severity_level = _ERRORS_ONLY
        try:
            self._session = onnxruntime.InferenceSession(
                model.read_bytes(), options, providers=["CPUExecutionProvider"]
            )
        except OSError as error:
            raise ModelError(
                f"The model {model} cannot be read: {error.strerror}.", "Install it again."
            ) from error
        except Exception as error:  # the runtime's own errors have no narrower root
            raise ModelError(f"The model {model} is damaged.", "Install it again.") from error
        if {node.name for node in self._session.get_inputs()} != {"input", "h", "c"}:
            raise ModelError(f"{model} is not Silero VAD v6.", "Install it again.")
        self.reset()

    def reset(self) -> None:
        """Begin a new stream."""
        self._hidden = np.zeros(_STATE, np.float32)
        self._cell = np.zeros(_STATE, np.float32)
        self._context = np.zeros(_CONTEXT, np.float32)

    def of(self, chunk: FloatArray) -> float:
        """The probability 0..1 that the next `CHUNK` samples (float32 in -1..1) are speech."""
        sound = np.concatenate([self._context, chunk])[np.newaxis]
        feed = {"input": sound, "h": self._hidden, "c": self._cell}
        probability, self._hidden, self._cell = self._session.run(None, feed)
        self._context = chunk[-_CONTEXT:]
        return float(probability[0])
