"""Whether words say what a fact says, and no more."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from appliance.coaching.ollama.facts import Fact
from appliance.coaching.ollama.reading import grade_of
from appliance.coaching.ollama.word_lists import WordLists, load_word_lists, words_in
from appliance.coaching.spoken import find_phrases
from appliance.coaching.tools import Tools

HARDEST_GRADE = 8.0
"""The school year from which everything is to be read easily."""

SHORTEST, LONGEST = 12, 280
"""Characters of one text."""

_SENTENCES = 3
_OWN_LANGUAGE = 0.1
"""Share of small words of the language that any two sentences have."""

_QUOTATION = re.compile("[\"“”„«»\u2039\u203a]|(?<!\\w)['‘\u201a]\\w|\\n")
_NO_PROSE = re.compile(r"[*_#<>{}\[\]|`~\\=/@]|\s[.,?]|[^\w\s.,;:?¿…'‘’()–-]")
"""Marks of markup and of other writing than two plain sentences; quotation marks come before."""

_SENTENCE = re.compile(r"[.!?…]+(?=\s|$)")
_SPOKEN_I = {"i", "i'm", "i've", "i'd", "i'll"}


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with words.

    Attributes:
        name: of the rule, stable.
        word: that breaks it; empty where none alone does.
    """

    name: str
    word: str = ""


class Rules:
    """The rules of one language. Threads may share it.

    Args:
        tools: of the language.
    """

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self.lists: WordLists = load_word_lists(tools)

    def complaint(self, fact: Fact, text: str) -> Complaint | None:
        """The first rule that words break; None where they may be shown.

        Args:
            fact: that is worded.
            text: the words.
        """
        return next(self._complaints(fact, text), None)

    def _complaints(self, fact: Fact, text: str) -> Iterator[Complaint]:
        words = words_in(text)
        tokens = [word.lower() for word in words]
        if _QUOTATION.search(text):
            yield Complaint("quotation")
        sentences = len(_SENTENCE.findall(text))
        if not SHORTEST <= len(text) <= LONGEST or not 1 <= sentences <= _SENTENCES:
            yield Complaint("length")
        if _NO_PROSE.search(text) or not text.endswith((".", "?", "…")):
            yield Complaint("length")
        if not self._is_own_language(tokens):
            yield Complaint("language")
        if fact.kind == "follow_up" and (text.count("?") != 1 or not text.endswith("?")):
            yield Complaint("question")
        yield from self._forbidden(fact, tokens)
        allowed = {word.lower() for source in self._sources(fact) for word in words_in(source)}
        yield from self._numbers(tokens, allowed)
        yield from self._names(text, allowed)
        yield from self._claims(fact, tokens, allowed)
        if grade_of(text, self._tools.language.code) > HARDEST_GRADE:
            yield Complaint("reading")

    def _sources(self, fact: Fact) -> Iterator[str]:
        """What words may draw on: the fact, and what was said, unless it was said to the booth.

        Who answers tells of themselves. A sentence to a "you", or one that gives orders, may be
        meant for the model, so that its words are none to be taken up.
        """
        yield from (fact.bare, fact.asked)
        for quote in fact.quotes:
            tokens = [word.lower() for word in words_in(quote)]
            if not any(True for _ in self._found(tokens, self.lists.commands)):
                yield quote

    def _is_own_language(self, tokens: Sequence[str]) -> bool:
        if not tokens:
            return False
        own = _share(tokens, self._tools.language.stop_words)
        others = (
            _share(tokens, words)
            for code, words in self._tools.common_words.items()
            if code != self._tools.language.code
        )
        return own >= _OWN_LANGUAGE and own >= max(others, default=0.0)

    def _forbidden(self, fact: Fact, tokens: Sequence[str]) -> Iterator[Complaint]:
        """What is never said, and what turns praise or advice around."""
        for word in self._found(tokens, self.lists.banned):
            yield Complaint("banned", word)
        for token in tokens:
            if token in self.lists.first_person:
                yield Complaint("person", token)
        if fact.kind == "strength":
            turns: tuple[str, ...] = self.lists.not_in_strengths
        else:
            turns = self.lists.not_in_next_steps
        said = set(self._found([word.lower() for word in words_in(fact.bare)], turns))
        for word in self._found(tokens, turns):
            if word not in said:
                yield Complaint("tone", word)

    def _found(self, tokens: Sequence[str], phrases: Iterable[str]) -> Iterator[str]:
        """Phrases that stand there as they are, or in another form of their one word."""
        forms = [self._tools.vocabulary.lemma(token) for token in tokens]
        known = tuple(phrases)
        for found in (find_phrases(tokens, known), find_phrases(forms, known)):
            yield from (phrase for _, phrase in found)

    def _numbers(self, tokens: Sequence[str], allowed: set[str]) -> Iterator[Complaint]:
        digits = self.lists.numbers
        known = {digits.get(word, word) for word in allowed}
        for token in tokens:
            number = digits.get(token, token)
            if any(letter.isdigit() for letter in number) and number not in known:
                yield Complaint("number", token)

    def _names(self, text: str, allowed: set[str]) -> Iterator[Complaint]:
        """Words with a capital that stand in no source, and are no word of everyday."""
        capital_nouns = self._tools.language.code == "de"
        for sentence in _SENTENCE.split(text):
            for place, word in enumerate(words_in(sentence)):
                low = word.lower()
                if not word[0].isupper() or low in allowed or low in _SPOKEN_I:
                    continue
                known = {low, self._tools.vocabulary.lemma(low)}
                everyday = known & (self.lists.common | self.lists.supported)
                if (place and not capital_nouns) or not everyday:
                    yield Complaint("name", word)

    def _claims(self, fact: Fact, tokens: Sequence[str], allowed: set[str]) -> Iterator[Complaint]:
        """Another measure that is spoken of, or things that nobody said."""
        lemma = self._tools.vocabulary.lemma
        sources = {lemma(word) for word in allowed} | allowed
        own = self.lists.topics.get(fact.measure, frozenset())
        meant = [
            (token, lemma(token))
            for token in tokens
            if token not in self._tools.language.stop_words
        ]
        for name, topic in self.lists.topics.items():
            for token, form in meant:
                if name != fact.measure and {token, form} & topic and not {token, form} & sources:
                    yield Complaint("topic", token)
        known = sources | own | self.lists.supported
        for token, form in meant:
            if not {token, form} & known:
                yield Complaint("unsupported", token)
        anchors = (own | sources) - self._tools.language.stop_words
        if not any({token, form} & anchors for token, form in meant):
            yield Complaint("off_fact")


def _share(tokens: Sequence[str], words: frozenset[str]) -> float:
    return sum(token in words for token in tokens) / len(tokens)
