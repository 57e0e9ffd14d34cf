"""Where a host is by its name: in the own network, or it is not asked."""

import ipaddress
import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import httpx

from appliance.coaching.ollama.call import Call, CutOffError
from appliance.domain.settings import is_local_address

Ask = Callable[[str], Sequence[str]]
"""The addresses of a name; raises OSError or UnicodeError where there are none."""


class NoAddressError(httpx.TransportError):
    """Nobody knows the name of the host."""


class NotLocalError(httpx.TransportError):
    """The name of the host leads out of the own network.

    Args:
        address: to which.
    """

    def __init__(self, address: str) -> None:
        super().__init__(f"The name leads out of the own network, to {address}.")
        self.address = address


def _system(host: str) -> Sequence[str]:
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(_number(place) for *_, place in found))


def _number(place: Any) -> str:
    """An address as a number, with the number of its link where it has one."""
    address, *_, link = place
    return f"{address}%{link}" if len(place) > 2 and link and "%" not in address else str(address)


class Lookup:
    """Asks the system for the addresses of names. Threads may share it.

    The system may think for half a minute, and cannot be stopped. So it is asked in a thread that
    knows a name and nothing else; whoever waits can leave, and what it finds later is dropped.
    While it still thinks about a name it is not asked for that name again.

    Args:
        ask: the system.
    """

    def __init__(self, ask: Ask = _system) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._open: dict[str, _Question] = {}

    def addresses(self, host: str, call: Call, timeout_s: float) -> tuple[str, ...]:
        """The addresses of a host in the own network, as numbers, in the system's order.

        Args:
            host: its name, or its address.
            call: whoever cuts it off ends the waiting.
            timeout_s: of the waiting.

        Raises:
            NoAddressError: nobody knows the name.
            NotLocalError: it has no address in the own network.
            httpx.ConnectTimeout: nobody told in time.
            CutOffError: the call was cut off.
        """
        found = (host,) if _is_number(host) else self._found(host, call, timeout_s)
        local = tuple(address for address in found if is_local_address(address))
        if found and not local:
            raise NotLocalError(found[0])
        return local

    def _found(self, host: str, call: Call, timeout_s: float) -> Sequence[str]:
        with self._lock:
            question = self._open.get(host)
            if question is None:
                question = _Question()
                threading.Thread(
                    target=self._answer, args=(host, question), name="lookup", daemon=True
                ).start()
                self._open[host] = question
        found = question.wait(call, timeout_s)
        if call.was_cut():
            raise CutOffError("The call was cut off.")
        if found is None:
            raise httpx.ConnectTimeout("Nobody told the address of the host in time.")
        if not found:
            raise NoAddressError("Nobody knows the name of the host.")
        return found

    def _answer(self, host: str, question: "_Question") -> None:
        found: Sequence[str] = ()
        try:
            with suppress(OSError, UnicodeError):
                found = self._ask(host)
        finally:
            with self._lock:
                del self._open[host]
            question.answer(found)


class _Question:
    """A name that the system thinks about; several may wait for it."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._found: Sequence[str] | None = None

    def answer(self, found: Sequence[str]) -> None:
        """Tell all who wait."""
        with self._changed:
            self._found = found
            self._changed.notify_all()

    def wait(self, call: Call, timeout_s: float) -> Sequence[str] | None:
        """The answer; None where there was none in time, or the call was cut off."""
        call.wakes(self._wake)
        with self._changed:
            self._changed.wait_for(lambda: self._found is not None or call.was_cut(), timeout_s)
            return self._found

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
