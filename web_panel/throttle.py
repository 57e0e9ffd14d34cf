"""How long somebody who guessed wrong must wait before the next guess."""

import math
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

Clock = Callable[[], float]

MOST_ADDRESSES = 256
_TOTAL_TIMES = 4


@dataclass(frozen=True, slots=True)
class _Pace:
    """How failures turn into waits.

    Attributes:
        free: failures in a row before there is a wait.
        first_wait_s: after the last of these; each further failure doubles it.
        longest_wait_s: no wait is longer, and each quiet stretch of this forgives one failure.
    """

    free: int
    first_wait_s: float
    longest_wait_s: float

    @property
    def most(self) -> int:
        """Failures that bring the longest wait; more are not counted."""
        doublings = math.ceil(math.log2(self.longest_wait_s / self.first_wait_s))
        return self.free + max(doublings, 0)

    def wait_s(self, failures: int) -> float:
        """After the last of so many failures."""
        if failures < self.free:
            return 0.0
        return min(self.first_wait_s * 2.0 ** (failures - self.free), self.longest_wait_s)


@dataclass(frozen=True, slots=True)
class _Failures:
    """Failures in a row.

    Attributes:
        count: how many, at the last one.
        last_s: when that was.
    """

    count: int = 0
    last_s: float = 0.0

    def left(self, pace: _Pace, now_s: float) -> int:
        """How many of them are not forgiven yet."""
        return max(self.count - int((now_s - self.last_s) // pace.longest_wait_s), 0)

    def one_more(self, pace: _Pace, now_s: float) -> "_Failures":
        return _Failures(min(self.left(pace, now_s) + 1, pace.most), now_s)

    def fewer(self, by: int) -> "_Failures":
        """The same without some, as though they had never been; no wait grows by that."""
        return _Failures(max(self.count - by, 0), self.last_s)

    def wait_s(self, pace: _Pace, now_s: float) -> float:
        return max(self.last_s + pace.wait_s(self.count) - now_s, 0.0)


class Throttle:
    """Counts failures of each address and of all together. Threads may share it.

    `free` failures in a row are followed by the first wait, and each further one doubles it, up to
    the longest. All addresses together have four times as many free failures, and then wait the
    same way: many addresses are of little use to somebody who guesses. Every `longest_wait_s`
    without a failure forgives one, so that in the long run nobody has more than one guess in that
    time, however they pace them, and no old mistake counts for ever.

    Whoever succeeds has their own failures forgiven, and those of others go on counting.

    Ask `wait_s`, try, and tell the outcome, with one attempt at a time: threads that all ask
    before the first has told its outcome would each get their try.

    Args:
        clock: monotonic seconds.
        free: failures in a row of one address before there is a wait.
        first_wait_s: the wait after the last of these.
        longest_wait_s: no wait is longer.
    """

    def __init__(
        self,
        clock: Clock,
        free: int = 5,
        first_wait_s: float = 30.0,
        longest_wait_s: float = 3600.0,
    ) -> None:
        self._clock = clock
        self._pace = _Pace(free, first_wait_s, longest_wait_s)
        self._total_pace = _Pace(free * _TOTAL_TIMES, first_wait_s, longest_wait_s)
        self._lock = threading.Lock()
        self._addresses: OrderedDict[str, _Failures] = OrderedDict()
        self._total = _Failures()

    def wait_s(self, who: str) -> float:
        """Seconds until an address may try; 0 when it may now.

        Args:
            who: the address.
        """
        now_s = self._clock()
        with self._lock:
            own = self._addresses.get(who, _Failures())
            return max(own.wait_s(self._pace, now_s), self._total.wait_s(self._total_pace, now_s))

    def failed(self, who: str) -> None:
        """An address guessed wrong.

        Args:
            who: the address.
        """
        now_s = self._clock()
        with self._lock:
            own = self._addresses.pop(who, _Failures())
            self._addresses[who] = own.one_more(self._pace, now_s)
            self._total = self._total.one_more(self._total_pace, now_s)
            if len(self._addresses) > MOST_ADDRESSES:
                self._addresses.popitem(last=False)

    def succeeded(self, who: str) -> None:
        """An address guessed right: its own failures are forgiven.

        Args:
            who: the address.
        """
        now_s = self._clock()
        with self._lock:
            own = self._addresses.pop(who, None)
            if own is not None:
                self._total = self._total.fewer(own.left(self._pace, now_s))
