"""Ends the booth in order, so that systemd starts it again."""

import threading
from importlib.metadata import version

from appliance.operations.service_manager import ServiceManager

_PACKAGE = "interview-booth"


class Restart:
    """The unit says Restart=always: a booth that ends, however it does, is started again.

    Args:
        manager: what started the booth; nobody else starts it again.
        stop: ends the booth when it is set.
    """

    def __init__(self, manager: ServiceManager, stop: threading.Event) -> None:
        self._manager = manager
        self._stop = stop

    @property
    def is_possible(self) -> bool:
        """Whether anything starts it again."""
        return self._manager.is_there

    def now(self) -> None:
        """End it; the person who is there is forgotten, as whenever it ends."""
        self._stop.set()


class Versions:
    """The version that runs, and the one that is installed."""

    def __init__(self) -> None:
        self._running = version(_PACKAGE)

    @property
    def running(self) -> str:
        """The version of the booth that runs."""
        return self._running

    def installed(self) -> str:
        """The version that `booth --version` tells now."""
        return version(_PACKAGE)
