"""News for many readers: first how things are, then what changes; nobody slow holds it up."""

import secrets
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

_KEPT = 256
"""News that a reader who was away can catch up on."""

_MOST_FIRST = 2**52
"""JavaScript knows whole numbers up to 2**53, so this leaves room to count."""


@dataclass(frozen=True, slots=True)
class News:
    """One thing that a reader is told.

    Attributes:
        id: grows by one with each change; a snapshot has that of the change it holds last.
        kind: "snapshot", or what changed, such as "state" or "level".
        data: values that JSON can hold.
    """

    id: int
    kind: str
    data: Mapping[str, Any]


SNAPSHOT = "snapshot"

Told = Callable[[Mapping[str, Any]], None]


class NewsStream:
    """Where the booth tells, and readers hear. Any thread may call anything.

    Args:
        snapshot: how things are now, in values that JSON can hold; must be quick.
        kept: changes that are kept for readers who are behind.
        begins_at: id before the first; None for one by chance, so that an id from before a restart
            is not taken for one of now.
    """

    def __init__(
        self,
        snapshot: Callable[[], Mapping[str, Any]],
        kept: int = _KEPT,
        begins_at: int | None = None,
    ) -> None:
        self._snapshot = snapshot
        self._changed = threading.Condition()
        self._kept: deque[News] = deque(maxlen=kept)
        self._first = secrets.randbelow(_MOST_FIRST) if begins_at is None else begins_at
        self._last = self._first
        self._closed = False
        self._forgetful: list[Callable[[], None]] = []
        self._attentive: list[tuple[str, Told]] = []

    def tell(self, kind: str, data: Mapping[str, Any]) -> None:
        """Tell all readers of a change; never waits for them."""
        with self._changed:
            self._last += 1
            self._kept.append(News(self._last, kind, data))
            self._changed.notify_all()
            attentive = [do for wanted, do in self._attentive if wanted == kind]
        for do in attentive:
            do(data)

    def forget(self) -> None:
        """Forget all that was told: it was of a person who is gone. Readers get a snapshot next."""
        with self._changed:
            self._last += 1
            self._kept.clear()
            self._changed.notify_all()
            forgetful = tuple(self._forgetful)
        for forget in forgetful:
            forget()

    def when_forgotten(self, forget: Callable[[], None]) -> None:
        """Call something whenever a person is forgotten, so that others forget them, too."""
        with self._changed:
            self._forgetful.append(forget)

    def when_told(self, kind: str, do: Told) -> None:
        """Call something, which must be quick, with the data of each change of a kind."""
        with self._changed:
            self._attentive.append((kind, do))

    def close(self) -> None:
        """Let all readers end."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def reader(self, after: int | None = None) -> "Reader":
        """A new reader.

        Args:
            after: id of the last news that they got; None for somebody new. Where what came since
                is not kept any more, they get a snapshot.
        """
        return Reader(self, after)

    def next_after(self, after: int | None, timeout_s: float) -> News | None:
        """What a reader gets next; None where nothing comes in time, or nothing will any more.

        Args:
            after: id of the last that they got; None for a snapshot now.
            timeout_s: how long to wait.
        """
        with self._changed:
            if after is not None and self._first <= after <= self._last:
                self._changed.wait_for(lambda: self._closed or self._last > after, timeout_s)
                if self._last <= after:
                    return None
                first = self._kept[0].id if self._kept else self._last + 1
                if first <= after + 1:
                    return self._kept[after + 1 - first]
            last = self._last
        return News(last, SNAPSHOT, self._snapshot())

    @property
    def is_closed(self) -> bool:
        """Whether nothing more will be told."""
        with self._changed:
            return self._closed


class Reader:
    """Reads news, one after the other. Use it from one thread at a time."""

    def __init__(self, stream: NewsStream, after: int | None) -> None:
        self._stream = stream
        self._after = after

    def next(self, timeout_s: float) -> News | None:
        """The next news; None where none comes in time.

        Who is too far behind is given a snapshot in place of what they missed.

        Args:
            timeout_s: how long to wait.
        """
        news = self._stream.next_after(self._after, timeout_s)
        if news is not None:
            self._after = news.id
        return news
