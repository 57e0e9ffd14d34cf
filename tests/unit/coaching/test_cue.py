"""The quiet hint while somebody speaks: seldom, one at a time, and never flickering."""

from collections.abc import Iterable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from appliance.coaching.cue import Cue, CueTiming, LiveCue, Moment
from appliance.coaching.pace_limits import PACES


def fast(time_s: float) -> Moment:
    return Moment(time_s, speaking=True, pace_wpm=220.0, loudness_dbfs=-25.0, facing=True)


def well(time_s: float) -> Moment:
    return Moment(time_s, speaking=True, pace_wpm=140.0, loudness_dbfs=-25.0, facing=True)


def shown(cue: LiveCue, moments: Iterable[Moment]) -> list[Cue]:
    return [cue.update(moment) for moment in moments]


def test_nothing_is_hinted_at_while_all_is_well() -> None:
    assert set(shown(LiveCue(), (well(t) for t in range(200)))) == {Cue.NONE}


def test_what_is_fast_depends_on_the_language() -> None:
    def told(language: str) -> set[Cue]:
        cue = LiveCue(pace=PACES[language])
        return set(shown(cue, (replace(well(t), pace_wpm=170.0) for t in range(20))))

    assert told("en") == told("es") == {Cue.NONE}
    assert Cue.PACE in told("de")


def test_a_fast_speaker_is_told_after_some_seconds_and_not_at_once() -> None:
    told = shown(LiveCue(), (fast(t) for t in range(17)))
    assert told.index(Cue.PACE) == 10
    assert told[-1] is Cue.NONE


def test_the_beginning_of_an_answer_is_left_alone() -> None:
    assert set(shown(LiveCue(), (fast(t) for t in range(10)))) == {Cue.NONE}


def test_a_moment_beyond_the_limit_is_no_reason() -> None:
    cue = LiveCue()
    for t in range(0, 100, 3):
        assert cue.update(fast(t)) is Cue.NONE
        assert cue.update(well(t + 2)) is Cue.NONE


def test_a_hint_stays_between_its_two_limits() -> None:
    cue = LiveCue()
    assert shown(cue, (fast(t) for t in range(11)))[-1] is Cue.PACE
    between = Moment(11.0, speaking=True, pace_wpm=180.0)
    assert cue.update(between) is Cue.PACE
    assert cue.update(well(12.0)) is Cue.NONE


def test_after_a_hint_there_is_quiet_for_a_while() -> None:
    told = shown(LiveCue(), (fast(t) for t in range(60)))
    begins = [t for t in range(1, 60) if told[t] is Cue.PACE and told[t - 1] is Cue.NONE]
    assert begins == [10, 36]


def test_who_is_not_heard_hears_of_that_first() -> None:
    cue = LiveCue()
    bad = [
        Moment(t, speaking=True, pace_wpm=220.0, loudness_dbfs=-55.0, facing=False)
        for t in range(12)
    ]
    assert shown(cue, bad)[-1] is Cue.VOLUME


def test_a_turned_head_is_hinted_at_only_while_speaking() -> None:
    thinking = (Moment(t, speaking=False, facing=False) for t in range(40))
    assert set(shown(LiveCue(), thinking)) == {Cue.NONE}
    talking = (Moment(t, speaking=True, facing=False) for t in range(12))
    assert shown(LiveCue(), talking)[-1] is Cue.FACING


def test_what_a_person_does_not_want_is_not_hinted_at() -> None:
    cue = LiveCue(leave_out=frozenset({Cue.PACE}))
    assert set(shown(cue, (fast(t) for t in range(100)))) == {Cue.NONE}


@given(
    st.lists(
        st.tuples(
            st.booleans(),
            st.none() | st.floats(0, 400),
            st.none() | st.floats(-90, 0),
            st.none() | st.booleans(),
        ),
        max_size=300,
    )
)
def test_whatever_happens_a_hint_is_short_and_the_next_far(
    moments: list[tuple[bool, float | None, float | None, bool | None]],
) -> None:
    timing = CueTiming()
    cue = LiveCue(timing)
    told = [cue.update(Moment(float(t), *moment)) for t, moment in enumerate(moments)]
    last_end = -timing.gap_s + timing.calm_s
    begun = 0
    for t, (before, now) in enumerate(zip([Cue.NONE, *told], told, strict=False)):
        if before is Cue.NONE and now is not Cue.NONE:
            assert t - last_end >= timing.gap_s
            begun = t
        if before is not Cue.NONE:
            assert now in {before, Cue.NONE}
            assert t - begun <= timing.shown_s
            if now is Cue.NONE:
                last_end = t
