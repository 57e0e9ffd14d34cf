"""Prints what a person takes home, where the site has a printer."""

from collections.abc import Callable

from appliance.devices.printer.printer import Printer
from appliance.domain.errors import BoothError
from appliance.domain.paper import Strip
from appliance.interview.given import Given, reports_of
from appliance.reporting.receipt import Paper, receipt


class NothingToPrintError(BoothError, LookupError):
    """There is no report, or no printer."""

    code = "nothing_to_print"


class PaperDesk:
    """Prints the reports of the person who is there. Any thread may call anything.

    Args:
        printer: of the booth; None where there is none.
        given: the answers of the person who is there.
    """

    def __init__(self, printer: Printer | None, given: Callable[[], tuple[Given, ...]]) -> None:
        self._printer = printer
        self._given = given

    @property
    def is_possible(self) -> bool:
        """Whether there is a printer, and something to print."""
        return self._printer is not None and bool(reports_of(self._given()))

    def print(self, language: str, *, says_nothing_is_kept: bool) -> bool:
        """Print all reports; whether the printer took them, or the person was gone before.

        Args:
            language: of the fixed words.
            says_nothing_is_kept: whether that is true.

        Raises:
            NothingToPrintError: there is no report, or no printer.
            DeviceError: it cannot print now; the message says what to do.
        """
        printer = self._printer
        if printer is None or not reports_of(self._given()):
            raise _nothing()
        paper = Paper(printer.width, language, says_nothing_is_kept)

        def make() -> Strip:
            if reports := reports_of(self._given()):
                return receipt(reports, paper)
            raise _nothing()

        return printer.print(make)

    def cancel(self) -> None:
        """The person is gone; nobody waits for what is being printed."""
        if self._printer is not None:
            self._printer.cancel()


def _nothing() -> NothingToPrintError:
    return NothingToPrintError("There is nothing to print yet, or no printer.")
