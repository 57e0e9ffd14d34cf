"""Which of the things that answers to a question often mention an answer mentions."""

from appliance.coaching import content_bands as kinds
from appliance.coaching.messages import Messages
from appliance.coaching.question_bank import BankQuestion
from appliance.coaching.spoken import Sentence, Spoken, find_phrases
from appliance.coaching.vocabulary import Vocabulary
from appliance.domain.report import Evidence, Measure


def keywords(
    said: Spoken, question: BankQuestion | None, vocabulary: Vocabulary, messages: Messages
) -> Measure:
    """Share of a question's groups of words of which at least one stands in the answer.

    Words are compared by their dictionary forms: "argued" meets "argue".
    """
    if question is None or not question.keywords:
        reason = "no_question" if question is None else "no_references"
        return kinds.KEYWORDS.unrated(messages.say("reasons", reason), messages)
    found = _coverage(said, question, vocabulary)
    return kinds.KEYWORDS.grade(
        100 * len(found) / len(question.keywords),
        messages,
        list(found.values()),
        found=len(found),
        of=len(question.keywords),
    )


def _coverage(said: Spoken, question: BankQuestion, vocabulary: Vocabulary) -> dict[str, Evidence]:
    """The first sentence that touches each group of words, by the group's name."""
    found: dict[str, Evidence] = {}
    for group in question.keywords:
        phrases = {" ".join(vocabulary.lemmas(phrase.split())) for phrase in group}
        for sentence in said.sentences:
            if _mentions(sentence, phrases, vocabulary):
                found[group[0]] = sentence.evidence.model_copy(update={"label": group[0]})
                break
    return found


def _mentions(sentence: Sentence, phrases: set[str], vocabulary: Vocabulary) -> bool:
    lemmas = vocabulary.lemmas(sentence.tokens)
    return next(find_phrases(lemmas, phrases), None) is not None
