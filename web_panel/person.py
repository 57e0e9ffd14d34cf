"""Whether somebody is still the person who was there a moment ago."""

import threading
from collections.abc import Callable


class Person:
    """The person who is there, by a number. Threads may share it.

    What takes a while asks for the number first, and keeps what it made only while it holds: so
    nothing of one person comes to the next, however late it is.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._number = 0

    @property
    def number(self) -> int:
        """Of the person who is there now."""
        return self._number

    def if_still(self, number: int, keep: Callable[[], None]) -> bool:
        """Keep something, unless its person is gone; whether they are still there.

        Args:
            number: of the person whose it is.
            keep: quick, since a wipe waits for it.
        """
        with self._lock:
            if number != self._number:
                return False
            keep()
            return True

    def forget(self) -> None:
        """The person is gone. What others keep must be forgotten after this."""
        with self._lock:
            self._number += 1
