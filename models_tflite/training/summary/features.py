"""How well a summary fits an interview: sentiment, keyword coverage, fluency."""

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from appliance.coaching.language import LanguagePack
from appliance.coaching.vocabulary import Vocabulary

NAMES = ("sentiment", "keyword_coverage", "fluency")

_WORD = re.compile(r"[a-z][a-z'’-]*")
_MOST_UTTERANCES = 60
"""Utterances whose sentiment is read: word lists are slow, and the mean is steady by then."""


class SummaryFeatures:
    """Computes the features. Load it once.

    Args:
        language: English.
        vocabulary: of the same language.
    """

    def __init__(self, language: LanguagePack, vocabulary: Vocabulary) -> None:
        self._language = language
        self._vocabulary = vocabulary
        self._analyser = SentimentIntensityAnalyzer()

    def of(self, summary: str, utterances: Sequence[str]) -> npt.NDArray[np.float64]:
        """Describe a pair.

        Args:
            summary: of the interview, or of another.
            utterances: what was said.

        Returns:
            float64 (3,), in the order of `NAMES`: nearness of the tones, 0 to 1; share of the
            summary's words of meaning that were said, 0 to 1; share of pairs of neighbouring words
            that run as in English, 0 to 1.
        """
        tone = self._tone([summary])
        nearness = 1 - abs(tone - self._tone(utterances[:_MOST_UTTERANCES])) / 2
        return np.array([nearness, self._coverage(summary, utterances), self._fluency(summary)])

    def _tone(self, texts: Sequence[str]) -> float:
        scores = [self._analyser.polarity_scores(text)["compound"] for text in texts]
        return float(np.mean(scores)) if scores else 0.0

    def _coverage(self, summary: str, utterances: Sequence[str]) -> float:
        said = set(self._meaning(" ".join(utterances)))
        wanted = set(self._meaning(summary))
        return len(wanted & said) / len(wanted) if wanted else 0.0

    def _meaning(self, text: str) -> list[str]:
        tokens = _WORD.findall(text.lower())
        return [
            self._vocabulary.lemma(token)
            for token in tokens
            if token not in self._language.stop_words
        ]

    def _fluency(self, summary: str) -> float:
        """Small words and words of meaning take turns in English: how often they do."""
        tokens = _WORD.findall(summary.lower())
        if len(tokens) < 2:
            return 0.0
        small = [token in self._language.stop_words for token in tokens]
        runs = [
            here == there and first != second
            for (here, first), (there, second) in pairwise(zip(small, tokens, strict=True))
        ]
        repeats = sum(first == second for first, second in pairwise(tokens))
        return 1 - float(sum(runs) / 2 + repeats) / (len(tokens) - 1)
