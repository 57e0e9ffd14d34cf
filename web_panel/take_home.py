"""Taking the report home: on paper, or by a code on the screen, for which a phone gets it once."""

from collections.abc import Callable

import segno
from flask import Blueprint, Response, abort, render_template
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from appliance.interview.front_desk import FrontDesk
from appliance.interview.given import reports_of
from appliance.reporting.html import render_html
from appliance.reporting.pdf import render_pdf
from appliance.reporting.take_away import TakeAway, TakenFile
from web_panel.access import Audience, for_
from web_panel.on_paper import OnPaper
from web_panel.person import Person
from web_panel.words import say

_GONE = say("This was taken already, or its time is over. Nothing is kept here.")


class TakeHome:
    """Offers the report of the person who is there, where the site lets phones in, and on paper.

    Args:
        desk: the booth.
        take_away: holds the offer.
        lan_address: where phones find the panel, such as "http://192.168.1.5:8080"; None where
            they cannot.
        person: who is there.
        paper: prints it.

    Attributes:
        paper: prints it.
    """

    def __init__(
        self,
        desk: FrontDesk,
        take_away: TakeAway,
        lan_address: Callable[[], str | None],
        person: Person,
        paper: OnPaper,
    ) -> None:
        self.paper = paper
        self._desk = desk
        self._person = person
        self._take_away = take_away
        self._lan_address = lan_address
        self._shown = ""

    @property
    def is_reachable(self) -> bool:
        """Whether a phone could reach the panel at all."""
        return self._lan_address() is not None

    @property
    def is_possible(self) -> bool:
        """Whether there is a report to take, and a way to."""
        return self.is_reachable and bool(reports_of(self._desk.booth.given))

    @property
    def code(self) -> Markup | None:
        """The code on the screen, as SVG; None where nothing is offered now."""
        token, _, address = self._shown.partition(" ")
        if not self._take_away.is_offered(token):
            return None
        code = segno.make(address, error="m", micro=False)
        svg = code.svg_inline(scale=6, border=4, dark="#000", light="#fff", omitsize=True)
        return Markup(svg)  # noqa: S704 - our own drawing

    @property
    def lasts_s(self) -> float:
        """How long an offer stands."""
        return self._take_away.lasts_s

    def offer_report(self) -> str | None:
        """Offer the report of now, and give the address that has it; None where nothing could."""
        number = self._person.number
        reports = reports_of(self._desk.booth.given)
        if not reports:
            return None
        *first, last = reports
        guide = self._desk.guide()

        def make() -> TakenFile:
            pdf = render_pdf([*map(render_html, first), render_html(last, guide)])
            return TakenFile("interview-practice.pdf", "application/pdf", pdf)

        return self.offer(make, number)

    def offer(self, make: Callable[[], TakenFile], number: int) -> str | None:
        """Offer a file, and give the address that has it; None where no phone can reach that.

        Args:
            make: gives the file when it is collected.
            number: of the person whose it is; where they are gone, nothing is offered.
        """
        base = self._lan_address()
        if base is None:
            return None

        def offer() -> None:
            token = self._take_away.offer(make)
            self._shown = f"{token} {base}/take/{token}"

        there = self._person.if_still(number, offer)
        return self._shown.partition(" ")[2] if there else None

    def withdraw(self) -> None:
        """Offer nothing more."""
        self._take_away.wipe()
        self._shown = ""

    def forget(self) -> None:
        """The person is gone, and with them what they could take."""
        self.withdraw()
        self.paper.forget()


def take_home(take_away: TakeAway) -> Blueprint:
    """The views for a phone; who has the address has the report, once.

    The address has 128 bits by chance, so that guessing needs no limit, which would lock people
    out.

    Args:
        take_away: holds the offer.
    """
    views = Blueprint("take_home", __name__)

    @views.get("/take/<token>")
    @for_(Audience.ANYONE)
    def page(token: str) -> str:
        # Cameras and messengers open an address before its person does, so looking takes nothing.
        if not take_away.is_offered(token):
            abort(410, _GONE)
        return render_template("take.html")

    @views.post("/take/<token>")
    @for_(Audience.ANYONE)
    def collect(token: str) -> AnyResponse:
        file = take_away.collect(token)
        if file is None:
            abort(410, _GONE)
        response = Response(file.data, mimetype=file.media_type)
        response.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
        return response

    return views
