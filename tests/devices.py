"""A device whose behaviour a test dictates, one read at a time, and a clock turned by hand."""

import queue
import threading
from collections.abc import Mapping
from typing import Any

_PATIENCE_S = 30.0


class ManualClock:
    """Monotonic seconds that pass only when the test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Dictated:
    """A device that does what it is told: `gives` a sample or nothing, `fails`, or `hangs`.

    Each of these returns once the supervising thread has taken it in, that is, when that thread
    asks for the next. So a test never sleeps.

    Attributes:
        opened: how often it was opened.
        closed: how often it was closed.
        grievance: what it complains of.
    """

    def __init__(self) -> None:
        self.opened = 0
        self.closed = 0
        self.grievance: str | None = None
        self._orders: queue.Queue[Any] = queue.Queue()
        self._asked: queue.Queue[None] = queue.Queue()
        self._hanging: queue.Queue[None] = queue.Queue()
        self._refusals: queue.Queue[Exception] = queue.Queue()

    def open(self) -> "Dictated":
        self.opened += 1
        if not self._refusals.empty():
            raise self._refusals.get()
        return self

    def read(self) -> str | None:
        self._asked.put(None)
        order = self._orders.get(timeout=_PATIENCE_S)
        if isinstance(order, threading.Event):
            self._hanging.put(None)
            order.wait(_PATIENCE_S)
            return None
        if isinstance(order, Exception):
            raise order
        sample: str | None = order
        return sample

    def close(self) -> None:
        self.closed += 1

    def complaint(self) -> str | None:
        return self.grievance

    def details(self) -> Mapping[str, Any]:
        return {"device": "dictated"}

    def awaited(self) -> None:
        """Wait until the supervising thread reads."""
        self._asked.get(timeout=_PATIENCE_S)

    def gives(self, sample: str | None) -> None:
        """Answer the read that waits; return when the next one does."""
        self._orders.put(sample)
        self.awaited()

    def fails(self, error: Exception, *, for_good: bool = False) -> None:
        """Fail the read that waits; return when it was opened again and is read."""
        self._orders.put(error)
        if not for_good:
            self.awaited()

    def hangs(self) -> threading.Event:
        """Leave the read that waits hanging until the event is set."""
        come_back = threading.Event()
        self._orders.put(come_back)
        self._hanging.get(timeout=_PATIENCE_S)
        return come_back

    def refuses(self, *errors: Exception) -> None:
        """Let the next openings fail."""
        for error in errors:
            self._refusals.put(error)

    def lets_go(self) -> None:
        """Let a read that waits return, so that its thread can end."""
        self._orders.put(None)
