"""The administrator's side: a PIN, signing in, and how the booth does."""

import secrets

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from appliance.domain.errors import BoothError, WrongUsageError
from appliance.interview.front_desk import FrontDesk
from web_panel.access import COOKIE, Audience, for_
from web_panel.machine import machine
from web_panel.office import Office, TooManyTriesError, WrongPinError


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
        try:
            token = office.sign_in(request.form.get("pin", ""), request.remote_addr or "")
        except TooManyTriesError as error:
            return _door(str(error)), 429
        except WrongPinError as error:
            return _door(str(error)), 403
        return _signed_in(token)

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
        return _signed_in(office.sessions.begin())


def _require_none(office: Office) -> None:
    if office.pin.is_set:
        abort(409, "There is a PIN already. Sign in.")


def _door(says: str = "") -> str:
    return render_template("admin/sign_in.html", says=says)


def _signed_in(token: str) -> Response:
    response = redirect(url_for("admin.home"), code=303)
    response.set_cookie(COOKIE, token, path="/admin", httponly=True, samesite="Strict")
    return response
