"""Which day it is, on a machine whose clock may be wrong by years."""

from collections.abc import Callable

DAY_S = 86_400.0
WEEK_DAYS = 7

_EARLIEST = 20_000
"""Days since 1970: in October 2024 there was no booth yet."""

_LONGEST_OFF = 366
"""A booth that was off for longer than this was not: its clock is wrong."""


class Calendar:
    """Counts days since 1970 from what the clock said at the start, and then by a steady clock.

    So a clock that jumps while the booth runs changes nothing. At the start a clock that stands
    before the last day that was seen, or more than a year after it, is not believed; the days are
    then counted from the last that was seen.

    Args:
        wall: seconds since 1970, which may be anything.
        steady: monotonic seconds.
        last_seen: the last day that was seen before; None where none was.
    """

    def __init__(
        self, wall: Callable[[], float], steady: Callable[[], float], last_seen: int | None
    ) -> None:
        self._steady = steady
        self._began_s = steady()
        told = wall() / DAY_S
        if last_seen is None:
            self._first = max(told, float(_EARLIEST))
        elif last_seen <= told <= last_seen + _LONGEST_OFF:
            self._first = told
        else:
            self._first = float(last_seen)

    def today(self) -> int:
        """Days since 1970."""
        return int(self._first + (self._steady() - self._began_s) / DAY_S)
