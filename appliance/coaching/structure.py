"""The parts of a story: where it was, what had to be done, what was done, and what came of it."""

import numpy as np

from appliance.coaching import content_bands as kinds
from appliance.coaching.language import LanguagePack
from appliance.coaching.meaning import Meaning
from appliance.coaching.messages import Messages
from appliance.coaching.question_bank import PARTS, BankQuestion
from appliance.coaching.spoken import Sentence
from appliance.coaching.story_model import cue_counts
from appliance.coaching.tools import Tools
from appliance.domain.report import Measure

_LIKELY = {"situation": 0.5, "task": 0.7, "action": 0.5, "result": 0.7}
"""Probability from which a part is found.

The more sentences, the likelier one of them looks like a task or a result by chance; these two
came best on answers by a hand that had not written the model's examples (docs/coaching.md).
"""


def structure(meaning: Meaning, question: BankQuestion | None, tools: Tools) -> Measure:
    """How many of the four parts of a story are there, each with its sentence.

    Questions that ask for reasons have no story to look for.
    """
    messages = tools.messages
    if question is not None and question.form == "reasons":
        return kinds.STRUCTURE.unrated(messages.say("reasons", "for_reasons"), messages)
    found = find_parts(meaning, tools)
    evidence = [
        found[part].evidence.model_copy(update={"label": part}) for part in PARTS if part in found
    ]
    measure = kinds.STRUCTURE.grade(
        len(found),
        messages,
        evidence,
        says="says" if found else "says_none",
        found=_joined([part for part in PARTS if part in found], messages),
    )
    missing = [part for part in PARTS if part not in found]
    if not found or not missing:
        return measure
    more = messages.say("structure", "missing", missing=_joined(missing, messages))
    return measure.model_copy(update={"says": f"{measure.says} {more}"})


def find_parts(meaning: Meaning, tools: Tools) -> dict[str, Sentence]:
    """The sentence for each part that is there.

    Where the language tells what is past, an action is what the speaker did, and without one
    sentence of that kind there is no story: "I always give my best" is none.
    """
    likely = meaning.parts
    if likely is None:
        return _by_cues(meaning, tools)
    sentences = meaning.said.sentences
    done = np.array([tells_what_was_done(one, tools.language) for one in sentences])
    if not done.any():
        return {}
    likely = likely.copy()
    likely[~done, PARTS.index("action")] = 0.0
    best = likely.argmax(axis=0)
    return {
        part: sentences[int(best[column])]
        for column, part in enumerate(PARTS)
        if likely[best[column], column] >= _LIKELY[part]
    }


def tells_what_was_done(sentence: Sentence, language: LanguagePack) -> bool:
    """Whether it is about the speaker, alone or with others, and about what happened.

    Always so where the language cannot tell what is past.
    """
    if language.past is None:
        return True
    speakers = language.first_person | language.first_person_plural
    return bool(speakers.intersection(sentence.tokens)) and language.past.holds(sentence.tokens)


def _by_cues(meaning: Meaning, tools: Tools) -> dict[str, Sentence]:
    """Where meaning is not known: the sentence with most cues of a part."""
    counts = [(cue_counts(one, tools.language), one) for one in meaning.said.sentences]
    found = {}
    for part in PARTS:
        most, sentence = max(
            ((count[part], one) for count, one in counts), key=lambda pair: pair[0]
        )
        if most:
            found[part] = sentence
    return found


def _joined(parts: list[str], messages: Messages) -> str:
    """Parts in words: "where it was, what you did and what came of it"."""
    names = [messages.say("parts", part) for part in parts]
    if len(names) <= 1:
        return "".join(names)
    return messages.say("parts", "joined", first=", ".join(names[:-1]), last=names[-1])
