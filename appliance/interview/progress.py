"""What a person's own record shows: each rating and measure along their attempts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from appliance.domain.report import Measure, Rating
from appliance.storage.practice_record import SessionSummary

MEASURES = (
    "pace",
    "filled_pauses",
    "long_pauses",
    "details",
    "pitch_variation",
    "facing_camera",
    "answer_length",
    "keywords",
)
"""What people work on; the rest is in the file that they can take with them."""

_FEWEST = 3
"""Attempts before the last session from which a person has something usual."""


@dataclass(frozen=True, slots=True)
class Series:
    """One rating or measure along all attempts.

    Attributes:
        title: what a person calls it.
        unit: of the values; empty for ratings.
        values: one for each attempt, in order; None where it was not rated.
        usual: median of the attempts before the last session; None where those are too few.
    """

    title: str
    unit: str
    values: tuple[float | None, ...]
    usual: float | None

    @property
    def last(self) -> float | None:
        """The newest value that there is."""
        return next((value for value in reversed(self.values) if value is not None), None)


@dataclass(frozen=True, slots=True)
class Progress:
    """All that a record shows.

    Attributes:
        days: of the sessions, in order, since 1970.
        session_of: for each attempt the number of its session, from 0.
        ratings: those that ever had a value.
        measures: likewise, of `MEASURES`.
    """

    days: tuple[int, ...]
    session_of: tuple[int, ...]
    ratings: tuple[Series, ...]
    measures: tuple[Series, ...]


def progress_of(summaries: Sequence[SessionSummary]) -> Progress:
    """A person's progress, beside nobody's but their own.

    Args:
        summaries: of their sessions, in order.
    """
    attempts = [attempt for one in summaries for attempt in one.attempts]
    session_of = tuple(
        number for number, one in enumerate(summaries) for _ in range(len(one.attempts))
    )
    before = session_of.index(session_of[-1]) if session_of else 0
    names = dict.fromkeys(rating.name for one in attempts for rating in one.ratings)
    ratings = (_series(name, [one.ratings for one in attempts], before) for name in names)
    measures = (_series(name, [one.measures for one in attempts], before) for name in MEASURES)
    return Progress(
        days=tuple(one.day for one in summaries),
        session_of=session_of,
        ratings=_with_values(ratings),
        measures=_with_values(measures),
    )


def _with_values(series: Iterable[Series]) -> tuple[Series, ...]:
    return tuple(one for one in series if one.last is not None)


def _series(
    name: str, attempts: Sequence[Sequence[Rating] | Sequence[Measure]], before: int
) -> Series:
    """One name along the attempts; the first `before` of them make what is usual."""
    found = [next((one for one in parts if one.name == name), None) for parts in attempts]
    values = tuple(None if one is None or one.value is None else float(one.value) for one in found)
    known = [value for value in values[:before] if value is not None]
    newest = next((one for one in reversed(found) if one is not None), None)
    return Series(
        title=newest.title if newest is not None else name,
        unit=newest.unit if isinstance(newest, Measure) else "",
        values=values,
        usual=median(known) if len(known) >= _FEWEST else None,
    )
