"""The words of a language: their dictionary forms, and whether they are words at all."""

from collections.abc import Iterable

from simplemma import Lemmatizer, is_known
from simplemma.strategies import DefaultStrategy
from simplemma.strategies.dictionaries import LOW_MEMORY_DICTIONARY_FACTORY


class Vocabulary:
    """Dictionary forms, from simplemma's word lists. Load it once; threads may share it.

    Args:
        language: two letters, ISO 639-1.
    """

    def __init__(self, language: str) -> None:
        self._language = language
        strategy = DefaultStrategy(dictionary_factory=LOW_MEMORY_DICTIONARY_FACTORY)
        self._lemmatizer = Lemmatizer(lemmatization_strategy=strategy)
        self.lemma("words")  # which reads the word list now rather than in the first answer

    def lemma(self, token: str) -> str:
        """The dictionary form of a word, lower case: "taught" gives "teach".

        A word that is in no dictionary is its own form.
        """
        return self._lemmatizer.lemmatize(token, self._language).lower()

    def lemmas(self, tokens: Iterable[str]) -> tuple[str, ...]:
        """The dictionary forms of some words."""
        return tuple(self.lemma(token) for token in tokens)

    def knows(self, token: str) -> bool:
        """Whether it is a word of the language; a number counts as one."""
        return token[0].isdigit() or bool(is_known(token, self._language, low_memory=True))
