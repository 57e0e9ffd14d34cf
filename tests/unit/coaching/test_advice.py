"""Strengths first, at most two; then at most two next steps; nothing for nothing."""

from appliance.coaching.advice import judged, standard_advice
from appliance.coaching.coach import Coach
from appliance.coaching.comparison import compared
from appliance.coaching.delivery import measure_delivery
from appliance.coaching.messages import load_messages
from appliance.coaching.question_bank import BankQuestion, find_question, load_questions
from appliance.domain.observations import FilledPause, Observations, Span
from appliance.domain.report import Advice, Gate, Report
from tests.answers import answer, looks, said_at, words
from tests.coaches import coach_of

ENGLISH = load_messages("en")

STORY = (
    "Last summer I worked in a bike shop in Leeds. On a Saturday in June our card machine broke "
    "with eleven people in the queue, and I had to keep them from leaving. I put a paper sign on "
    "the door, wrote the names and prices of nine customers in a notebook, and asked the bakery "
    "next door whether we could use their machine. In the end nobody left, we took about four "
    "hundred pounds, and my manager still keeps that notebook under the till."
)


def of_delivery(seen: Observations, gate: Gate | None = None) -> Advice:
    return standard_advice(judged(measure_delivery(seen, ENGLISH), (), gate=gate), ENGLISH)


def question(name: str = "solved-problem") -> BankQuestion:
    return find_question(load_questions("en"), name)


def report(text: str, coach: Coach | None = None, before: Report | None = None) -> Report:
    seen = answer(said=said_at(text))
    return (coach or coach_of()).report(seen, source="a", question=question(), before=before)


def test_a_good_delivery_hears_two_strengths_and_no_next_step() -> None:
    advice = of_delivery(answer())
    assert [item.measure for item in advice.strengths] == ["filled_pauses", "pace"]
    assert advice.next_steps == ()
    assert (advice.source, advice.model) == ("standard", None)


def test_the_most_telling_next_steps_come_first_and_only_two() -> None:
    seen = answer(
        [Span(0, 100)],
        words(400, 240),
        [FilledPause(i, i + 0.3, "sound", "um", 0.9) for i in range(40)],
        looks(100, away=[Span(0, 90)]),
    )
    advice = of_delivery(seen)
    assert [item.measure for item in advice.next_steps] == ["filled_pauses", "pace"]
    assert len(advice.next_steps[0].evidence) == 3


def test_silence_earns_no_praise() -> None:
    assert of_delivery(answer([], ())).strengths == ()


def test_a_hum_without_words_earns_no_praise() -> None:
    assert of_delivery(answer(said=())).strengths == ()


def test_behind_a_gate_nothing_is_praised_and_the_gate_is_the_next_step() -> None:
    advice = of_delivery(answer(), Gate(name="too_short", says="That was too short to judge."))
    assert advice.strengths == ()
    assert advice.next_steps[0].text == "That was too short to judge."


def test_a_good_story_is_praised_for_its_end_in_the_persons_own_words() -> None:
    advice = report(STORY).advice
    assert advice.strengths
    assert any("In the end nobody left" in item.text for item in advice.strengths)
    assert all(item.evidence for item in advice.strengths if item.measure == "structure")


def test_a_story_without_an_end_is_asked_for_one_beside_its_last_sentence() -> None:
    untold = STORY[: STORY.index("In the end")]
    advice = report(untold).advice
    step = next(item for item in advice.next_steps if item.measure == "structure")
    assert "wrote the names" in step.text or "I put a paper sign" in step.text
    assert advice.follow_up == question().follow_ups.result  # type: ignore[union-attr]


def test_the_same_answer_gets_the_same_words_again() -> None:
    assert report(STORY).advice == report(STORY).advice


def test_general_words_are_asked_for_a_moment_and_another_subject_for_the_question() -> None:
    general = report(
        "I solve problems all the time. I look at a problem calmly and then I find a solution."
    )
    assert "real" in general.advice.next_steps[0].text
    other = report(
        "The match was great on Saturday. They scored in the last minute and the keeper cried."
    )
    assert question().text in other.advice.next_steps[0].text


def test_what_got_worse_is_told_as_well() -> None:
    good = report(STORY)
    worse = report("I fixed a problem with a till once and it was all right after a while really.")
    assert "went down" in (compared(worse, good, ENGLISH).advice.comparison or "")


def test_a_second_attempt_is_compared_with_the_first() -> None:
    first = report("I fixed a problem with a till once and it was all right after a while really.")
    second = report(STORY, before=first)
    assert first.advice.comparison is None
    assert second.advice.comparison is not None
    assert "Concreteness" in second.advice.comparison
    assert "went up" in second.advice.comparison
    again = report(STORY, before=second)
    assert again.advice.comparison == "Your ratings are the same as in your attempt before."


def test_two_strengths_do_not_quote_the_same_sentence() -> None:
    told = (
        "At the depot the buses were late every day. I asked the drivers and moved two stops. "
        "In the end it went from forty complaints in May 2021 to three in June, and two stayed."
    )
    quoted = [item.evidence[0].quote for item in report(told).advice.strengths if item.evidence]
    assert quoted
    assert len(set(quoted)) == len(quoted)
