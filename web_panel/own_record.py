"""A person's own record on the screen: kept by a code, opened by it, and deleted."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from appliance.domain.errors import StorageError
from appliance.interview.front_desk import FrontDesk
from appliance.interview.progress import Progress, progress_of
from appliance.reporting.take_away import TakenFile
from appliance.storage.practice_code import WrongCodeError, new_code, read_code
from appliance.storage.practice_record import SessionSummary

LONGEST_CODE = 120
"""Letters that a code may be typed in."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands on the screen of a record.

    Attributes:
        code: that the person gave or got; empty while there is none.
        is_kept: what was measured today is in the record.
        summaries: of the sessions of the record that is open; else none.
        deleted: sessions that they just deleted.
        fault: why what they wanted did not work: "code", "unknown" or "storage"; else empty.
        place: of the word that is none of a code's, from 1.
    """

    code: str = ""
    is_kept: bool = False
    summaries: tuple[SessionSummary, ...] = ()
    deleted: int = 0
    fault: str = ""
    place: int | None = None

    @property
    def progress(self) -> Progress | None:
        """Along their sessions; None while no record is open."""
        return progress_of(self.summaries) if self.summaries else None

    @property
    def has_news(self) -> bool:
        """Whether there is something to look at besides the question for a code."""
        return bool(self.summaries or self.deleted or self.fault)


class OwnRecord:
    """What the panel shows of a record, in memory, until its person is gone. Threads may share it.

    Args:
        desk: the booth.
    """

    def __init__(self, desk: FrontDesk) -> None:
        self._desk = desk
        self._one_at_a_time = threading.Lock()
        self._lock = threading.Lock()
        self._person = 0
        self._shown = Shown()

    @property
    def shown(self) -> Shown:
        """What stands on the screen."""
        return self._shown

    @property
    def is_possible(self) -> bool:
        """Whether this booth keeps records."""
        return self._desk.records.is_kept

    @property
    def can_be_kept(self) -> bool:
        """Whether something was measured today that is not kept yet."""
        there = any(one.outcome.report is not None for one in self._desk.booth.given)
        return self.is_possible and there and not self._shown.is_kept

    def keep(self, typed: str, *, transcript: bool) -> None:
        """Keep what was measured today, once.

        Args:
            typed: a code that they have; empty for a new one, or for the one that they gave before.
            transcript: whether their words are kept, too.
        """

        def keep(shown: Shown) -> Shown:
            if not self.can_be_kept:
                return shown
            code = read_code(typed[:LONGEST_CODE]) if typed.strip() else shown.code or new_code()
            kept = self._desk.records.keep(code, transcript=transcript)
            return Shown(code=code, is_kept=kept)

        self._change(keep)

    def open(self, typed: str) -> None:
        """Show the progress of a code.

        Args:
            typed: five words.
        """

        def look(_: Shown) -> Shown:
            code = read_code(typed[:LONGEST_CODE])
            summaries = self._desk.records.read(code)
            return Shown(code=code, summaries=summaries) if summaries else Shown(fault="unknown")

        self._change(look)

    def delete(self) -> None:
        """Delete everything of the record that is open."""

        def delete(shown: Shown) -> Shown:
            if not shown.summaries:
                return shown
            return Shown(deleted=self._desk.records.delete(shown.code))

        self._change(delete)

    def close(self) -> None:
        """Show it no more; the code is remembered, so that today can be added to it."""
        self._change(lambda shown: Shown(code=shown.code, is_kept=shown.is_kept))

    def file(self) -> TakenFile:
        """All of the record that is open, to take along."""
        sessions = [summary.model_dump(mode="json") for summary in self._shown.summaries]
        text = json.dumps({"sessions": sessions}, ensure_ascii=False, indent=1)
        return TakenFile("interview-practice.json", "application/json", text.encode())

    def forget(self) -> None:
        """The person is gone; what they wanted last is not waited for."""
        with self._lock:
            self._person += 1
            self._shown = Shown()

    def _change(self, change: Callable[[Shown], Shown]) -> None:
        """One thing at a time, since a code takes some tenths of a second on purpose."""
        with self._one_at_a_time:
            with self._lock:
                person, before = self._person, self._shown
            try:
                after = change(before)
            except WrongCodeError as error:
                after = replace(before, fault="code", place=error.place)
            except StorageError:
                after = replace(before, fault="storage", place=None)
            with self._lock:
                if person == self._person:
                    self._shown = after
