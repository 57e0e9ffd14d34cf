"""Names of hosts as a test has them, in the place of what the system would look up."""

import socket
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest


@dataclass
class Names:
    """What is known.

    Attributes:
        known: addresses by name.
        asked: names that were asked for, in order.
        thinks: cleared while the system does not come to an answer; set from the start.
    """

    known: Mapping[str, Sequence[str]]
    asked: list[str] = field(default_factory=list)
    thinks: threading.Event = field(default_factory=threading.Event)


def known_names(monkeypatch: pytest.MonkeyPatch, **known: Sequence[str]) -> Names:
    """Have names resolve as a test wants it; numbers are left to the system.

    Args:
        monkeypatch: of the test.
        known: addresses by name, in which "_" stands for a dot.
    """
    names = Names({name.replace("_", "."): addresses for name, addresses in known.items()})
    names.thinks.set()
    system = socket.getaddrinfo

    def look_up(host: Any, port: Any, *more: Any, **others: Any) -> list[Any]:
        if not isinstance(host, str) or not host.endswith(".lan"):
            return system(host, port, *more, **others)
        names.asked.append(host)
        names.thinks.wait(60.0)
        if host not in names.known:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [found for address in names.known[host] for found in system(address, port, **others)]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return names
