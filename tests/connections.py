"""What this process connects to, and which names it looks up, by Python's audit events."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

_LOOKUPS = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
_SENDS = {"socket.connect", "socket.sendto", "socket.sendmsg"}


@dataclass
class Seen:
    """What was seen.

    Attributes:
        addresses: to which something was sent, or a connection was asked for.
        names: that the system was asked for; a number is no name.
    """

    addresses: list[Any] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def note(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Take in an audit event."""
        if event in _SENDS and arguments[1] is not None:
            self.addresses.append(arguments[1])
        elif event in _LOOKUPS:
            self.names.append(str(arguments[0]))


_WATCHING: list[Seen] = []


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    for seen in _WATCHING:
        seen.note(event, arguments)


@contextmanager
def watched() -> Iterator[Seen]:
    """See what goes out as long as the context lasts."""
    if not getattr(sys, "_booth_connections", False):
        sys.addaudithook(_note)  # which nobody can take away again
        sys._booth_connections = True  # type: ignore[attr-defined]
    seen = Seen()
    _WATCHING.append(seen)
    try:
        yield seen
    finally:
        _WATCHING.remove(seen)
