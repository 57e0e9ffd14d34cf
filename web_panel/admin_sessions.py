"""Who is signed in as administrator, until they have been idle or here for too long."""

import hashlib
import hmac
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import Enum

from appliance.domain.errors import WrongUsageError

Clock = Callable[[], float]

_TOKEN_BYTES = 32
_KEY_BYTES = 32
_PURPOSE = b"csrf"


class Shown(Enum):
    """How a session is shown with each call; it opens nothing in the other way."""

    COOKIE = "cookie"
    """By a browser."""
    BEARER = "bearer"
    """By a program."""


@dataclass(frozen=True, slots=True)
class AdminSession:
    """One browser or program that is signed in.

    Attributes:
        begun_s: when it signed in, by the clock of the sessions.
        seen_s: when it was last there, by the same clock.
        shown: how it shows its token.
        is_near: it began on the machine of the booth itself.
    """

    begun_s: float
    seen_s: float
    shown: Shown = Shown.COOKIE
    is_near: bool = False


@dataclass(frozen=True, slots=True)
class _Kept:
    """A session, and the key that its form tokens are made with."""

    session: AdminSession
    key: bytes = field(repr=False)


class AdminSessions:
    """The sessions, in memory alone: after a restart everybody signs in anew. Threads may share it.

    Args:
        clock: monotonic seconds.
        idle_s: without a sign of life, after which a session is over.
        longest_s: after which it is over, however busy.
        most: sessions at once; one more ends the oldest.
    """

    def __init__(
        self,
        clock: Clock,
        idle_s: float = 900.0,
        longest_s: float = 8 * 3600.0,
        most: int = 4,
    ) -> None:
        self._clock = clock
        self._idle_s = idle_s
        self._longest_s = longest_s
        self._most = most
        self._lock = threading.Lock()
        self._kept: dict[bytes, _Kept] = {}
        """By the SHA-256 of their tokens, oldest first."""

    @property
    def idle_s(self) -> float:
        """Without a sign of life, after which a session is over."""
        return self._idle_s

    def begin(self, shown: Shown = Shown.COOKIE, *, is_near: bool = False) -> str:
        """Sign somebody in, and give the token they show from now on; only its hash is kept.

        Args:
            shown: how they show it.
            is_near: they are on the machine of the booth itself.
        """
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        now_s = self._clock()
        session = AdminSession(begun_s=now_s, seen_s=now_s, shown=shown, is_near=is_near)
        new = _Kept(session, secrets.token_bytes(_KEY_BYTES))
        with self._lock:
            self._kept = {name: kept for name, kept in self._kept.items() if self._lives(kept)}
            self._kept[_name(token)] = new
            while len(self._kept) > self._most:
                del self._kept[next(iter(self._kept))]
        return token

    def find(self, token: str, shown: Shown = Shown.COOKIE) -> AdminSession | None:
        """The session of a token, which counts as a sign of life; None where it is over.

        Args:
            token: as it was sent; may be anything.
            shown: how it was sent; one of the other kind is not found.
        """
        with self._lock:
            kept = self._living(token)
            if kept is None or kept.session.shown is not shown:
                return None
            session = replace(kept.session, seen_s=self._clock())
            self._kept[_name(token)] = replace(kept, session=session)
            return session

    def csrf(self, token: str) -> str:
        """What the forms of a session send along, and no other page can know; 64 characters.

        Args:
            token: of the session.

        Raises:
            WrongUsageError: the session is over.
        """
        with self._lock:
            kept = self._living(token)
        if kept is None:
            raise WrongUsageError("You are not signed in any more.", "Sign in again.")
        return _form_token(kept)

    def is_csrf(self, token: str, given: str) -> bool:
        """Whether a form came from a page of this session; takes the same time for every guess.

        Args:
            token: of the session.
            given: as the form sent it; may be anything.
        """
        with self._lock:
            kept = self._living(token)
        return kept is not None and hmac.compare_digest(_bytes(_form_token(kept)), _bytes(given))

    def end(self, token: str) -> None:
        """Sign a browser out; nothing happens where it was not signed in."""
        with self._lock:
            self._kept.pop(_name(token), None)

    def end_others(self, token: str) -> None:
        """Sign everybody out but one browser.

        Args:
            token: of the session that goes on.
        """
        own = _name(token)
        with self._lock:
            self._kept = {name: kept for name, kept in self._kept.items() if name == own}

    def end_at_booth(self) -> None:
        """Sign out whatever browser signed in at the booth itself: somebody else may stand there.

        Programs on the same machine stay: their tokens are not in a browser that anybody can use.
        """
        with self._lock:
            self._kept = {
                name: kept
                for name, kept in self._kept.items()
                if not kept.session.is_near or kept.session.shown is Shown.BEARER
            }

    def _living(self, token: str) -> _Kept | None:
        """What is kept of a token; what is over is forgotten. The lock is held."""
        kept = self._kept.get(_name(token))
        if kept is not None and not self._lives(kept):
            del self._kept[_name(token)]
            return None
        return kept

    def _lives(self, kept: _Kept) -> bool:
        now_s = self._clock()
        session = kept.session
        return now_s - session.seen_s < self._idle_s and now_s - session.begun_s < self._longest_s


def _name(token: str) -> bytes:
    return hashlib.sha256(_bytes(token)).digest()


def _form_token(kept: _Kept) -> str:
    return hmac.new(kept.key, _PURPOSE, hashlib.sha256).hexdigest()


def _bytes(text: str) -> bytes:
    """What a browser sent may hold characters that cannot be encoded; those match nothing."""
    return text.encode("utf-8", errors="replace")
