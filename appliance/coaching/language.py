"""What depends on the language of an interview, read from `lexicons/`."""

from collections.abc import Sequence
from pathlib import Path

import tomli
from pydantic import BaseModel, ConfigDict

from appliance.domain.errors import WrongUsageError

Phrases = tuple[str, ...]

_STATE_WORDS = 3
"""How far before a past form the word stands that makes a state of it: "feels valued and heard"."""

_LEXICONS = Path(__file__).parent / "lexicons"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Cues(_Part):
    """Phrases that mark a part of a story, by part."""

    situation: Phrases
    task: Phrases
    action: Phrases
    result: Phrases


class Details(_Part):
    """What makes an answer concrete, and what makes it empty.

    Attributes:
        numerals: numbers as words, and amounts; no articles ("one", "ein") and no ordinals.
        number_parts: what stands beside numerals in numbers of more words than one.
        abstract_endings: endings of words for what cannot be seen or touched.
        vague_words: dictionary forms that name nothing in particular.
        time_words: days, months, parts of the day, units of time.
        buzzwords: empty phrases of job talk.
    """

    numerals: frozenset[str]
    number_parts: frozenset[str]
    time_words: frozenset[str]
    buzzwords: Phrases
    abstract_endings: Phrases
    vague_words: frozenset[str]

    def is_number(self, token: str) -> bool:
        """Whether a word is a number, written alone or together: "elf", "twenty-one"."""
        if token in self.numerals:
            return True
        parts = self.numerals | self.number_parts
        longest = max(map(len, parts))
        # For each place: whether number words lead there with (True) or without (False) a numeral.
        reached: list[set[bool]] = [set() for _ in range(len(token) + 1)]
        reached[0].add(False)
        for start, ways in enumerate(reached):
            for end in range(start + 1, min(start + longest, len(token)) + 1) if ways else ():
                part = token[start:end]
                if part in parts:
                    reached[end] |= {way or part in self.numerals for way in ways}
        return True in reached[-1]


class Past(_Part):
    """How a language tells of what happened.

    Attributes:
        words: past forms that do not end like the rest.
        endings: of past forms.
        not_past: words that end so and are none.
        not_after: words after which a past form tells of a state, or of no certain time.
    """

    words: frozenset[str]
    endings: Phrases
    not_past: frozenset[str]
    not_after: frozenset[str]

    def holds(self, tokens: Sequence[str]) -> bool:
        """Whether some words tell of what happened."""
        return any(
            self._is_form(token)
            and not self.not_after.intersection(tokens[max(0, place - _STATE_WORDS) : place])
            for place, token in enumerate(tokens)
        )

    def _is_form(self, token: str) -> bool:
        if token in self.words:
            return True
        return len(token) > 4 and token.endswith(self.endings) and token not in self.not_past


class Tone(_Part):
    """What helps to tell an attitude from a problem.

    Attributes:
        problem_words: name what went wrong in a story; they say nothing of the speaker's attitude.
        people_words: a hard word beside one of these is about people, or about work as a whole.
    """

    problem_words: frozenset[str]
    people_words: frozenset[str]


class LanguagePack(_Part):
    """Words of one language, lower case.

    Attributes:
        code: two letters, ISO 639-1.
        filled_pauses: spellings of "um" and its kin.
        open_ends: words with which no sentence ends.
        fillers: phrases that fill wherever they stand.
        filler_in_context: words that fill but after those of `no_filler_after`.
        no_filler_after: words after which a word of `filler_in_context` means something.
        said_twice: words that people say twice on purpose.
        stop_words: words that carry grammar rather than meaning.
        says_nothing: words that, alone with stop words, make up no sentence that says something.
        refusals: phrases by which somebody declines to answer.
        first_person: the speaker alone.
        first_person_plural: the speaker with others.
        clause_starts: phrases at which a clause begins where nothing else marks it.
        connectives: words that tie sentences together.
        joins: words with which a clause goes on with the sentence before it.
        asides: phrases by which somebody speaks to the booth about its rating.
        cues: phrases of the parts of a story.
        details: what is concrete, and what is empty.
        past: past forms; None where relevance, which needs them, cannot be measured anyway.
        tone: attitude against problem; None where no sentiment lexicon is there for the language.
    """

    code: str
    filled_pauses: frozenset[str]
    open_ends: frozenset[str]
    fillers: Phrases
    filler_in_context: frozenset[str] = frozenset()
    no_filler_after: frozenset[str] = frozenset()
    said_twice: frozenset[str]
    stop_words: frozenset[str]
    says_nothing: frozenset[str]
    refusals: Phrases
    first_person: frozenset[str]
    first_person_plural: frozenset[str]
    clause_starts: Phrases
    connectives: Phrases
    joins: frozenset[str]
    asides: Phrases
    cues: Cues
    details: Details
    past: Past | None = None
    tone: Tone | None = None


def known_languages() -> tuple[str, ...]:
    """The languages that have a pack, sorted."""
    return tuple(sorted(path.stem for path in _LEXICONS.glob("*.toml")))


def load_language(code: str) -> LanguagePack:
    """Read the pack of a language.

    Raises:
        WrongUsageError: there is no pack for it.
    """
    known = known_languages()
    if code not in known:
        raise WrongUsageError(
            f"There is no language pack '{code}'.", f"Choose one of: {', '.join(known)}."
        )
    table = tomli.loads((_LEXICONS / f"{code}.toml").read_text(encoding="utf-8"))
    return LanguagePack(code=code, **table)
