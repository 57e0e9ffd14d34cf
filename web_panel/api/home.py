"""Taking the report home: by a phone, or on paper."""

from flask import Blueprint, abort

from appliance.domain.errors import BoothError
from appliance.interview.front_desk import FrontDesk
from appliance.interview.given import reports_of
from web_panel.access import Audience, for_
from web_panel.answers import problem
from web_panel.api.document import Document
from web_panel.api.models import OnPaper, TakeAway
from web_panel.take_home import TakeHome

_NOTHING_TO_TAKE = "There is nothing to take home yet, or no phone can reach the booth."
_GONE = "The person was gone before it was printed."

_NOT_NOW = {"nothing_to_print", "printer_busy"}
"""Codes of what is no fault of the printer."""


def add_home(views: Blueprint, document: Document, desk: FrontDesk, home: TakeHome) -> None:
    """Add the views of taking the report home.

    Args:
        views: to which they are added.
        document: in which they are described.
        desk: the booth.
        home: how the report is taken home.
    """

    @views.post("/take-away")
    @for_(Audience.KIOSK)
    @document.of(TakeAway, 409)
    def take_away() -> TakeAway:
        """Offer the report of all answers to a phone, in place of an earlier offer."""
        address = home.offer_report()
        if address is None:
            abort(problem(409, "nothing_to_take", _NOTHING_TO_TAKE))
        return TakeAway(address=address, lasts_s=home.lasts_s)

    @views.post("/paper")
    @for_(Audience.KIOSK)
    @document.of(OnPaper, 409, 503, status=202)
    def paper() -> tuple[OnPaper, int]:
        """Print the report of all answers, and answer when the printer has taken it."""
        answers = len(reports_of(desk.booth.given))
        try:
            printed = home.paper.print()
        except BoothError as error:
            abort(problem(409 if error.code in _NOT_NOW else 503, error.code, str(error)))
        if not printed:
            abort(problem(409, "nothing_to_print", _GONE))
        return OnPaper(answers=answers), 202
