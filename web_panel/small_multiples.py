"""Small multiples: where the lines and dots of each series are, in a picture of one size."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from appliance.interview.progress import Series

WIDTH, HEIGHT = 240, 56
_EDGE = 8.0
"""Room around, so that no dot is cut."""

_SESSION_GAP = 0.6
"""Between two sessions, in steps from one attempt to the next."""

_LOWEST_RATING, _HIGHEST_RATING = 1.0, 5.0
_MARGIN = 0.15
"""Of a measure's own range, above and below."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One series, drawn.

    Attributes:
        series: what is drawn.
        lines: points of lines, as SVG writes them; a line ends where an attempt is not rated.
        dots: places of the values.
        unrated: x of attempts that are not rated.
        usual_y: of the line of what is usual; None where nothing is.
    """

    series: Series
    lines: tuple[str, ...]
    dots: tuple[tuple[float, float], ...]
    unrated: tuple[float, ...]
    usual_y: float | None


def drawn(series: Iterable[Series], session_of: Sequence[int]) -> tuple[Picture, ...]:
    """A picture of each series, all alike.

    Args:
        series: to be drawn.
        session_of: for each attempt the number of its session.
    """
    return tuple(draw(one, session_of) for one in series)


def draw(series: Series, session_of: Sequence[int]) -> Picture:
    """A series as a picture of `WIDTH` by `HEIGHT`.

    Args:
        series: ratings where it has no unit, else a measure.
        session_of: for each attempt the number of its session.
    """
    low, high = _range(series)

    def y_of(value: float) -> float:
        share = (value - low) / (high - low)
        return round(HEIGHT - _EDGE - share * (HEIGHT - 2 * _EDGE), 1)

    places = list(zip(_across(session_of), series.values, strict=True))
    runs = groupby(places, key=lambda place: place[1] is not None)
    rated = [
        [(x, y_of(value)) for x, value in run if value is not None] for there, run in runs if there
    ]
    return Picture(
        series=series,
        lines=tuple(" ".join(f"{x},{y}" for x, y in run) for run in rated if len(run) > 1),
        dots=tuple(dot for run in rated for dot in run),
        unrated=tuple(x for x, value in places if value is None),
        usual_y=None if series.usual is None else y_of(series.usual),
    )


def _range(series: Series) -> tuple[float, float]:
    """What the picture reaches from and to: all five steps, or the person's own values."""
    if not series.unit:
        return _LOWEST_RATING, _HIGHEST_RATING
    known = [value for value in (*series.values, series.usual) if value is not None]
    low, high = min(known), max(known)
    margin = _MARGIN * (high - low) or 1.0
    return low - margin, high + margin


def _across(session_of: Sequence[int]) -> list[float]:
    """The x of each attempt; sessions stand a little apart."""
    steps = [number + _SESSION_GAP * session for number, session in enumerate(session_of)]
    last = steps[-1] if steps else 0.0
    if last == 0.0:
        return [WIDTH / 2] * len(steps)
    return [round(_EDGE + step / last * (WIDTH - 2 * _EDGE), 1) for step in steps]
