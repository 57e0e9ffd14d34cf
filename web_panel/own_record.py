"""A person's own record on the screen: kept by a code, opened by it, and deleted."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from appliance.domain.errors import StorageError
from appliance.interview.front_desk import FrontDesk
from appliance.interview.given import reports_of
from appliance.interview.progress import Progress, progress_of
from appliance.interview.session_events import State
from appliance.reporting.take_away import TakenFile
from appliance.storage.practice_code import WrongCodeError, new_code, read_code
from appliance.storage.practice_record import SessionSummary
from web_panel.person import Person

LONGEST_CODE = 120
"""Letters that a code may be typed in."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands on the screen of a record.

    Attributes:
        at: where the person asked for it; None while they have not.
        code: that they gave or got; empty while there is none.
        is_kept: what was measured today is in the record.
        summaries: of the sessions of the record that is open; else none.
        deleted: sessions that they just deleted.
        fault: why what they wanted did not work: "code", "unknown" or "storage"; else empty.
        place: of the word that is none of a code's, from 1.
    """

    at: State | None = None
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

    def has_news(self, state: State) -> bool:
        """Whether there is something to look at besides the question for a code."""
        return state is self.at and bool(self.summaries or self.deleted or self.fault)


class OwnRecord:
    """What the panel shows of a record, in memory, until its person is gone. Threads may share it.

    Args:
        desk: the booth.
        person: who is there.
    """

    def __init__(self, desk: FrontDesk, person: Person) -> None:
        self._desk = desk
        self._person = person
        self._busy = threading.Lock()
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
        there = reports_of(self._desk.booth.given)
        return self.is_possible and bool(there) and not self._shown.is_kept

    def keep(self, typed: str, *, transcript: bool) -> bool:
        """Keep what was measured today, once; whether this is where that can be done.

        Where the person goes while it is kept under a new code, nobody would know that: then it is
        deleted again.

        Args:
            typed: a code that they have; empty for a new one, or for the one that they gave before.
            transcript: whether their words are kept, too.
        """

        def keep(shown: Shown) -> Shown:
            if not self.can_be_kept:
                return shown
            theirs = read_code(typed[:LONGEST_CODE]) if typed.strip() else shown.code
            code = theirs or new_code()
            kept = self._desk.records.keep(code, transcript=transcript)
            if not theirs and self._person.number != number:
                self._desk.records.delete(code)
            return Shown(at=State.REPORT, code=code, is_kept=kept)

        number = self._person.number
        return self._change(State.REPORT, number, keep)

    def open(self, typed: str) -> bool:
        """Show the progress of a code; whether this is where that can be done.

        Args:
            typed: five words.
        """

        def look(_: Shown) -> Shown:
            code = read_code(typed[:LONGEST_CODE])
            summaries = self._desk.records.read(code)
            if not summaries:
                return Shown(at=State.WELCOME, fault="unknown")
            return Shown(at=State.WELCOME, code=code, summaries=summaries)

        return self._change(State.WELCOME, self._person.number, look)

    def delete(self) -> bool:
        """Delete everything of the record that is open; whether this is where one can be."""

        def delete(shown: Shown) -> Shown:
            if not shown.summaries:
                return shown
            return Shown(at=State.WELCOME, deleted=self._desk.records.delete(shown.code))

        return self._change(State.WELCOME, self._person.number, delete)

    def close(self) -> None:
        """Show it no more; the code is remembered, so that today can be added to it."""

        def close() -> None:
            self._shown = Shown(code=self._shown.code, is_kept=self._shown.is_kept)

        self._person.if_still(self._person.number, close)

    def file(self) -> TakenFile | None:
        """All of the record that is open, to take along; None where none is."""
        summaries = self._shown.summaries
        if not summaries:
            return None
        sessions = [summary.model_dump(mode="json") for summary in summaries]
        text = json.dumps({"sessions": sessions}, ensure_ascii=False, indent=1)
        return TakenFile("interview-practice.json", "application/json", text.encode())

    def forget(self) -> None:
        """The person is gone; what they wanted last is not waited for."""
        self._shown = Shown()

    def _change(self, at: State, number: int, change: Callable[[Shown], Shown]) -> bool:
        """Do something that takes some tenths of a second on purpose, for each code.

        A second tap meanwhile does nothing: it would only wait for the first.

        Args:
            at: where alone it can be done.
            number: of the person who wants it, asked before anything else.
            change: gives what is shown after it.
        """
        if not self.is_possible or self._desk.booth.session.state is not at:
            return False
        if not self._busy.acquire(blocking=False):
            return True
        try:
            before = self._shown
            try:
                after = change(before)
            except WrongCodeError as error:
                after = replace(before, at=at, fault="code", place=error.place)
            except StorageError:
                after = replace(before, at=at, fault="storage", place=None)
            self._person.if_still(number, lambda: self._show(after))
        finally:
            self._busy.release()
        return True

    def _show(self, shown: Shown) -> None:
        self._shown = shown
