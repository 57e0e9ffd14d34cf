"""What the panel itself remembers of the person who is there, until they are gone."""

import threading
import time
from collections.abc import Callable

from web_panel.person import Person

_SAME_TAP_S = 2.0


class Visit:
    """Language, typed answer so far, and which screen was acted on. Threads may share it.

    Args:
        person: who is there.
        clock: monotonic seconds.
    """

    def __init__(self, person: Person, clock: Callable[[], float] = time.monotonic) -> None:
        self._person = person
        self._clock = clock
        self._lock = threading.Lock()
        self._draft = ("", "")
        self._taken: tuple[str, float] | None = None
        self._language = ""

    @property
    def language(self) -> str:
        """In which the person wants the screen; empty while they have not said."""
        return self._language

    @property
    def number(self) -> int:
        """Of the person who is there now."""
        return self._person.number

    def speak(self, language: str, number: int) -> None:
        """The person of a number wants the screen in a language, until they are gone."""

        def speak() -> None:
            self._language = language

        self._person.if_still(number, speak)

    def keep_draft(self, version: str, text: str, number: int) -> None:
        """Keep what was typed so far on a screen, so that loading it again loses nothing.

        Args:
            version: of the screen.
            text: so far.
            number: of the person who typed it.
        """

        def keep() -> None:
            self._draft = (version, text)

        self._person.if_still(number, keep)

    def draft(self, version: str) -> str:
        """What was typed so far on a screen; empty on every other."""
        with self._lock:
            return self._draft[1] if self._draft[0] == version else ""

    def takes(self, version: str) -> bool:
        """Whether an act on a screen counts: the second tap on the same screen does not.

        After a while it does again, since the booth may have ignored the first.
        """
        now_s = self._clock()
        with self._lock:
            taken = self._taken
            if taken and taken[0] == version and now_s - taken[1] < _SAME_TAP_S:
                return False
            self._taken = (version, now_s)
            return True

    def forget(self) -> None:
        """The person is gone."""
        with self._lock:
            self._draft = ("", "")
            self._taken = None
            self._language = ""
