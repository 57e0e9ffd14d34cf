"""Whether an answer answers the question: is it about that, and does it tell something?

Nearness in meaning misranks when it is all there is: empty speech is near to every question, and a
good answer tells of something that no question names. So nearness only decides whether an answer is
about the question. How well it answers then follows from what it tells: something that was done,
and concrete details. Constants were fitted on the development half of the golden answers.
"""

from dataclasses import dataclass
from math import exp

import numpy as np

from appliance.coaching import content_bands as kinds
from appliance.coaching.embeddings import Embeddings
from appliance.coaching.meaning import Meaning
from appliance.coaching.question_bank import PARTS, BankQuestion
from appliance.coaching.spoken import spoken
from appliance.coaching.story_model import Probabilities
from appliance.coaching.structure import tells_what_was_done
from appliance.coaching.tools import Tools
from appliance.domain.observations import Transcript, Word
from appliance.domain.report import Measure

_ASKED = 0.5
"""What nearness to the question counts beside nearness to the nearest reference answer."""

_KEYWORDS = 0.4
"""What the share of keywords counts beside it."""

_ABOUT_IT = 0.45
"""The sum of all three at which an answer is as likely about the question as about another."""

_SHARPNESS = 0.03

_ENOUGH_DETAILS = 8.0
"""Concrete details that need no more."""

_TOLD_AT_LEAST, _DONE, _CONCRETE = 0.20, 0.40, 0.41
"""What an answer about the question reaches by that alone, by telling something that was done, and
by being concrete: the least squares of marks from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near an answer is to a question.

    Attributes:
        reference: cosine with the nearest of the reference answers.
        asked: cosine with the question.
        keywords: share of the question's groups of words that the answer touches.
    """

    reference: float
    asked: float
    keywords: float

    @property
    def about(self) -> float:
        """How likely the answer is about the question, 0 to 1."""
        total = self.reference + _ASKED * self.asked + _KEYWORDS * self.keywords
        return 1 / (1 + exp(-(total - _ABOUT_IT) / _SHARPNESS))


def relevance(
    meaning: Meaning,
    question: BankQuestion | None,
    touched: Measure,
    concrete: Measure,
    tools: Tools,
) -> Measure:
    """How well an answer answers the question, 0 to 100; the nearest sentence is its evidence.

    Args:
        meaning: of the answer.
        question: that was asked, if it is known.
        touched: the measure of keywords.
        concrete: the measure of details.
        tools: of the language.
    """
    messages = tools.messages
    if question is None:
        return kinds.RELEVANCE.unrated(messages.say("reasons", "no_question"), messages)
    if meaning.parts is None:
        return kinds.RELEVANCE.unrated(messages.say("reasons", "no_sentence_model"), messages)
    if not question.references:
        return kinds.RELEVANCE.unrated(messages.say("reasons", "no_references"), messages)
    near = nearness(meaning, question, touched, tools)
    cosines = meaning.sentences @ question_embeddings(question, tools).T
    return kinds.RELEVANCE.grade(
        100 * near.about * _told(meaning, meaning.parts, question, concrete, tools),
        messages,
        [meaning.said.sentences[int(cosines.max(axis=1).argmax())].evidence],
        asked=question.text,
    )


def nearness(meaning: Meaning, question: BankQuestion, touched: Measure, tools: Tools) -> Nearness:
    """How near an answer is to a question and its reference answers.

    Args:
        meaning: of the answer.
        question: that was asked; it has reference answers.
        touched: the measure of keywords.
        tools: of the language.
    """
    cosines = question_embeddings(question, tools) @ meaning.whole
    return Nearness(float(cosines[1:].max()), float(cosines[0]), (touched.value or 0.0) / 100)


def _told(
    meaning: Meaning,
    parts: Probabilities,
    question: BankQuestion,
    concrete: Measure,
    tools: Tools,
) -> float:
    """How much an answer tells: something that was done, and concrete details, 0 to 1.

    Where a story is asked for, details count as far as something was done: a recipe is full of
    them.
    """
    past = [tells_what_was_done(sentence, tools.language) for sentence in meaning.said.sentences]
    done = float((parts[:, PARTS.index("action")] * past).max())
    details = min(concrete.value or 0.0, _ENOUGH_DETAILS) / _ENOUGH_DETAILS
    if question.form == "story":
        details *= done
    return min(1.0, _TOLD_AT_LEAST + _DONE * done + _CONCRETE * details)


def question_embeddings(question: BankQuestion, tools: Tools) -> Embeddings:
    """float32 (4, 384): what the question and its three reference answers mean."""
    known = tools.references.get(question.id)
    if known is None:
        texts = (question.text, *(reference.text for reference in question.references))
        known = np.vstack([_whole(text, tools) for text in texts])
        tools.references[question.id] = known
    return known


def _whole(text: str, tools: Tools) -> Embeddings:
    words = tuple(Word(word, 0.0, 0.0, 1.0) for word in text.split())
    said = spoken(Transcript("text", tools.language.code, words), tools.language)
    return Meaning(said, tools).whole
