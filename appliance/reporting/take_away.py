"""A file that somebody takes home: once, for a while, by an address that nobody can guess."""

import hmac
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass

LASTS_S = 600.0


@dataclass(frozen=True, slots=True)
class TakenFile:
    """What is taken.

    Attributes:
        name: under which a phone keeps it.
        media_type: such as "application/pdf".
        data: the file itself.
    """

    name: str
    media_type: str
    data: bytes


class TakeAway:
    """Holds at most one offer, in memory. Threads may share it.

    Attributes:
        lasts_s: how long an offer stands.

    Args:
        clock: monotonic seconds.
        lasts_s: how long an offer stands.
    """

    def __init__(self, clock: Callable[[], float], lasts_s: float = LASTS_S) -> None:
        self._clock = clock
        self.lasts_s = lasts_s
        self._lock = threading.Lock()
        self._token = ""
        self._make: Callable[[], TakenFile] | None = None
        self._ends_s = 0.0

    def offer(self, make: Callable[[], TakenFile]) -> str:
        """Offer a file, in place of an earlier offer; the token that collects it.

        Args:
            make: gives the file when it is collected.
        """
        with self._lock:
            self._token = secrets.token_urlsafe(16)
            self._make = make
            self._ends_s = self._clock() + self.lasts_s
            return self._token

    def is_offered(self, token: str) -> bool:
        """Whether a token collects a file now."""
        with self._lock:
            return self._fits(token)

    def collect(self, token: str) -> TakenFile | None:
        """The file, once; None where the token is wrong, used, too old, or its person is gone.

        Where the file cannot be made, the offer stands. Where the person goes while it is made, it
        is not handed over.
        """
        with self._lock:
            make = self._make
            if make is None or not self._fits(token):
                return None
            self._make = None
        try:
            made = make()  # without the lock, since it takes seconds and a wipe must not wait
        except BaseException:
            with self._lock:
                if self._token == token:
                    self._make = make
            raise
        with self._lock:
            return made if self._token == token else None

    def wipe(self) -> None:
        """Take the offer back."""
        with self._lock:
            self._make = None
            self._token = ""

    def _fits(self, token: str) -> bool:
        if self._make is None or self._clock() >= self._ends_s:
            return False
        return hmac.compare_digest(token.encode(), self._token.encode())
