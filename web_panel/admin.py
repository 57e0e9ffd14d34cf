"""The administrator's side: a PIN, signing in, and how the booth does."""

import secrets
import threading
from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from appliance.domain.errors import BoothError, WrongUsageError
from appliance.interview.front_desk import FrontDesk
from web_panel.access import COOKIE, Audience, for_, is_loopback
from web_panel.admin_pin import AdminPin
from web_panel.admin_sessions import AdminSessions
from web_panel.machine import machine
from web_panel.throttle import Throttle


@dataclass(frozen=True, slots=True)
class Office:
    """What the administrator's side works with.

    Attributes:
        pin: of this booth.
        sessions: who is signed in.
        near: for whoever guesses at the booth itself.
        far: for whoever guesses from other machines, so that they lock out nobody at the booth.
        trying: one guess at a time.
    """

    pin: AdminPin
    sessions: AdminSessions
    near: Throttle
    far: Throttle
    trying: threading.Lock


def admin(desk: FrontDesk, office: Office) -> Blueprint:
    """The views of the administrator.

    Args:
        desk: the booth.
        office: PIN, sessions and guesses.
    """
    views = Blueprint("admin", __name__, url_prefix="/admin")
    _add_signing_in(views, office)
    _add_pin(views, office)

    @views.get("/")
    @for_(Audience.ADMIN)
    def home() -> str:
        token = request.cookies.get(COOKIE, "")
        return render_template(
            "admin/home.html",
            parts=(*machine(), *desk.booth.health()),
            state=desk.booth.session.state.value,
            form=office.sessions.csrf(token),
        )

    return views


def _add_signing_in(views: Blueprint, office: Office) -> None:
    @views.get("/sign-in")
    @for_(Audience.ADMIN_DOOR)
    def door() -> Response | str:
        if not office.pin.is_set:
            return redirect(url_for("admin.choose_pin"))
        return _door()

    @views.post("/sign-in")
    @for_(Audience.ADMIN_DOOR)
    def sign_in() -> Response | tuple[str, int]:
        who = request.remote_addr or ""
        throttle = office.near if is_loopback(who) else office.far
        with office.trying:
            wait_s = throttle.wait_s(who)
            if wait_s > 0:
                return _door(f"Too many tries. Try again in {wait_s:.0f} s."), 429
            if not office.pin.matches(request.form.get("pin", "")):
                throttle.failed(who)
                return _door("That is not the PIN."), 403
            throttle.succeeded(who)
        return _signed_in(office)

    @views.post("/sign-out")
    @for_(Audience.ADMIN)
    def sign_out() -> Response:
        office.sessions.end(request.cookies.get(COOKIE, ""))
        response = redirect(url_for("admin.door"), code=303)
        response.delete_cookie(COOKIE, path="/admin", httponly=True, samesite="Strict")
        return response


def _add_pin(views: Blueprint, office: Office) -> None:
    """The PIN is chosen at the first start, on the booth's own screen; there is none before."""

    @views.get("/pin")
    @for_(Audience.KIOSK)
    def choose_pin() -> str:
        _require_none(office)
        return render_template("admin/pin.html", says="")

    @views.post("/pin")
    @for_(Audience.KIOSK)
    def set_pin() -> Response | tuple[str, int]:
        with office.trying:
            _require_none(office)
            pin, again = request.form.get("pin", ""), request.form.get("again", "")
            try:
                if not secrets.compare_digest(pin.encode(), again.encode()):
                    raise WrongUsageError("The two are not the same.", "Type it twice.")
                office.pin.set(pin)
            except BoothError as error:
                return render_template("admin/pin.html", says=str(error)), 400
        return _signed_in(office)


def _require_none(office: Office) -> None:
    if office.pin.is_set:
        abort(409, "There is a PIN already. Sign in.")


def _door(says: str = "") -> str:
    return render_template("admin/sign_in.html", says=says)


def _signed_in(office: Office) -> Response:
    response = redirect(url_for("admin.home"), code=303)
    response.set_cookie(
        COOKIE, office.sessions.begin(), path="/admin", httponly=True, samesite="Strict"
    )
    return response
