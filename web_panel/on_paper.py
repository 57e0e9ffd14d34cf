"""The report on paper: what the screen says of it, until its person is gone."""

from dataclasses import dataclass

from appliance.domain.errors import BoothError
from appliance.interview.front_desk import FrontDesk
from web_panel.own_record import OwnRecord
from web_panel.person import Person
from web_panel.visit import Visit


@dataclass(frozen=True, slots=True)
class Printed:
    """What the screen says of paper.

    Attributes:
        is_printing: a printer takes the report, or took it.
        fault: code of why it did not; else empty.
    """

    is_printing: bool = False
    fault: str = ""


class OnPaper:
    """Prints the report of the person who is there. Threads may share it.

    Args:
        desk: the booth.
        visit: in which language the person wants the screen.
        record: the person's own, of which a strip must not say that nothing is kept.
        person: who is there.
    """

    def __init__(self, desk: FrontDesk, visit: Visit, record: OwnRecord, person: Person) -> None:
        self._desk = desk
        self._person = person
        self._visit = visit
        self._record = record
        self._shown = Printed()

    @property
    def is_possible(self) -> bool:
        """Whether there is a printer, and something to print."""
        return self._desk.paper.is_possible

    @property
    def shown(self) -> Printed:
        """What the screen says."""
        return self._shown

    def print(self) -> bool:
        """Print, and note how that went; whether it did, or the person was gone before.

        Raises:
            NothingToPrintError: there is no report, or no printer.
            DeviceError: it cannot print now; the message says what to do.
        """
        number = self._person.number
        language = self._visit.language or self._desk.settings.site.language
        try:
            printed = self._desk.paper.print(
                language, says_nothing_is_kept=not self._record.shown.is_kept
            )
        except BoothError as error:
            self._note(number, Printed(fault=error.code))
            raise
        self._note(number, Printed(is_printing=printed))
        return printed

    def forget(self) -> None:
        """The person is gone, and with them what is being printed."""
        self._shown = Printed()
        self._desk.paper.cancel()

    def _note(self, number: int, printed: Printed) -> None:
        def note() -> None:
            self._shown = printed

        self._person.if_still(number, note)
