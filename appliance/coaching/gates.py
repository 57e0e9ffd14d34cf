"""What must hold before an answer's content is judged at all.

A gate that closes says so in one kind sentence; nothing of the content is praised then.
"""

from collections.abc import Sequence
from statistics import fmean

from appliance.coaching.language import LanguagePack
from appliance.coaching.spoken import Spoken, find_phrases, telling
from appliance.coaching.tools import Tools
from appliance.domain.observations import Observations
from appliance.domain.report import Question

_SHORTEST = 12
"""Words that an answer has at least in sentences that say something: fewer are a sentence, not an
answer (our choice)."""

_LONGEST_REFUSAL = 35
"""Words of an answer that may be nothing but a refusal."""

_REFUSAL_REST = 5
"""Words with a meaning that may stand beside each way of declining in an answer that is nothing
else: a reason is no answer."""

_BABBLE = 0.3
"""Share of different words, among the first fifty, below which an answer is the same sounds again
and again (our choice). Speech of that length has twice as many."""

_BABBLE_WORDS = 50

_UNSURE = 0.5
"""Mean confidence of the recogniser under which its words are not trusted (our choice)."""

_KNOWN = 0.7
"""Share of its words that a real answer has in the dictionary at least; names lower it."""

_GRAMMAR = 0.2
"""Share of small words that speech has at least; running English has about half."""

_OTHER_LANGUAGE = 0.2
"""Share of the commonest words of another language from which an answer is in it."""

_REPEATED = 0.75
"""Share of an answer's meaning words that come from the question where it is only read back."""


def find_gate(
    seen: Observations, said: Spoken, question: Question | None, tools: Tools
) -> str | None:
    """The name of the first gate that an answer does not pass; None where it passes all.

    Args:
        seen: what perception found.
        said: the answer's words.
        question: that was asked, if it is known.
        tools: of the language.
    """
    if "words" in seen.missing or ("sound" in seen.missing and not said.tokens):
        return None  # nothing was recognised because nothing could be: each measure says why
    if not said.tokens:
        return "silence"
    babbles = _babbles(said.tokens)
    gates = {
        "unsure": _is_unsure(said),
        "refusal": _is_refusal(said.tokens, tools.language),
        "repeats_question": question is not None and _repeats(said.tokens, question, tools),
        "too_short": len(telling(said, tools.language).tokens) < _SHORTEST,
        "wrong_language": not babbles and _is_other_language(said.tokens, tools),
        "gibberish": babbles or _is_gibberish(said.tokens, tools),
    }
    return next((name for name, closed in gates.items() if closed), None)


def _is_unsure(said: Spoken) -> bool:
    return fmean(word.confidence for word in said.words) < _UNSURE


def _is_refusal(tokens: Sequence[str], language: LanguagePack) -> bool:
    """Whether an answer declines, and says nothing else that has a meaning."""
    found = list(find_phrases(tokens, language.refusals))
    if not found or len(tokens) > _LONGEST_REFUSAL:
        return False
    covered = {place + offset for place, phrase in found for offset in range(len(phrase.split()))}
    rest = [
        token
        for place, token in enumerate(tokens)
        if place not in covered and token not in language.stop_words
    ]
    # A single word, such as "pass", is part of many a story: only whole phrases add up.
    declined = {phrase for _, phrase in found if " " in phrase}
    return len(rest) <= _REFUSAL_REST * max(1, len(declined))


def _is_other_language(tokens: Sequence[str], tools: Tools) -> bool:
    own = _share(tokens, tools.language.stop_words)
    other = max(
        _share(tokens, words)
        for code, words in tools.common_words.items()
        if code != tools.language.code
    )
    return other >= _OTHER_LANGUAGE and other > own


def _babbles(tokens: Sequence[str]) -> bool:
    first = tokens[:_BABBLE_WORDS]
    return len(set(first)) / len(first) < _BABBLE


def _is_gibberish(tokens: Sequence[str], tools: Tools) -> bool:
    known = sum(
        token in tools.language.stop_words or tools.vocabulary.knows(token) for token in tokens
    ) / len(tokens)
    return known < _KNOWN or _share(tokens, tools.language.stop_words) < _GRAMMAR


def _repeats(tokens: Sequence[str], question: Question, tools: Tools) -> bool:
    """Whether next to nothing is said that the question did not say."""
    asked = set(_meaning(question.text.lower().replace("?", " ").replace(".", " ").split(), tools))
    told = _meaning(tokens, tools)
    if not told or not asked:
        return False
    return sum(word in asked for word in told) / len(told) >= _REPEATED


def _meaning(tokens: Sequence[str], tools: Tools) -> list[str]:
    stripped = (token.strip(",;:'\"") for token in tokens)
    return [
        tools.vocabulary.lemma(token)
        for token in stripped
        if token and token not in tools.language.stop_words
    ]


def _share(tokens: Sequence[str], words: frozenset[str]) -> float:
    return sum(token in words for token in tokens) / len(tokens)
