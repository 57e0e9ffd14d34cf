"""What words for feedback may and may not say in a language, read from `words/`."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

import tomli

from appliance.coaching.question_bank import load_questions
from appliance.coaching.tools import Tools
from appliance.domain.errors import WrongUsageError

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


def words_in(text: str) -> list[str]:
    """The words of a text as they are written, without punctuation."""
    return _WORD.findall(text.replace("’", "'"))


@dataclass(frozen=True, slots=True)
class WordLists:
    """Lists of one language; `words/en.toml` says what each is for.

    Attributes:
        banned: words and phrases that are never said.
        not_in_strengths: words that turn praise around.
        not_in_next_steps: words that only blame.
        commands: words of whoever speaks to the booth in the middle of an answer.
        first_person: words by which the booth would speak of itself.
        topics: words by which each measure is spoken of.
        numbers: digits of number words.
        reasons: what a model is told, by the name of the complaint.
        supported: dictionary forms that coaching itself uses, and plain ones, which claim nothing.
        common: words that are written small somewhere, so that they are no names.
    """

    banned: tuple[str, ...]
    not_in_strengths: tuple[str, ...]
    not_in_next_steps: tuple[str, ...]
    commands: tuple[str, ...]
    first_person: frozenset[str]
    topics: Mapping[str, frozenset[str]]
    numbers: Mapping[str, str]
    reasons: Mapping[str, str]
    supported: frozenset[str]
    common: frozenset[str]


def load_word_lists(tools: Tools) -> WordLists:
    """Read the lists of a language.

    Args:
        tools: of that language.

    Raises:
        WrongUsageError: there are none.
    """
    language = tools.language.code
    table = _table("ollama/words", language)
    said = words_in(" ".join(_texts(_table("messages", language))))
    asked = words_in(" ".join(_bank(language)))
    small = (*said, *asked) if language == "de" else (w for w in (*said, *asked) if w.islower())
    topics = table["topics"]
    return WordLists(
        banned=tuple(table["banned"]),
        not_in_strengths=tuple(table["not_in_strengths"]),
        not_in_next_steps=tuple(table["not_in_next_steps"]),
        commands=tuple(table["commands"]),
        first_person=frozenset(table["first_person"]),
        topics={name: frozenset(words) for name, words in topics.items()},
        numbers=table["numbers"],
        reasons=table["reasons"],
        supported=frozenset(tools.vocabulary.lemma(word.lower()) for word in said)
        | frozenset(table["plain"]),
        common=frozenset(word.lower() for word in small) | tools.language.stop_words,
    )


def _table(folder: str, language: str) -> dict[str, Any]:
    path = resources.files("appliance.coaching") / folder / f"{language}.toml"
    if not path.is_file():
        raise WrongUsageError(f"There are no words for feedback in the language '{language}'.")
    return tomli.loads(path.read_text(encoding="utf-8"))


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def _bank(language: str) -> Iterable[str]:
    """What questions and their reference answers say."""
    for question in load_questions(language):
        yield from (question.text, question.shows or "")
        yield from (one.text for one in question.references)
        if question.follow_ups is not None:
            yield from question.follow_ups.model_dump().values()
