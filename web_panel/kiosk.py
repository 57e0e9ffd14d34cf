"""The screen of the booth: pages, and what a person does on them."""

import time
from collections.abc import Callable
from typing import get_args

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from appliance.domain.questions import SET_LENGTHS, Competency, Role
from appliance.interview.front_desk import FrontDesk
from appliance.interview.session_events import Kind, State, chose, consented
from appliance.reporting.timeline_picture import NARROW, WIDE
from web_panel.access import TOKEN_HEADER, Audience, for_
from web_panel.own_record import OwnRecord
from web_panel.screens import RECORD_VIEW, context_of, template_of, version_of
from web_panel.take_home import TakeHome
from web_panel.timeline import timeline_image
from web_panel.visit import Visit

_ACTS = {
    kind.value: kind
    for kind in (
        Kind.START,
        Kind.GO_ON,
        Kind.BACK,
        Kind.ANSWER,
        Kind.FINISH,
        Kind.PAUSE,
        Kind.SKIP,
        Kind.AGAIN,
        Kind.TO_REPORT,
        Kind.LEAVE,
        Kind.ACTIVE,
    )
}
_LONGEST_ANSWER = 20_000
"""Characters of a typed answer: more than anybody types in an interview."""

_TAKEN_S = 1.0
"""How long a page waits for the booth to take what was done; a turn comes sooner."""

_LOOK_S = 0.02


def kiosk(desk: FrontDesk, visit: Visit, home: TakeHome, record: OwnRecord) -> Blueprint:
    """The views of the booth's own screen.

    Args:
        desk: the booth.
        visit: what the panel remembers of the person.
        home: how the report is taken home.
        record: the person's own.
    """
    views = Blueprint("kiosk", __name__)
    hands = Hands(desk, visit)
    _add_pages(views, desk, visit, home, record)
    _add_acts(views, hands, home)
    _add_forms(views, desk, visit, hands)
    _add_record(views, hands, home, record)
    return views


class Hands:
    """Takes what a person does on a screen, once, and only on the screen that is there.

    Args:
        desk: the booth.
        visit: what the panel remembers of the person.
    """

    def __init__(self, desk: FrontDesk, visit: Visit) -> None:
        self.booth = desk.booth
        self._visit = visit

    def do(self, act: Callable[[], None]) -> AnyResponse:
        """Do it, unless the screen has changed since; then show the screen as it is now."""
        version = request.form.get("version", "")
        if version == self._version() and self._visit.takes(version):
            act()
            self._wait_for_another(version)
        return self.answer()

    def answer(self) -> AnyResponse:
        """A script is told that it was taken; a page is led back to the screen."""
        if request.headers.get(TOKEN_HEADER):
            return Response(status=204)
        return redirect(url_for("kiosk.page"), code=303)

    def _version(self) -> str:
        return version_of(self.booth.snapshot())

    def _wait_for_another(self, version: str) -> None:
        end_s = time.monotonic() + _TAKEN_S
        while self._version() == version and time.monotonic() < end_s:
            time.sleep(_LOOK_S)


def _add_pages(
    views: Blueprint, desk: FrontDesk, visit: Visit, home: TakeHome, record: OwnRecord
) -> None:
    def rendered(layout: str) -> str:
        view, page = request.args.get("view", ""), request.args.get("page", 0, type=int)
        context = context_of(desk, visit, view, max(0, page))
        asked = view == RECORD_VIEW and record.is_possible
        screen = template_of(State(context["state"]), of_record=asked or record.shown.has_news)
        return render_template(layout, screen=screen, home=home, record=record, **context)

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

    @views.get("/kiosk/answers/<int:number>/<any(wide, narrow):size>.svg")
    @for_(Audience.KIOSK)
    def timeline(number: int, size: str) -> Response:
        given = desk.booth.given
        report = given[number].outcome.report if number < len(given) else None
        if report is None:
            abort(404, "There is no such answer any more.")
        return timeline_image(report, WIDE if size == WIDE.name else NARROW)


def _add_acts(views: Blueprint, hands: Hands, home: TakeHome) -> None:
    @views.post("/kiosk/do")
    @for_(Audience.KIOSK)
    def do() -> AnyResponse:
        kind = _ACTS.get(request.form.get("act", ""))
        if kind is None:
            abort(400, "The booth does not know what to do.")
        return hands.do(lambda: hands.booth.do(kind))

    @views.post("/kiosk/take")
    @for_(Audience.KIOSK)
    def take() -> AnyResponse:
        home.offer_report()
        return hands.answer()

    @views.post("/kiosk/active")
    @for_(Audience.KIOSK)
    def active() -> AnyResponse:
        hands.booth.do(Kind.ACTIVE)
        return hands.answer()


def _add_forms(views: Blueprint, desk: FrontDesk, visit: Visit, hands: Hands) -> None:
    booth = desk.booth

    @views.post("/kiosk/consent")
    @for_(Audience.KIOSK)
    def consent() -> AnyResponse:
        agreed = _ticked("voice"), _ticked("camera"), _ticked("expression")
        return hands.do(
            lambda: booth.do(consented(voice=agreed[0], camera=agreed[1], expression=agreed[2]))
        )

    @views.post("/kiosk/propose")
    @for_(Audience.KIOSK)
    def propose() -> AnyResponse:
        booth.propose(
            voice=_ticked("voice"), camera=_ticked("camera"), expression=_ticked("expression")
        )
        return hands.answer()

    @views.post("/kiosk/choose")
    @for_(Audience.KIOSK)
    def choose() -> AnyResponse:
        drawn = desk.draw(*_choice())
        if not drawn:
            abort(409, "There are no questions for that choice. Choose another.")
        return hands.do(lambda: booth.do(chose(*drawn)))

    @views.post("/kiosk/answer")
    @for_(Audience.KIOSK)
    def answer() -> AnyResponse:
        text = request.form.get("text", "").strip()[:_LONGEST_ANSWER]
        return hands.do(lambda: booth.type_answer(text))

    @views.post("/kiosk/draft")
    @for_(Audience.KIOSK)
    def draft() -> AnyResponse:
        version = version_of(booth.snapshot())
        if request.form.get("version") == version:
            visit.keep_draft(version, request.form.get("text", "")[:_LONGEST_ANSWER])
        return hands.answer()


def _add_record(views: Blueprint, hands: Hands, home: TakeHome, record: OwnRecord) -> None:
    """The person's own record; each form counts only on the screen on which it stands."""

    def only_at(state: State) -> None:
        if hands.booth.session.state is not state:
            abort(409, "The screen has changed since.")

    @views.post("/kiosk/record/keep")
    @for_(Audience.KIOSK)
    def keep_record() -> AnyResponse:
        only_at(State.REPORT)
        record.keep(request.form.get("code", ""), transcript=_ticked("transcript"))
        return hands.answer()

    @views.post("/kiosk/record/open")
    @for_(Audience.KIOSK)
    def open_record() -> AnyResponse:
        only_at(State.WELCOME)
        record.open(request.form.get("code", ""))
        return hands.answer()

    @views.post("/kiosk/record/take")
    @for_(Audience.KIOSK)
    def take_record() -> AnyResponse:
        if record.shown.summaries:
            home.offer(record.file)
        return hands.answer()

    @views.post("/kiosk/record/delete")
    @for_(Audience.KIOSK)
    def delete_record() -> AnyResponse:
        record.delete()
        return hands.answer()

    @views.post("/kiosk/record/close")
    @for_(Audience.KIOSK)
    def close_record() -> AnyResponse:
        record.close()
        return hands.answer()


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
        abort(400, "That cannot be chosen.")
    return kind, sought, count
