"""What a person is told about how they spoke, from facts alone."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.coaching import delivery
from appliance.coaching.messages import load_messages
from appliance.domain.observations import FilledPause, Observations, Span
from appliance.domain.report import Measure
from tests.answers import answer, looks, track, words

ENGLISH = load_messages("en")

_SILENT_FILM = "The recording has no sound."


@pytest.mark.parametrize(
    ("language", "per_minute", "status"),
    [
        ("en", 150, "in_band"),
        ("de", 150, "above"),
        ("es", 150, "in_band"),
        ("en", 85, "below"),
        ("de", 85, "in_band"),
        ("es", 85, "below"),
    ],
)
def test_german_words_are_longer_and_fewer_of_them_are_no_slower(
    language: str, per_minute: float, status: str
) -> None:
    said = words(100, per_minute)
    measure = delivery.pace(answer([Span(0.0, said[-1].end_s)], said), load_messages(language))
    assert measure.status == status


def test_two_words_a_second_is_in_the_band_for_pace() -> None:
    measure = delivery.pace(answer(), ENGLISH)
    assert measure.value == pytest.approx(120)
    assert measure.status == "in_band"


@pytest.mark.parametrize(
    ("per_minute", "status"),
    [(99, "below"), (100, "in_band"), (165, "in_band"), (166, "above"), (220, "above")],
)
def test_the_ends_of_the_band_for_pace_belong_to_it(per_minute: float, status: str) -> None:
    said = words(100, per_minute)
    measure = delivery.pace(answer([Span(0.0, said[-1].end_s)], said), ENGLISH)
    assert measure.value == pytest.approx(per_minute)
    assert measure.status == status


def test_thinking_for_three_seconds_does_not_count_as_speaking_slowly() -> None:
    thoughtful = answer([Span(0, 30), Span(33, 63)], words(60) + words(60, start_s=33))
    assert delivery.pace(thoughtful, ENGLISH).value == pytest.approx(120)


def test_ordinary_pauses_count_as_talk() -> None:
    measured = delivery.pace(answer([Span(0, 30), Span(31, 61)], words(120)), ENGLISH)
    assert measured.value == pytest.approx(60 * 120 / 61)


def test_an_um_that_was_written_down_is_no_word() -> None:
    filled = [FilledPause(5 + i, 5.4 + i, "transcript", "um", 0.9) for i in range(20)]
    assert delivery.pace(answer(filled=filled), ENGLISH).value == pytest.approx(100)


def test_a_few_words_are_too_short_to_have_a_pace() -> None:
    measure = delivery.pace(answer([Span(0, 2)], words(4)), ENGLISH)
    assert measure.value is None
    assert measure.status == "unrated"
    assert measure.reason is not None
    assert "Too short" in measure.reason


def test_each_um_is_counted_and_shown_with_its_place() -> None:
    filled = [FilledPause(5 + i, 5.4 + i, "sound", "um", 0.9) for i in range(6)]
    measure = delivery.filled_pauses(answer(filled=filled), ENGLISH)
    assert measure.value == pytest.approx(5.0)
    assert measure.status == "above"
    assert [place.start_s for place in measure.evidence] == [5, 6, 7, 8, 9, 10]
    assert {place.quote for place in measure.evidence} == {"um"}


def test_no_um_at_all_is_said_so() -> None:
    measure = delivery.filled_pauses(answer(), ENGLISH)
    assert (measure.value, measure.status) == (0, "in_band")
    assert "no filled pauses" in measure.says


@pytest.mark.parametrize(
    ("speech", "says"),
    [
        ([Span(0, 60)], "You did not pause."),
        ([Span(0, 30), Span(30.5, 60)], "You paused once, for 0.5 seconds."),
        (
            [Span(0, 20), Span(20.5, 40), Span(41.5, 60)],
            "You paused 2 times, typically for 1.0 seconds.",
        ),
    ],
)
def test_pauses_are_told_in_plain_words(speech: list[Span], says: str) -> None:
    assert delivery.pauses(answer(speech), ENGLISH).says == says


def test_pauses_of_a_quarter_second_or_less_are_articulation() -> None:
    speech = [Span(0, 10), Span(10.25, 20), Span(20.26, 30), Span(31, 60)]
    measure = delivery.pauses(answer(speech), ENGLISH)
    assert measure.value == pytest.approx(2)
    assert [place.start_s for place in measure.evidence] == [20, 30]
    assert measure.band is None
    assert measure.reason is not None


def test_a_long_pause_is_listed_with_the_words_before_it() -> None:
    said = words(60) + words(54, start_s=33)
    measure = delivery.long_pauses(answer([Span(0, 30), Span(33, 60)], said), ENGLISH)
    assert [(place.start_s, place.end_s) for place in measure.evidence] == [(30, 33)]
    assert measure.evidence[0].quote == "word56 word57 word58 word59"
    assert measure.status == "in_band"


def test_two_seconds_exactly_is_not_yet_a_long_pause() -> None:
    assert delivery.long_pauses(answer([Span(0, 30), Span(32, 60)]), ENGLISH).value == 0


def test_one_long_pause_in_a_short_answer_is_no_habit() -> None:
    measure = delivery.long_pauses(answer([Span(0, 5), Span(8, 12)]), ENGLISH)
    assert measure.value == pytest.approx(1)
    assert measure.status == "in_band"


@pytest.mark.parametrize(
    ("level", "status"), [(-50.0, "below"), (-24.0, "in_band"), (-5.0, "above")]
)
def test_loudness_is_the_level_of_the_voice(level: float, status: str) -> None:
    seen = replace(answer(), prosody=(track(Span(0, 60), 120.0, level),))
    measure = delivery.loudness(seen, ENGLISH)
    assert measure.value == pytest.approx(level)
    assert measure.status == status


def test_one_note_is_below_the_band_for_pitch_and_a_melody_within() -> None:
    flat = replace(answer(), prosody=(track(Span(0, 60), 120.0),))
    assert delivery.pitch_variation(flat, ENGLISH).value == pytest.approx(0)
    assert delivery.pitch_variation(flat, ENGLISH).status == "below"
    melody = replace(answer(), prosody=(track(Span(0, 60), tuple(90 + i for i in range(90))),))
    assert delivery.pitch_variation(melody, ENGLISH).status == "in_band"


def test_a_few_octave_errors_do_not_make_a_flat_voice_lively() -> None:
    pitches = (120.0,) * 39 + (240.0,)
    seen = replace(answer(), prosody=(track(Span(0, 60), pitches),))
    assert delivery.pitch_variation(seen, ENGLISH).value == pytest.approx(0, abs=0.01)


def test_the_same_melody_counts_the_same_for_a_high_and_a_low_voice() -> None:
    low = tuple(100 * 2 ** (i / 60) for i in range(24))
    spread = [
        delivery.pitch_variation(
            replace(answer(), prosody=(track(Span(0, 60), tuple(octave * p for p in low)),)),
            ENGLISH,
        ).value
        for octave in (1, 2)
    ]
    assert spread[0] == pytest.approx(spread[1])


def test_looking_away_lowers_the_share_and_is_shown_with_its_place() -> None:
    measure = delivery.facing_camera(answer(faces=looks(60, away=[Span(10, 25)])), ENGLISH)
    assert measure.value == pytest.approx(75)
    assert measure.evidence[0].start_s == pytest.approx(10)
    assert measure.evidence[0].end_s == pytest.approx(25)


def test_out_of_view_is_not_taken_for_turned_away() -> None:
    measure = delivery.facing_camera(answer(faces=looks(60, hidden=[Span(45, 60)])), ENGLISH)
    assert measure.value == pytest.approx(100)
    assert measure.evidence == ()
    assert "out of view 25% of the time" in measure.says


def test_a_face_that_is_hardly_in_view_is_not_rated() -> None:
    measure = delivery.facing_camera(answer(faces=looks(60, hidden=[Span(0, 40)])), ENGLISH)
    assert measure.value is None
    assert measure.reason is not None
    assert "in view only 33%" in measure.reason
    unseen = delivery.facing_camera(answer(faces=looks(60, hidden=[Span(0, 60)])), ENGLISH)
    assert unseen.reason == "We did not see a face."


def test_a_picture_of_a_part_does_not_stand_for_the_whole_answer() -> None:
    measure = delivery.facing_camera(answer(faces=looks(12)), ENGLISH)
    assert measure.reason == "The picture shows less than half of the answer."


def test_only_looks_during_the_answer_count() -> None:
    seen = answer([Span(20, 40)], faces=looks(60, away=[Span(0, 20), Span(41, 60)]))
    assert delivery.facing_camera(seen, ENGLISH).value == pytest.approx(100)


@pytest.mark.parametrize(
    ("seconds", "status"), [(29, "below"), (30, "in_band"), (120, "in_band"), (121, "above")]
)
def test_length_is_from_the_first_sound_to_the_last(seconds: float, status: str) -> None:
    measure = delivery.answer_length(answer([Span(5, 6), Span(4 + seconds, 5 + seconds)]), ENGLISH)
    assert measure.value == pytest.approx(seconds)
    assert measure.status == status


def _by_name(seen: Observations) -> dict[str, Measure]:
    return {measure.name: measure for measure in delivery.measure_delivery(seen, ENGLISH)}


def test_without_sound_everything_heard_is_unrated_with_that_reason() -> None:
    measures = _by_name(answer([], (), missing={"sound": _SILENT_FILM}, faces=looks(10)))
    heard = set(measures) - {"facing_camera"}
    assert {measures[name].reason for name in heard} == {_SILENT_FILM}
    assert measures["facing_camera"].status == "in_band"


def test_without_a_picture_facing_alone_is_unrated() -> None:
    measures = _by_name(answer(faces=(), missing={"picture": "The recording has no picture."}))
    assert measures["facing_camera"].reason == "The recording has no picture."
    assert measures["pace"].status == "in_band"


def test_a_silent_clip_is_said_to_hold_no_speech() -> None:
    measures = _by_name(answer([], ()))
    assert {m.reason for n, m in measures.items() if n != "facing_camera"} == {
        "We heard no speech."
    }


def test_a_voice_without_words_has_no_pace_but_a_length() -> None:
    measures = _by_name(answer(said=()))
    assert measures["pace"].reason == "We heard a voice but understood no words."
    assert measures["answer_length"].value == pytest.approx(60)


@given(
    gaps=st.lists(st.floats(0.05, 5), min_size=1, max_size=12),
    said=st.integers(0, 60),
    face_seconds=st.floats(0, 20),
)
def test_every_measure_has_a_value_or_a_reason_and_never_judges_without_a_band(
    gaps: list[float], said: int, face_seconds: float
) -> None:
    speech, time_s = [], 0.0
    for gap in gaps:
        speech.append(Span(time_s, time_s + 1))
        time_s += 1 + gap
    for measure in delivery.measure_delivery(
        answer(speech, words(said), faces=looks(face_seconds)), ENGLISH
    ):
        assert (measure.value is None) <= (measure.status == "unrated")
        assert (measure.status == "unrated") == (measure.reason is not None)
        assert measure.says.endswith(".")
