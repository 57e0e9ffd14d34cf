"""What an answer says: all measures of content in one call, and the gate before them."""

from dataclasses import dataclass

from appliance.coaching import content_bands as kinds
from appliance.coaching.details import details, empty_phrases, own_part
from appliance.coaching.fluency import measure_fluency
from appliance.coaching.gates import find_gate
from appliance.coaching.keywords import keywords
from appliance.coaching.meaning import Meaning
from appliance.coaching.messages import Messages
from appliance.coaching.question_bank import BankQuestion
from appliance.coaching.relevance import relevance
from appliance.coaching.spoken import Spoken, telling
from appliance.coaching.structure import structure
from appliance.coaching.tools import Tools
from appliance.domain.observations import Observations
from appliance.domain.report import Gate, Measure

_KINDS = (
    kinds.RELEVANCE,
    kinds.KEYWORDS,
    kinds.STRUCTURE,
    kinds.DETAILS,
    kinds.EMPTY_PHRASES,
    kinds.OWN_PART,
    kinds.FILLERS,
    kinds.RESTARTS,
    kinds.SENTENCE_LENGTH,
    kinds.CONNECTIVES,
    kinds.VOCABULARY_RANGE,
    kinds.CLOSING_TONE,
)


@dataclass(frozen=True, slots=True)
class Content:
    """What was found in an answer's words.

    Attributes:
        gate: that they did not pass; None where they are judged.
        measures: in the order in which a person reads them; all unrated behind a gate.
    """

    gate: Gate | None
    measures: tuple[Measure, ...]


def measure_content(
    seen: Observations, said: Spoken, question: BankQuestion | None, tools: Tools
) -> Content:
    """All measures of content.

    Args:
        seen: what perception found.
        said: the answer's words.
        question: that was asked, if it is known.
        tools: of the language.
    """
    messages = tools.messages
    name = find_gate(seen, said, question, tools)
    if name is not None:
        gate = Gate(name=name, says=messages.say("gates", name))
        return Content(gate, _unrated(gate.says, messages))
    if not said.tokens:
        reason = seen.missing.get("words") or seen.missing.get("sound") or ""
        return Content(None, _unrated(reason, messages))
    told = telling(said, tools.language)
    meaning = Meaning(told, tools)
    touched = keywords(told, question, tools.vocabulary, messages)
    concrete = details(told, tools.language, tools.vocabulary, messages)
    measures = (
        relevance(meaning, question, touched, concrete, tools),
        touched,
        structure(meaning, question, tools),
        concrete,
        empty_phrases(told, tools.language, messages),
        own_part(said, tools.language, messages),
        *measure_fluency(said, tools.language, messages),
        _closing_tone(said, tools),
    )
    return Content(None, measures)


def _closing_tone(said: Spoken, tools: Tools) -> Measure:
    if tools.tone is None:
        return kinds.CLOSING_TONE.unrated(
            tools.messages.say("reasons", "no_word_list"), tools.messages
        )
    return tools.tone.closing(said, tools.messages)


def _unrated(reason: str, messages: Messages) -> tuple[Measure, ...]:
    return tuple(kind.unrated(reason, messages) for kind in _KINDS)
