"""Whether a host is worth asking: a circuit breaker with a half-open probe.

After Michael Nygard, "Release It!" (2007): a host that failed twice in a row is left alone for a
while; then one caller may try it, and what becomes of that decides for all.
"""

import threading
from collections.abc import Callable

_FAILURES = 2
"""Failures in a row that open it."""

_REST_S = 15.0
"""How long it stays open the first time; twice as long after each probe that fails."""

_LONGEST_REST_S = 240.0


class Breaker:
    """Counts the failures of one host. Threads may share it.

    Args:
        clock: monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._rest_s = _REST_S
        self._open_until_s: float | None = None
        self._probing = False

    @property
    def is_open(self) -> bool:
        """Whether the host is left alone now."""
        with self._lock:
            return self._is_resting()

    def admits(self) -> bool:
        """Whether a caller may ask now; they then must say how it went, by one of the others."""
        with self._lock:
            if self._open_until_s is None:
                return True
            if self._is_resting() or self._probing:
                return False
            self._probing = True
            return True

    def succeeded(self) -> None:
        """The host did what it was asked."""
        with self._lock:
            self._failures, self._rest_s = 0, _REST_S
            self._open_until_s, self._probing = None, False

    def failed(self) -> None:
        """The host did not."""
        with self._lock:
            self._failures += 1
            if self._probing:
                self._rest_s = min(2 * self._rest_s, _LONGEST_REST_S)
            if self._failures >= _FAILURES:
                self._open_until_s = self._clock() + self._rest_s
            self._probing = False

    def given_up(self) -> None:
        """Nobody waits for the host's answer any more, which says nothing of the host."""
        with self._lock:
            self._probing = False

    def _is_resting(self) -> bool:
        return self._open_until_s is not None and self._clock() < self._open_until_s
