"""The time that a print may take, which anybody can end."""

import threading
from collections.abc import Callable

from appliance.devices.printer.faults import PrinterStalledError


class CancelledTurnError(Exception):
    """It was cancelled; nobody needs to be told of a fault."""


class Turn:
    """Runs from when it is made. Any thread may use it.

    Args:
        clock: monotonic seconds.
        limit_s: how long it may take.
    """

    def __init__(self, clock: Callable[[], float], limit_s: float) -> None:
        self._clock = clock
        self._ends_s = clock() + limit_s
        self._cancelled = threading.Event()

    @property
    def is_cancelled(self) -> bool:
        """Whether somebody ended it."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """End it."""
        self._cancelled.set()

    def left_s(self) -> float:
        """Seconds that are left, more than none.

        Raises:
            CancelledTurnError: it was cancelled.
            PrinterStalledError: no time is left.
        """
        if self._cancelled.is_set():
            raise CancelledTurnError
        left_s = self._ends_s - self._clock()
        if left_s <= 0:
            raise stalled()
        return left_s

    def pause(self, seconds: float) -> None:
        """Wait a little, or until it is cancelled."""
        self._cancelled.wait(seconds)


def stalled() -> PrinterStalledError:
    """The fault of a printer that takes nothing."""
    return PrinterStalledError(
        "The printer takes nothing.", "See whether it has paper, is closed and is switched on."
    )
