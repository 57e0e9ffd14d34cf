"""Progress along a person's own sessions."""

from typing import Literal

from appliance.domain.report import Advice, Band, Measure, Rating
from appliance.interview.progress import progress_of
from appliance.storage.practice_record import Attempt, SessionSummary

NOTHING = Advice(source="standard", model=None, strengths=(), next_steps=())


def attempt(structure: int | None, pace: float | None) -> Attempt:
    status: Literal["in_band", "unrated"] = "unrated" if pace is None else "in_band"
    band = Band(low=120, high=170, source="a book")
    return Attempt(
        question="team-goal",
        measures=(
            Measure(
                name="pace",
                title="Pace",
                value=pace,
                unit="words/min",
                band=band,
                status=status,
                reason=None if pace is not None else "Too short.",
                says="",
            ),
        ),
        ratings=(
            Rating(
                name="structure",
                title="Structure",
                value=structure,
                says="",
                reason=None if structure is not None else "Too short.",
                measures=(),
            ),
        ),
        advice=NOTHING,
    )


def session(day: int, *attempts: Attempt) -> SessionSummary:
    return SessionSummary(day=day, language="en", attempts=attempts)


def test_each_rating_and_measure_goes_along_all_attempts() -> None:
    progress = progress_of(
        [
            session(20_700, attempt(2, 180.0), attempt(3, None)),
            session(20_707, attempt(None, 150.0), attempt(4, 140.0)),
        ]
    )
    assert progress.days == (20_700, 20_707)
    assert progress.session_of == (0, 0, 1, 1)
    (structure,), (pace,) = progress.ratings, progress.measures
    assert (structure.title, structure.unit, structure.values) == (
        "Structure",
        "",
        (2.0, 3.0, None, 4.0),
    )
    assert (pace.title, pace.unit, pace.values) == (
        "Pace",
        "words/min",
        (180.0, None, 150.0, 140.0),
    )
    assert (structure.last, pace.last) == (4.0, 140.0)


def test_what_is_usual_is_the_median_of_the_sessions_before_and_needs_three() -> None:
    few = progress_of([session(1, attempt(2, 1.0), attempt(4, 1.0)), session(2, attempt(5, 1.0))])
    assert few.ratings[0].usual is None
    enough = progress_of(
        [
            session(1, attempt(1, 1.0), attempt(4, 1.0)),
            session(2, attempt(None, 1.0), attempt(2, 1.0)),
            session(3, attempt(5, 1.0)),
        ]
    )
    assert enough.ratings[0].usual == 2.0


def test_what_never_had_a_value_is_not_shown_and_nothing_is_no_fault() -> None:
    assert progress_of([session(1, attempt(None, None))]).ratings == ()
    nothing = progress_of([])
    assert (nothing.days, nothing.ratings, nothing.measures) == ((), (), ())
    assert progress_of([session(1)]).session_of == ()
