"""An answer's sentences with what they mean, each looked at once."""

from functools import cached_property

import numpy as np

from appliance.coaching.embeddings import SIZE, Embeddings
from appliance.coaching.spoken import Spoken
from appliance.coaching.story_model import Probabilities, story_features
from appliance.coaching.tools import Tools


class Meaning:
    """What an answer means, computed when it is first asked for.

    Args:
        said: the answer; it has sentences.
        tools: of the language.
    """

    def __init__(self, said: Spoken, tools: Tools) -> None:
        self.said = said
        self._tools = tools

    @cached_property
    def sentences(self) -> Embeddings:
        """float32 (sentences, 384), a row of length 1 for each; zeros where there is no model."""
        if self._tools.embedder is None:
            return np.zeros((len(self.said.sentences), SIZE), np.float32)
        return self._tools.embedder.embed([sentence.text for sentence in self.said.sentences])

    @cached_property
    def whole(self) -> Embeddings:
        """float32 (384,): the mean of the sentences, each by its number of words, at length 1."""
        weights = np.array([len(sentence.tokens) for sentence in self.said.sentences], np.float32)
        mean = (self.sentences * weights[:, None]).sum(axis=0)
        return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), np.float32)

    @cached_property
    def parts(self) -> Probabilities | None:
        """float32 (sentences, 4): how likely each is each part of a story; None without a model."""
        if self._tools.story is None:
            return None
        return self._tools.story.probabilities(
            story_features(self.said.sentences, self.sentences, self._tools.language)
        )
