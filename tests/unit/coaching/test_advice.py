"""Strengths first, at most two; then at most two next steps; nothing for nothing."""

from appliance.coaching.advice import standard_advice
from appliance.coaching.delivery import measure_delivery
from appliance.domain.observations import FilledPause, Span
from tests.answers import answer, looks, words


def test_a_good_answer_hears_two_strengths_and_no_next_step() -> None:
    advice = standard_advice(measure_delivery(answer()))
    assert [item.measure for item in advice.strengths] == ["filled_pauses", "pace"]
    assert advice.next_steps == ()
    assert (advice.source, advice.model) == ("standard", None)


def test_the_most_telling_next_steps_come_first_and_only_two() -> None:
    said = words(400, 240)
    seen = answer(
        [Span(0, 100)],
        said,
        [FilledPause(i, i + 0.3, "sound", "um", 0.9) for i in range(40)],
        looks(100, away=[Span(0, 90)]),
    )
    advice = standard_advice(measure_delivery(seen))
    assert [item.measure for item in advice.next_steps] == ["filled_pauses", "pace"]
    assert len(advice.next_steps[0].evidence) == 3


def test_silence_earns_no_praise() -> None:
    assert standard_advice(measure_delivery(answer([], ()))).strengths == ()


def test_a_hum_without_words_earns_no_praise() -> None:
    assert standard_advice(measure_delivery(answer(said=()))).strengths == ()
