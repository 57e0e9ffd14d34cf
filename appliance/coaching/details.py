"""Concrete details: figures, times, names, and things that a listener can picture."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from appliance.coaching import content_bands as kinds
from appliance.coaching.language import LanguagePack
from appliance.coaching.messages import Messages
from appliance.coaching.spoken import Sentence, Spoken, find_phrases
from appliance.coaching.vocabulary import Vocabulary
from appliance.domain.report import Measure

_LISTED = 12

_THINGS_A_DETAIL = 6
"""Different things to picture that weigh as much as one figure or name (set on development
answers)."""

_SHORTEST_THING = 4
"""Letters that the word for a thing has at least."""


@dataclass(frozen=True, slots=True)
class Details:
    """What is concrete in an answer.

    Attributes:
        figures: numbers in digits or words, each once.
        times: days, months, parts of the day, lengths of time, each once.
        names: of people, places, makes, each once.
        things: dictionary forms of what can be pictured, each once.
    """

    figures: frozenset[str]
    times: frozenset[str]
    names: frozenset[str]
    things: frozenset[str]

    @property
    def exact(self) -> int:
        """Figures, times and names together."""
        return len(self.figures) + len(self.times) + len(self.names)

    @property
    def count(self) -> float:
        """All of them, with several things to picture for one detail."""
        return self.exact + len(self.things) / _THINGS_A_DETAIL

    @property
    def label(self) -> str:
        """The most exact kind that is there; empty where none is."""
        kinds_found = {"figure": self.figures, "time": self.times, "name": self.names}
        return next((label for label, found in kinds_found.items() if found), "")


def find_details(
    sentences: Sequence[Sentence], language: LanguagePack, vocabulary: Vocabulary
) -> Details:
    """Everything concrete in some sentences."""
    tokens = [
        token for sentence in sentences for token in _without_empty_phrases(sentence, language)
    ]
    return Details(
        frozenset(token for token in tokens if _is_figure(token, language)),
        frozenset(token for token in tokens if token in language.details.time_words),
        frozenset(name for sentence in sentences for name in _names(sentence, language)),
        frozenset(_things(tokens, language, vocabulary)),
    )


def details(
    said: Spoken, language: LanguagePack, vocabulary: Vocabulary, messages: Messages
) -> Measure:
    """How many concrete details an answer has, with the sentences that have most."""
    found = find_details(said.sentences, language, vocabulary)
    rich = [(find_details([one], language, vocabulary), one) for one in said.sentences]
    rich = [(here, one) for here, one in rich if here.exact]
    rich.sort(key=lambda pair: (-pair[0].exact, pair[1].place))
    return kinds.DETAILS.grade(
        found.count,
        messages,
        [one.evidence.model_copy(update={"label": here.label}) for here, one in rich[:_LISTED]],
        count=round(found.count),
    )


def own_part(said: Spoken, language: LanguagePack, messages: Messages) -> Measure:
    """Share of "I" among "I" and "we": to think about, never for points."""
    own = sum(token in language.first_person for token in said.tokens)
    shared = sum(token in language.first_person_plural for token in said.tokens)
    if not own + shared:
        return kinds.OWN_PART.unrated(messages.say("reasons", "no_persons"), messages)
    together = [
        sentence.evidence
        for sentence in said.sentences
        if not language.first_person.intersection(sentence.tokens)
        and language.first_person_plural.intersection(sentence.tokens)
    ]
    return kinds.OWN_PART.grade(
        100 * own / (own + shared),
        messages,
        together[:_LISTED],
        says="shared" if shared > own else "says",
    )


def empty_phrases(said: Spoken, language: LanguagePack, messages: Messages) -> Measure:
    """Phrases of empty job talk, for every hundred words."""
    places = [
        sentence.evidence
        for sentence in said.sentences
        if next(find_phrases(sentence.tokens, language.details.buzzwords), None)
    ]
    count = sum(1 for _ in find_phrases(said.tokens, language.details.buzzwords))
    return kinds.EMPTY_PHRASES.grade(
        100 * count / len(said.tokens), messages, places[:_LISTED], count=count
    )


def _without_empty_phrases(sentence: Sentence, language: LanguagePack) -> list[str]:
    """Words that mean something: "a hundred and ten percent" is no figure."""
    empty = {
        place + offset
        for place, phrase in find_phrases(sentence.tokens, language.details.buzzwords)
        for offset in range(len(phrase.split()))
    }
    return [token for place, token in enumerate(sentence.tokens) if place not in empty]


def _is_figure(token: str, language: LanguagePack) -> bool:
    return token.lstrip("$€£")[:1].isdigit() or language.details.is_number(token)


def _names(sentence: Sentence, language: LanguagePack) -> list[str]:
    """Capitalised words inside a sentence, where a recogniser writes capitals."""
    found = []
    for before, word in pairwise(sentence.words):
        text = word.text.strip("\"'“”‘’,.;:!?()")
        begins = before.text.rstrip().endswith((":", ".", "?", "!"))
        capital = text[:1].isupper() and text not in {"I", "OK"} and not text.startswith("I'")
        if capital and not begins and text.lower() not in language.details.time_words:
            found.append(text.lower())
    return found


def _things(tokens: Sequence[str], language: LanguagePack, vocabulary: Vocabulary) -> Iterator[str]:
    """Dictionary forms of words that name something to picture."""
    grammar = language.stop_words | language.details.time_words
    for token in tokens:
        if len(token) < _SHORTEST_THING or token in grammar or _is_figure(token, language):
            continue
        lemma = vocabulary.lemma(token)
        if lemma in language.details.vague_words or lemma in grammar:
            continue
        if not lemma.endswith(language.details.abstract_endings):
            yield lemma
