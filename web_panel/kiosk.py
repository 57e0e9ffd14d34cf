"""The screen of the booth: pages, and what a person does on them."""

import math
from contextlib import suppress
from dataclasses import asdict, fields
from typing import Any, get_args

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from appliance.domain.errors import BoothError
from appliance.domain.observations import Span
from appliance.domain.questions import SET_LENGTHS, Competency, Role
from appliance.interview.front_desk import FrontDesk
from appliance.interview.session_events import State, consented
from appliance.reporting.timeline_picture import LOW, NARROW, WIDE
from web_panel.access import TOKEN_HEADER, Audience, for_
from web_panel.hands import ACTS, NO_QUESTIONS, Hands, Needs, Taken
from web_panel.own_record import OwnRecord
from web_panel.screens import RECORD_VIEW, context_of, template_of
from web_panel.take_home import TakeHome
from web_panel.timeline import timeline_image
from web_panel.visit import Visit
from web_panel.words import say

_SIZES = {size.name: size for size in (WIDE, NARROW, LOW)}
_PASSED = say("The screen has changed since.")


def kiosk(
    desk: FrontDesk, visit: Visit, hands: Hands, home: TakeHome, record: OwnRecord
) -> Blueprint:
    """The views of the booth's own screen.

    Args:
        desk: the booth.
        visit: what the panel remembers of the person.
        hands: take what is done.
        home: how the report is taken home.
        record: the person's own.
    """
    views = Blueprint("kiosk", __name__)
    _add_pages(views, desk, visit, record)

    @views.context_processor
    def of_the_person() -> dict[str, Any]:
        """What screens show besides the interview itself."""
        return {"home": home, "record": record, "chosen_needs": asdict(hands.needs)}

    _add_acts(views, hands, home)
    _add_forms(views, hands)
    _add_paper(views, desk, home)
    _add_record(views, visit, home, record)
    return views


def _add_pages(views: Blueprint, desk: FrontDesk, visit: Visit, record: OwnRecord) -> None:
    def rendered(layout: str) -> str:
        view, page = request.args.get("view", ""), request.args.get("page", 0, type=int)
        context = context_of(desk, visit, view, max(0, page))
        asked = view == RECORD_VIEW and record.is_possible
        state = State(context["state"])
        of_record = asked or record.shown.has_news(state)
        screen = template_of(state, view, of_record=of_record)
        place = _place()
        looked_for = {} if place is None else {"start": place.start_s, "end": place.end_s}
        return render_template(layout, screen=screen, looked_for=looked_for, **context)

    @views.get("/")
    @for_(Audience.KIOSK)
    def page() -> str:
        return rendered("kiosk.html")

    @views.get("/kiosk/screen")
    @for_(Audience.KIOSK)
    def screen() -> str:
        return rendered("screen.html")

    @views.get("/kiosk/preview.jpg")
    @for_(Audience.KIOSK)
    def preview() -> Response:
        picture = desk.preview()
        return Response(status=404) if picture is None else Response(picture, mimetype="image/jpeg")

    @views.get("/kiosk/answers/<int:number>/<any(wide, narrow, low):size>.svg")
    @for_(Audience.KIOSK)
    def timeline(number: int, size: str) -> Response:
        report = desk.report(number)
        if report is None:
            abort(404, say("There is no such answer any more."))
        return timeline_image(report, _SIZES[size], _place())


def _add_acts(views: Blueprint, hands: Hands, home: TakeHome) -> None:
    @views.post("/kiosk/do")
    @for_(Audience.KIOSK)
    def do() -> AnyResponse:
        act = next((one for one in ACTS if one == request.form.get("act")), None)
        if act is None:
            abort(400, say("The booth does not know what to do."))
        hands.act(_version(), act)
        return _to_the_screen()

    @views.post("/kiosk/take")
    @for_(Audience.KIOSK)
    def take() -> AnyResponse:
        home.offer_report()
        return _to_the_screen()

    @views.post("/kiosk/active")
    @for_(Audience.KIOSK)
    def active() -> AnyResponse:
        hands.stay()
        return _to_the_screen()


def _add_forms(views: Blueprint, hands: Hands) -> None:
    @views.post("/kiosk/consent")
    @for_(Audience.KIOSK)
    def consent() -> AnyResponse:
        hands.agree(_version(), consented(**_agreed()))
        return _to_the_screen()

    @views.post("/kiosk/needs")
    @for_(Audience.KIOSK)
    def need() -> AnyResponse:
        names = [field.name for field in fields(Needs)]
        hands.need(Needs(**{name: _ticked(name) for name in names}))
        return _to_the_screen()

    @views.post("/kiosk/language")
    @for_(Audience.KIOSK)
    def speak() -> AnyResponse:
        if not hands.speak(_version(), request.form.get("language", "")):
            abort(400, say("The panel does not speak that language."))
        return _to_the_screen()

    @views.post("/kiosk/propose")
    @for_(Audience.KIOSK)
    def propose() -> AnyResponse:
        hands.propose(**_agreed())
        return _to_the_screen()

    @views.post("/kiosk/choose")
    @for_(Audience.KIOSK)
    def choose() -> AnyResponse:
        if hands.choose(_version(), *_choice()) is Taken.NO_QUESTIONS:
            abort(409, NO_QUESTIONS)
        return _to_the_screen()

    @views.post("/kiosk/answer")
    @for_(Audience.KIOSK)
    def answer() -> AnyResponse:
        hands.answer(_version(), request.form.get("text", ""))
        return _to_the_screen()

    @views.post("/kiosk/draft")
    @for_(Audience.KIOSK)
    def draft() -> AnyResponse:
        hands.keep_draft(_version(), request.form.get("text", ""))
        return _to_the_screen()


def _add_paper(views: Blueprint, desk: FrontDesk, home: TakeHome) -> None:
    @views.post("/kiosk/print")
    @for_(Audience.KIOSK)
    def print_report() -> AnyResponse:
        if desk.booth.session.state is not State.REPORT:
            abort(409, _PASSED)
        paper = home.paper
        if not paper.shown.is_printing or _ticked("again"):
            with suppress(BoothError):  # the screen says it
                paper.print()
        return _to_the_screen()


def _add_record(views: Blueprint, visit: Visit, home: TakeHome, record: OwnRecord) -> None:
    """The person's own record; each form counts only on the screen on which it stands."""

    def led(there: bool) -> AnyResponse:
        if not there:
            abort(409, _PASSED)
        return _to_the_screen()

    @views.post("/kiosk/record/keep")
    @for_(Audience.KIOSK)
    def keep_record() -> AnyResponse:
        code, transcript = request.form.get("code", ""), _ticked("transcript")
        return led(record.keep(code, transcript=transcript))

    @views.post("/kiosk/record/open")
    @for_(Audience.KIOSK)
    def open_record() -> AnyResponse:
        return led(record.open(request.form.get("code", "")))

    @views.post("/kiosk/record/take")
    @for_(Audience.KIOSK)
    def take_record() -> AnyResponse:
        number = visit.number
        file = record.file()
        if file is not None:
            home.offer(lambda: file, number)
        return _to_the_screen()

    @views.post("/kiosk/record/delete")
    @for_(Audience.KIOSK)
    def delete_record() -> AnyResponse:
        home.withdraw()
        return led(record.delete())

    @views.post("/kiosk/record/close")
    @for_(Audience.KIOSK)
    def close_record() -> AnyResponse:
        if record.shown.summaries:
            home.withdraw()
        record.close()
        return _to_the_screen()


def _place() -> Span | None:
    """The place of an answer that somebody looks for; None where they look for none."""
    start_s, end_s = (request.args.get(name, -1.0, type=float) for name in ("start", "end"))
    return Span(start_s, end_s) if 0 <= start_s <= end_s < math.inf else None


def _to_the_screen() -> AnyResponse:
    """A script is told that it was taken; a page is led to the screen as it is now."""
    if request.headers.get(TOKEN_HEADER):
        return Response(status=204)
    return redirect(url_for("kiosk.page"), code=303)


def _version() -> str:
    """On which screen a form was pressed."""
    return request.form.get("version", "")


def _agreed() -> dict[str, bool]:
    """What is ticked on the question of consent."""
    return {name: _ticked(name) for name in ("voice", "camera", "expression", "wording")}


def _ticked(name: str) -> bool:
    return request.form.get(name) == "on"


def _choice() -> tuple[Role, Competency | None, int]:
    """What somebody chose; what is no choice is refused."""
    role, focus = request.form.get("role", ""), request.form.get("focus", "")
    count = request.form.get("count", 0, type=int)
    roles: tuple[Role, ...] = get_args(Role)
    focuses: tuple[Competency, ...] = get_args(Competency)
    sought = next((one for one in focuses if one == focus), None)
    kind = next((one for one in roles if one == role), None)
    if kind is None or count not in SET_LENGTHS or (focus and sought is None):
        abort(400, say("That cannot be chosen."))
    return kind, sought, count
