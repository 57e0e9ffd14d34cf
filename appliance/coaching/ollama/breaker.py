"""Whether a host is worth asking: a circuit breaker with a half-open probe.

After Michael Nygard, "Release It!" (2007): a host that failed twice in a row is left alone for a
while; then one caller may try it, and what becomes of that decides for all.
"""

import threading
from collections.abc import Callable
from typing import final

_FAILURES = 2
"""Failures in a row that open it."""

_REST_S = 15.0
"""How long it stays open the first time; twice as long after each probe that fails."""

_LONGEST_REST_S = 240.0

_LONGEST_PROBE_S = 240.0
"""Twice as long as anybody asks a host; whoever has said nothing by then never will."""


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
        self._probe: Trial | None = None
        self._probe_ends_s = 0.0

    @property
    def is_open(self) -> bool:
        """Whether nobody may ask the host now: it is left alone, or somebody else tries it."""
        with self._lock:
            return self._open_until_s is not None and (self._is_resting() or self._is_probed())

    def admit(self) -> "Trial | None":
        """Let a caller ask the host now; None where they may not."""
        with self._lock:
            trial = Trial(self._take)
            if self._open_until_s is not None:
                if self._is_resting() or self._is_probed():
                    return None
                self._probe = trial
                self._probe_ends_s = self._clock() + _LONGEST_PROBE_S
            return trial

    def _take(self, trial: "Trial", went_well: bool | None) -> None:
        """How a trial went; None where nobody can tell."""
        with self._lock:
            if went_well:
                self._failures, self._rest_s, self._open_until_s = 0, _REST_S, None
            elif went_well is not None:
                self._failures += 1
                if self._probe is trial:
                    self._rest_s = min(2 * self._rest_s, _LONGEST_REST_S)
                if self._failures >= _FAILURES:
                    self._open_until_s = self._clock() + self._rest_s
            if self._probe is trial:
                self._probe = None

    def _is_resting(self) -> bool:
        return self._open_until_s is not None and self._clock() < self._open_until_s

    def _is_probed(self) -> bool:
        return self._probe is not None and self._clock() < self._probe_ends_s


@final
class Trial:
    """One caller's turn at a host, as a context: who leaves it without a word has given it up.

    Args:
        take: told how it went, once; None where nobody can tell.
    """

    def __init__(self, take: "Callable[[Trial, bool | None], None]") -> None:
        self._take = take
        self._is_told = False

    def __enter__(self) -> "Trial":
        return self

    def __exit__(self, *_: object) -> None:
        """Nobody waits for the host's answer any more, which says nothing of the host."""
        self._tell(None)

    def succeeded(self) -> None:
        """The host did what it was asked."""
        self._tell(True)

    def failed(self) -> None:
        """The host did not."""
        self._tell(False)

    def _tell(self, went_well: bool | None) -> None:
        """Only the first word counts."""
        if not self._is_told:
            self._is_told = True
            self._take(self, went_well)
