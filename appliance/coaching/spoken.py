"""What was said, as sentences of words with their times.

Recognisers differ: some write full stops, some write none. Where there are none, a sentence ends at
a pause, or before a phrase with which clauses begin.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from appliance.coaching.language import LanguagePack
from appliance.domain.observations import Transcript, Word
from appliance.domain.report import Evidence

_PAUSE_S = 0.7
"""A silence that ends a sentence where no full stop does (our choice)."""

_SHORTEST = 6
"""Words that a sentence without a full stop has at least before a phrase may begin the next."""

_LONGEST = 30
"""Words after which a sentence without a full stop ends in any case."""

_WORDS_A_STOP = 40
"""With fewer full stops than one in so many words, the recogniser wrote none."""

_EDGES = re.compile(r"^[^\w%€$£]+|[^\w%€$£]+$")


@dataclass(frozen=True)
class Sentence:
    """A sentence as it was said.

    Attributes:
        words: of the transcript; never empty.
        place: which of the answer's sentences it is, from 0.
    """

    words: tuple[Word, ...]
    place: int

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """Its words in lower case without punctuation."""
        return tuple(token for word in self.words if (token := token_of(word.text)))

    @cached_property
    def text(self) -> str:
        """As a person reads it."""
        return " ".join(word.text for word in self.words)

    @property
    def evidence(self) -> Evidence:
        """It as a quote with its place."""
        return quote(self.words)


@dataclass(frozen=True)
class Spoken:
    """An answer's words, without the sounds that fill pauses.

    Attributes:
        sentences: in order.
        words: all of the transcript's, sounds that fill pauses included.
        has_full_stops: the recogniser wrote them; without them, sentences are guessed.
    """

    sentences: tuple[Sentence, ...]
    words: tuple[Word, ...]
    has_full_stops: bool = True

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """All words of the sentences, in lower case without punctuation."""
        return tuple(token for sentence in self.sentences for token in sentence.tokens)

    @property
    def text(self) -> str:
        """As a person reads it."""
        return " ".join(sentence.text for sentence in self.sentences)


def token_of(text: str) -> str:
    """A word in lower case without the punctuation around it; empty where nothing else is there."""
    return _EDGES.sub("", text.lower().replace("’", "'"))


def spoken(transcript: Transcript | None, language: LanguagePack) -> Spoken:
    """The sentences of a transcript; without one there are none.

    What is said to the booth about its rating is left out.
    """
    words = transcript.words if transcript else ()
    kept = [word for word in words if token_of(word.text) not in language.filled_pauses]
    kept = _without_asides([word for word in kept if token_of(word.text)], language)
    written = sum(_ends_sentence(word) for word in kept) * _WORDS_A_STOP >= len(kept)
    split = _by_full_stops(kept) if written else _by_pauses(kept, language)
    sentences = tuple(Sentence(tuple(part), place) for place, part in enumerate(split))
    return Spoken(sentences, tuple(words), written)


def telling(said: Spoken, language: LanguagePack) -> Spoken:
    """The same without sentences that say nothing, such as "Thank you" or "So that was that".

    They are part of how somebody speaks, and not of what they say: what is rated, and the words by
    which stumbles are counted, must not grow by them.
    """
    empty = language.stop_words | language.says_nothing
    kept = [one for one in said.sentences if not empty.issuperset(one.tokens)]
    sentences = tuple(Sentence(one.words, place) for place, one in enumerate(kept))
    return Spoken(sentences, said.words, said.has_full_stops)


def quote(words: Sequence[Word]) -> Evidence:
    """Some words in a row as evidence."""
    return Evidence(
        quote=" ".join(word.text for word in words), start_s=words[0].start_s, end_s=words[-1].end_s
    )


def find_phrases(tokens: Sequence[str], phrases: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Where some phrases stand among tokens, the longest first at each place; without overlap."""
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for phrase in phrases:
        parts = tuple(phrase.split())
        by_first.setdefault(parts[0], []).append(parts)
    place = 0
    while place < len(tokens):
        fitting = [
            parts
            for parts in by_first.get(tokens[place], ())
            if tuple(tokens[place : place + len(parts)]) == parts
        ]
        longest = max(fitting, key=len, default=None)
        if longest is not None:
            yield place, " ".join(longest)
        place += len(longest) if longest else 1


def _without_asides(words: Sequence[Word], language: LanguagePack) -> list[Word]:
    """Words without what is said to the booth about its rating, which is no part of an answer.

    An aside goes on to a full stop, or to where a clause begins after it.
    """
    tokens = [token_of(word.text) for word in words]
    asides = {place for place, _ in find_phrases(tokens, language.asides)}
    starts = {place for place, _ in find_phrases(tokens, language.clause_starts)}
    kept: list[Word] = []
    began: int | None = None
    for place, word in enumerate(words):
        if place in asides:
            began = place
        elif began is not None and place in starts and place - began >= _SHORTEST:
            began = None
        if began is None:
            kept.append(word)
        elif _ends_sentence(word):
            began = None
    return kept


def _ends_sentence(word: Word) -> bool:
    return word.text.rstrip("\"'”’)").endswith((".", "?", "!", "…"))


def _by_full_stops(words: Sequence[Word]) -> Iterator[list[Word]]:
    sentence: list[Word] = []
    for word in words:
        sentence.append(word)
        if _ends_sentence(word):
            yield sentence
            sentence = []
    if sentence:
        yield sentence


def _by_pauses(words: Sequence[Word], language: LanguagePack) -> Iterator[list[Word]]:
    tokens = [token_of(word.text) for word in words]
    starts = {place for place, _ in find_phrases(tokens, language.clause_starts)}
    sentence: list[Word] = []
    for place, word in enumerate(words):
        paused = bool(sentence) and word.start_s - sentence[-1].end_s >= _PAUSE_S
        full = len(sentence) >= _LONGEST or (place in starts and len(sentence) >= _SHORTEST)
        if sentence and (paused or full) and tokens[place - 1] not in language.open_ends:
            yield sentence
            sentence = []
        sentence.append(word)
    if sentence:
        yield sentence
