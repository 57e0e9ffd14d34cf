"""An answer's sentences with what they mean, each embedded once."""

from functools import cached_property

import numpy as np

from appliance.coaching.embeddings import SIZE, Embeddings, SentenceEmbedder
from appliance.coaching.spoken import Spoken


class Meaning:
    """What an answer means, computed when it is first asked for.

    Args:
        said: the answer; it has sentences.
        embedder: None where there is no model for the language.
    """

    def __init__(self, said: Spoken, embedder: SentenceEmbedder | None) -> None:
        self.said = said
        self._embedder = embedder

    @property
    def is_known(self) -> bool:
        """Whether there is a model for the language."""
        return self._embedder is not None

    @cached_property
    def sentences(self) -> Embeddings:
        """float32 (sentences, 384), a row of length 1 for each sentence."""
        if self._embedder is None:
            return np.zeros((len(self.said.sentences), SIZE), np.float32)
        return self._embedder.embed([sentence.text for sentence in self.said.sentences])

    @cached_property
    def whole(self) -> Embeddings:
        """float32 (384,): the mean of the sentences, each by its number of words, at length 1."""
        weights = np.array([len(sentence.tokens) for sentence in self.said.sentences], np.float32)
        mean = (self.sentences * weights[:, None]).sum(axis=0)
        return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), np.float32)
