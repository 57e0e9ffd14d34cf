"""How sentences run: filler words, restarts, length, links, and the range of words."""

from collections.abc import Sequence
from statistics import fmean

from appliance.coaching import content_bands as kinds
from appliance.coaching.language import LanguagePack
from appliance.coaching.messages import Messages
from appliance.coaching.spoken import Spoken, find_phrases, quote, telling, token_of
from appliance.domain.observations import Word
from appliance.domain.report import Evidence, Measure

_PERCENT = 100
_LISTED = 12

_LONGEST_REPEAT = 4
"""Words that a restart repeats at most: longer ones are said again on purpose."""

_TYPE_TOKEN = 0.72
"""The share of different words at which a stretch ends (McCarthy and Jarvis, 2010)."""

_SHORTEST_FOR_RANGE = 50
"""Words under which MTLD is not steady (Koizumi, 2012, puts it at 100; told from 50 on with
care)."""


def measure_fluency(
    said: Spoken, language: LanguagePack, messages: Messages
) -> tuple[Measure, ...]:
    """All measures of fluency, in the order in which a person reads them."""
    return (
        filler_words(said, language, messages),
        restarts(said, language, messages),
        sentence_length(said, language, messages),
        connectives(said, language, messages),
        vocabulary_range(said, messages),
    )


def filler_words(said: Spoken, language: LanguagePack, messages: Messages) -> Measure:
    """Words that fill, for every hundred words; "like" as a verb or a comparison is none."""
    words = _plain(said)
    tokens = [token_of(word.text) for word in words]
    found = [
        (place, len(phrase.split())) for place, phrase in find_phrases(tokens, language.fillers)
    ]
    found += [(place, 1) for place in _in_context(tokens, language)]
    return kinds.FILLERS.grade(
        _PERCENT * len(found) / _telling_words(said, language),
        messages,
        [quote(words[place : place + length]) for place, length in sorted(found)[:_LISTED]],
        count=len(found),
    )


def restarts(said: Spoken, language: LanguagePack, messages: Messages) -> Measure:
    """Words that are said again at once, and sentences broken off, for every hundred words."""
    words = _plain(said)
    found = _repeats(words, language) + _broken_off(words)
    return kinds.RESTARTS.grade(
        _PERCENT * len(found) / _telling_words(said, language),
        messages,
        found[:_LISTED],
        count=len(found),
    )


def sentence_length(said: Spoken, language: LanguagePack, messages: Messages) -> Measure:
    """Words in the mean sentence.

    Where the recogniser wrote no full stops, a clause that begins with "and" or its like goes on
    with the sentence before. Sentences that say nothing do not count.
    """
    joined: list[list[Word]] = []
    for sentence in telling(said, language).sentences or said.sentences:
        goes_on = not said.has_full_stops and sentence.tokens[:1] != ()
        if joined and goes_on and sentence.tokens[0] in language.joins:
            joined[-1].extend(sentence.words)
        else:
            joined.append(list(sentence.words))
    longest = max(joined, key=len)
    value = fmean(len(words) for words in joined)
    return kinds.SENTENCE_LENGTH.grade(value, messages, [quote(longest)])


def connectives(said: Spoken, language: LanguagePack, messages: Messages) -> Measure:
    """Words that tie sentences together, for every hundred words."""
    words = _plain(said)
    tokens = [token_of(word.text) for word in words]
    found = [
        quote(words[place : place + len(phrase.split())])
        for place, phrase in find_phrases(tokens, language.connectives)
    ]
    return kinds.CONNECTIVES.grade(
        _PERCENT * len(found) / len(tokens), messages, found[:_LISTED], count=len(found)
    )


def vocabulary_range(said: Spoken, messages: Messages) -> Measure:
    """The measure of textual lexical diversity: words until the share of different ones is low.

    The mean of a pass forward and a pass backward, which hardly depends on the length of the answer
    (McCarthy and Jarvis, MTLD, vocd-D, and HD-D, 2010).
    """
    if len(said.tokens) < _SHORTEST_FOR_RANGE:
        reason = messages.say("reasons", "few_words", count=_SHORTEST_FOR_RANGE)
        return kinds.VOCABULARY_RANGE.unrated(reason, messages)
    value = (_mtld(said.tokens) + _mtld(said.tokens[::-1])) / 2
    return kinds.VOCABULARY_RANGE.grade(value, messages)


def _mtld(tokens: Sequence[str]) -> float:
    stretches = 0.0
    different: set[str] = set()
    length = 0
    for token in tokens:
        different.add(token)
        length += 1
        if len(different) / length <= _TYPE_TOKEN:
            stretches += 1
            different.clear()
            length = 0
    if length:
        stretches += (1 - len(different) / length) / (1 - _TYPE_TOKEN)
    return len(tokens) / stretches if stretches else float(len(tokens))


def _plain(said: Spoken) -> list[Word]:
    return [word for sentence in said.sentences for word in sentence.words if token_of(word.text)]


def _telling_words(said: Spoken, language: LanguagePack) -> int:
    """Words by which stumbles are counted: nobody speaks more clearly by saying nothing longer."""
    return len(telling(said, language).tokens) or len(said.tokens)


def _in_context(tokens: Sequence[str], language: LanguagePack) -> list[int]:
    """Places of words that fill here, though they have a meaning elsewhere."""
    return [
        place
        for place, token in enumerate(tokens)
        if token in language.filler_in_context
        and (place == 0 or tokens[place - 1] not in language.no_filler_after)
    ]


def _repeats(words: Sequence[Word], language: LanguagePack) -> list[Evidence]:
    """Runs of one to four words that are followed by themselves."""
    tokens = [token_of(word.text) for word in words]
    found: list[Evidence] = []
    place = 0
    while place < len(tokens):
        length = _repeat_at(tokens, place, language)
        if length:
            found.append(quote(words[place : place + 2 * length]))
        place += length or 1
    return found


def _repeat_at(tokens: Sequence[str], place: int, language: LanguagePack) -> int:
    """How many words at a place are said again right after, 0 for none."""
    for length in range(_LONGEST_REPEAT, 0, -1):
        first = tokens[place : place + length]
        if len(first) == length and first == tokens[place + length : place + 2 * length]:
            emphasis = length == 1 and first[0] in language.said_twice
            return 0 if emphasis else length
    return 0


def _broken_off(words: Sequence[Word]) -> list[Evidence]:
    """Words that a recogniser marks as cut short by a dash or dots in the middle of a sentence."""
    cut = [word.text.rstrip().endswith(("-", "—", "–", "...", "…")) for word in words]
    places = [place for place, is_cut in enumerate(cut[:-1]) if is_cut]
    return [quote(words[max(0, place - 2) : place + 1]) for place in places]
