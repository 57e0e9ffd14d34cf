"""Keys that are typed in the terminal in which the booth was started."""

import atexit
import os
import select
import sys
import termios
import tty
from collections.abc import Mapping
from typing import Any

from appliance.devices.controls.board import Events
from appliance.devices.controls.button import ButtonEvent
from appliance.domain.errors import DeviceUnusableError

_LOOK_S = 0.05
_MOST_TYPED = 4
_ESCAPE = b"\x1b"

_KEYS: Mapping[bytes, ButtonEvent] = {
    b" ": ButtonEvent.PRESS,
    b"\r": ButtonEvent.PRESS,
    b"\n": ButtonEvent.PRESS,
    b"s": ButtonEvent.SKIP,
    b"w": ButtonEvent.WIPE,
}


def has_terminal() -> bool:
    """Whether somebody can type to this program."""
    try:
        return _in_foreground(sys.stdin.fileno())
    except (AttributeError, OSError, ValueError):  # no stdin, or one that is closed or no file
        return False


class TerminalSource:
    """Space or Enter is a press, s skips, w wipes: a terminal does not tell how long a key is held.

    Keys are not shown while it is open. Ctrl-C works as ever. The terminal is put back when it is
    closed, and at the latest when the program ends.

    Args:
        fd: the terminal's; None takes that of stdin.

    Raises:
        DeviceUnusableError: it is no terminal, or the program runs in its background.
    """

    def __init__(self, fd: int | None = None) -> None:
        self._fd = sys.stdin.fileno() if fd is None else fd
        if not _in_foreground(self._fd):
            raise DeviceUnusableError(
                "There is no terminal to type in.", "Start the booth in one, in its foreground."
            )
        self._before: list[Any] | None = termios.tcgetattr(self._fd)
        atexit.register(self.close)
        tty.setcbreak(self._fd)

    def read(self) -> Events:
        """Wait a moment for keys; what was asked for, or nothing, but never None."""
        ready, _, _ = select.select([self._fd], [], [], _LOOK_S)
        if not ready:
            return ()
        try:
            typed = os.read(self._fd, 1024)
        except OSError as error:
            raise _gone() from error
        if not typed:
            raise _gone()
        # Arrows and the like come as sequences, and what is pasted comes at once: neither is meant.
        if typed.startswith(_ESCAPE) or len(typed) > _MOST_TYPED:
            return ()
        keys = (typed[index : index + 1].lower() for index in range(len(typed)))
        return tuple(_KEYS[key] for key in keys if key in _KEYS)

    def close(self) -> None:
        """Put the terminal back as it was; does nothing the second time."""
        before, self._before = self._before, None
        if before is None:
            return
        atexit.unregister(self.close)
        try:
            termios.tcsetattr(self._fd, termios.TCSANOW, before)
        except (termios.error, OSError):
            return  # the terminal is gone

    def complaint(self) -> str | None:
        """Nothing: a terminal that is there works."""
        return None

    def details(self) -> Mapping[str, Any]:
        """The keys."""
        return {"keys": "space or Enter, s, w"}


def _in_foreground(fd: int) -> bool:
    """Whether it is a terminal that listens to us; touching another would stop this program."""
    try:
        return os.isatty(fd) and os.tcgetpgrp(fd) == os.getpgrp()
    except OSError:
        return False


def _gone() -> DeviceUnusableError:
    return DeviceUnusableError("The terminal was closed.", "Start the booth in one again.")
