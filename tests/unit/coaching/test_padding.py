"""Nobody is rated better by going on without saying anything."""

from dataclasses import replace

import pytest

from appliance.coaching.language import load_language
from appliance.coaching.question_bank import load_questions
from appliance.coaching.spoken import spoken, telling
from appliance.domain.observations import Transcript
from tests.answers import said_at
from tests.coaches import coach_of
from tests.golden.marks import RATINGS, Golden, judge, load_golden, rating_of

BANK = load_questions("en")

PADDING = (
    "So yes. That is all. Thank you. So that was that. And that was it really. It was what it was."
)

SHORT = [
    one
    for one in load_golden("development")
    if one.gate == "none" and one.text.endswith(".") and len(one.text.split()) < 75
]


@pytest.mark.parametrize("one", SHORT, ids=lambda one: one.question)
def test_sentences_that_say_nothing_lift_no_rating(one: Golden) -> None:
    before, after = judge(coach_of(), BANK, (one, replace(one, text=f"{one.text} {PADDING}")))
    for name in RATINGS:
        was, now = rating_of(before, name), rating_of(after, name)
        assert now is None or was is None or now <= was, name


def test_a_word_does_not_become_an_answer_by_them() -> None:
    (report,) = judge(coach_of(), BANK, (replace(SHORT[0], text=f"Fine. {PADDING}"),))
    assert report.gate is not None
    assert report.gate.name == "too_short"


@pytest.mark.parametrize(
    ("language", "text", "kept"),
    [
        ("en", "It worked. So that was that, I think. Thank you.", "It worked."),
        ("de", "Es hat geklappt. Also das war es eigentlich. Vielen Dank.", "Es hat geklappt."),
        ("es", "Funcionó. Y eso es todo. Muchas gracias.", "Funcionó."),
    ],
)
def test_what_says_nothing_is_told_from_a_short_result(language: str, text: str, kept: str) -> None:
    pack = load_language(language)
    said = spoken(Transcript("x", language, said_at(text)), pack)
    assert telling(said, pack).text == kept
