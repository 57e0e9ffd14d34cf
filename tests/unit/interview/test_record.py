"""What of a session is kept: without the person's words, unless they ticked that."""

from appliance.coaching.question_bank import find_question, load_questions
from appliance.domain.report import Report
from appliance.interview.record import summary_of
from tests.answers import answer, said_at
from tests.coaches import coach_of

TEXT = (
    "Last summer I worked in a bike shop in Leeds. The card machine broke with eleven people in "
    "the queue. I wrote the names of nine customers in a notebook and asked the bakery for help. "
    "In the end nobody left, and my manager still keeps that notebook under the till."
)


def report() -> Report:
    question = find_question(load_questions("en"), "solved-problem")
    return coach_of().report(answer(said=said_at(TEXT)), source="booth", question=question)


def test_without_a_tick_no_three_words_in_a_row_are_kept() -> None:
    told = report()
    assert any("notebook" in item.text for item in told.advice.strengths), "advice quotes"
    kept = summary_of((told,), 1, "en", transcript=False).model_dump_json()
    words = TEXT.split()
    for place in range(len(words) - 2):
        assert " ".join(words[place : place + 3]) not in kept


def test_ratings_and_what_advice_rests_on_are_kept() -> None:
    told = report()
    (attempt,) = summary_of((told,), 1, "en", transcript=False).attempts
    assert [one.value for one in attempt.ratings] == [one.value for one in told.ratings]
    assert [item.measure for item in attempt.advice.strengths] == [
        item.measure for item in told.advice.strengths
    ]
    assert all(item.text for item in attempt.advice.strengths)


def test_with_a_tick_everything_is_kept() -> None:
    (attempt,) = summary_of((report(),), 1, "en", transcript=True).attempts
    assert attempt.transcript == TEXT
    assert attempt.advice == report().advice
