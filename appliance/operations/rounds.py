"""The service's own loop: turns of the booth, and the watchdog while they do something."""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from appliance.interview.booth import Booth
from appliance.interview.visitor import Visitor
from appliance.operations.footprint import footprint
from appliance.operations.service_manager import ServiceManager
from appliance.operations.terminal_screen import TerminalScreen
from appliance.operations.watchdog import Watchdog

_TURN_S = 0.05
_FEEDS = 3
"""In the time that systemd waits."""

_STILL_S = 60.0
"""A recogniser of whole sentences may work so long on its longest one, on a slow machine."""

_STEADY_S = 30.0
"""A booth that runs for so long has started."""

_ANSWERS_S = 4.0


class How(Protocol):
    """How the booth is run; see `service.Running`."""

    @property
    def simulate(self) -> Path | None:
        """A recording in place of camera and microphone."""
        ...

    @property
    def visits(self) -> int | None:
        """Interviews after which it ends."""
        ...

    @property
    def stop(self) -> threading.Event:
        """Set to end."""
        ...

    @property
    def say(self) -> Callable[[str], None]:
        """Takes one line for whoever reads along."""
        ...

    @property
    def screen(self) -> TerminalScreen | None:
        """Shows the booth where nothing else does."""
        ...


class Rounds:
    """Turns a booth until somebody stops it.

    Args:
        booth: that is turned.
        manager: told how it does.
        how: how the booth is run.
        steady: called once, when it has run for a while.
        clock: monotonic seconds.
    """

    def __init__(
        self,
        booth: Booth,
        manager: ServiceManager,
        how: How,
        steady: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._booth = booth
        self._manager = manager
        self._how = how
        self._steady: Callable[[], None] | None = steady
        self._began_s = clock()
        self._clock = clock
        self._watchdog = Watchdog(clock, _STILL_S)
        self._fed_s = clock()
        self._state = ""
        self._visitor: Visitor | None = None
        if how.visits is not None:
            first = next(iter(booth.question_ids))
            self._visitor = Visitor(booth, first, _ANSWERS_S, clock)

    def go(self) -> None:
        """Turn until somebody stops it, or the visitor has been there often enough."""
        self._manager.ready()
        self._how.say("The booth runs. Ctrl-C ends it.")
        while not self._how.stop.wait(_TURN_S) and not self._has_visited():
            self._booth.turn()
            self._tell()
            self._feed()
            if self._steady is not None and self._clock() - self._began_s >= _STEADY_S:
                self._steady()
                self._steady = None

    def _has_visited(self) -> bool:
        """Let the visitor act; whether it is done."""
        visitor = self._visitor
        if visitor is None:
            return False
        before = visitor.visits
        visitor.look()
        if visitor.visits > before:
            self._how.say(f"visit {visitor.visits}: {footprint()}")
        return visitor.visits >= (self._how.visits or 0)

    def _tell(self) -> None:
        """Show all on a screen; tell the journal where the interview is, never what is said."""
        if self._how.screen is not None:
            self._how.screen.show(self._booth)
        state = self._booth.session.state.value
        if state != self._state:
            self._state = state
            self._manager.status(state)
            if self._visitor is None and self._how.screen is None:
                self._how.say(state)

    def _feed(self) -> None:
        """Tell that the booth is alive, while what should move moves."""
        limit_s = self._manager.watchdog_s
        if limit_s is None or self._clock() - self._fed_s < limit_s / _FEEDS:
            return
        self._fed_s = self._clock()
        standing = self._watchdog.standing(self._booth.progress())
        if standing is None:
            self._manager.alive()
        else:
            self._manager.status(f"{standing} stands still")
