"""Tells systemd how the service does, by the protocol of sd_notify(3)."""

import os
import socket
from collections.abc import Mapping

_MICROSECONDS = 1_000_000


class ServiceManager:
    """What started the service, where that wants to be told; else nobody.

    Args:
        environment: of the process: NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID are read.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "")
        for_whom = environment.get("WATCHDOG_PID")
        watched = for_whom is None or for_whom == str(os.getpid())
        limit = environment.get("WATCHDOG_USEC", "")
        self._last_status = ""
        self._limit_us = int(limit) if watched and limit.isdigit() else 0

    @property
    def is_there(self) -> bool:
        """Whether anybody is told anything."""
        return bool(self._address)

    @property
    def watchdog_s(self) -> float | None:
        """Seconds within which `alive` must be told; None where nobody watches."""
        return self._limit_us / _MICROSECONDS if self._limit_us else None

    @property
    def last_status(self) -> str:
        """What `status` was given last."""
        return self._last_status

    def ready(self) -> None:
        """The service can be used."""
        self._tell("READY=1")

    def alive(self) -> None:
        """Its work goes on."""
        self._tell("WATCHDOG=1")

    def status(self, words: str) -> None:
        """One line for `systemctl status`."""
        self._last_status = " ".join(words.split())
        self._tell(f"STATUS={self._last_status}")

    def stopping(self) -> None:
        """It ends."""
        self._tell("STOPPING=1")

    def _tell(self, message: str) -> None:
        """Send one message; where nobody listens any more, that is no fault of ours."""
        if not self._address.startswith(("/", "@")):
            return
        address = self._address
        if address.startswith("@"):  # an abstract socket
            address = f"\0{address[1:]}"
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
            try:
                sender.connect(address)
                sender.send(message.encode())
            except OSError:
                return
