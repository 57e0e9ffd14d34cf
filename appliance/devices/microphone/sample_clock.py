"""When a sample was taken: by counting samples, kept near the clock."""

from collections import deque

_LOOKED_AT = 10
"""Blocks, one second. A block may be handed over late, never early; so the least late one tells."""

_LOST_S = 0.1
"""Sound that is later than this for a whole second is later because some before it was lost."""

_CORRECTION = 0.01
"""Share of the difference that each block mends: sound cards run up to 0.01% fast or slow."""


class SampleClock:
    """Stamps blocks that come one after the other.

    Args:
        rate_hz: samples a second.
    """

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._next_s: float | None = None
        self._late_s: deque[float] = deque(maxlen=_LOOKED_AT)

    def stamp(self, count: int, about_s: float, *, lost: bool) -> tuple[float, bool]:
        """Tell when a block's first sample was taken, and whether sound is missing before it.

        Args:
            count: samples in the block.
            about_s: when the first one was taken, as far as its arrival tells.
            lost: the driver says that sound before it was lost.
        """
        start_s, gap = self._start(about_s, lost=lost)
        self._next_s = start_s + count / self._rate_hz
        return start_s, gap

    def _start(self, about_s: float, *, lost: bool) -> tuple[float, bool]:
        if self._next_s is None:
            return about_s, False
        late_s = about_s - self._next_s
        if lost:
            self._late_s.clear()
            return self._next_s + max(0.0, late_s), True
        self._late_s.append(late_s)
        if len(self._late_s) < _LOOKED_AT:
            return self._next_s, False
        least_s = min(self._late_s)
        if least_s > _LOST_S:
            self._late_s.clear()
            return self._next_s + least_s, True
        mended_s = _CORRECTION * least_s
        self._late_s = deque((late_s - mended_s for late_s in self._late_s), _LOOKED_AT)
        return self._next_s + mended_s, False
