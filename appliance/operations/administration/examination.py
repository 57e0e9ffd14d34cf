"""Looks at the booth in the background, one look at a time, and keeps what was found."""

import threading
from collections.abc import Callable
from datetime import datetime, timezone

from appliance.domain.health import Examined, Health


class Examination:
    """A look that takes a while. Threads may share it.

    Args:
        look: takes up to some minutes; runs in a thread of its own.
        one_at_a_time: held while anybody looks; looks that share it wait for each other.
        now: the wall clock.
    """

    def __init__(
        self,
        look: Callable[[], tuple[Health, ...]],
        one_at_a_time: threading.Lock,
        now: Callable[[], datetime] = lambda: datetime.now(timezone.utc).astimezone(),
    ) -> None:
        self._look = look
        self._one_at_a_time = one_at_a_time
        self._now = now
        self._last: Examined | None = None
        self._runs = False

    @property
    def is_running(self) -> bool:
        """Whether this look goes on now."""
        return self._runs

    @property
    def last(self) -> Examined | None:
        """What was found last; None before the first look."""
        return self._last

    def begin(self) -> bool:
        """Look from now on; False where a look goes on already."""
        if not self._one_at_a_time.acquire(blocking=False):
            return False
        self._runs = True
        threading.Thread(target=self._go, name="booth-examination", daemon=True).start()
        return True

    def _go(self) -> None:
        try:
            parts = self._look()
            self._last = Examined(self._now(), parts)
        finally:
            self._runs = False
            self._one_at_a_time.release()
