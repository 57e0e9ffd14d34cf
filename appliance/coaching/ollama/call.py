"""One call to a host, which another thread can cut off."""

import socket
import threading
from collections.abc import Callable
from typing import Any

import httpx

_CONNECTED = {"connection.connect_tcp.complete", "connection.start_tls.complete"}
"""httpcore's names, by https://www.encode.io/httpcore/extensions/#trace."""


class CutOffError(httpx.ReadError):
    """Somebody cut the call off, or it brought more than it may."""


def _nothing() -> None:
    """Nobody waits."""


class Call:
    """One request and its answer, on a connection of its own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._wake: Callable[[], None] = _nothing
        self._is_cut = False

    def was_cut(self) -> bool:
        """Whether it was cut off."""
        return self._is_cut

    def cut(self) -> None:
        """Hang up; whoever waits for the host wakes up. May be called from any thread."""
        with self._lock:
            self._is_cut = True
            self._shut()
            wake = self._wake
        wake()

    def wakes(self, wake: Callable[[], None]) -> None:
        """Name what is to be done when it is cut off, in the place of what was named before.

        Args:
            wake: wakes up whoever waits for something else than the connection.
        """
        with self._lock:
            self._wake = wake

    def connected(self, event: str, info: dict[str, Any]) -> None:
        """What httpcore tells of a connection."""
        if event in _CONNECTED:
            with self._lock:
                self._socket = info["return_value"].get_extra_info("socket")
                if self._is_cut:
                    self._shut()

    def _shut(self) -> None:
        """Closing alone would not wake a thread that reads."""
        if self._socket is not None:
            try:
                # Not TLS's own, which would let what is being written go out unsealed.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
            except OSError:
                self._socket = None
