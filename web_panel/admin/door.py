"""Signing in and out."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from appliance.domain.errors import BoothError
from web_panel.access import COOKIE, Audience, for_, is_loopback
from web_panel.admin.office import Office, session_token
from web_panel.front_door import TooManyTriesError, WrongPinError

THROTTLED, WRONG = 429, 403


def add_door(views: Blueprint, office: Office) -> None:
    """The views by which somebody comes in and leaves."""

    @views.get("/sign-in")
    @for_(Audience.ADMIN_DOOR)
    def door() -> Response | str:
        if not office.pin.is_set:
            return redirect(url_for("admin.choose_pin"))
        return render_template("admin/sign_in.html", fault=None)

    @views.post("/sign-in")
    @for_(Audience.ADMIN_DOOR)
    def sign_in() -> Response | tuple[str, int]:
        fault, status = guess(office, request.form.get("pin", ""))
        if fault is not None:
            return render_template("admin/sign_in.html", fault=fault), status
        return signed_in(office, "admin.home")

    @views.post("/sign-out")
    @for_(Audience.ADMIN)
    def sign_out() -> Response:
        office.sessions.end(session_token())
        return _out("/" if "to_booth" in request.form else url_for("admin.door"))

    @views.get("/leave")
    @for_(Audience.KIOSK)
    def leave() -> Response:
        """Where a page leads by itself when nobody has touched it for a while."""
        office.sessions.end_at_booth()
        return _out("/")


def guess(office: Office, pin: str) -> tuple[BoothError | None, int]:
    """Try a PIN: why it does not let anybody in, and the status for it; else nothing, and 200.

    Args:
        office: counts the guesses.
        pin: as it was typed.
    """
    try:
        office.door.require_pin(pin, request.remote_addr or "")
    except TooManyTriesError as error:
        return error, THROTTLED
    except WrongPinError as error:
        return error, WRONG
    return None, 200


def signed_in(office: Office, page: str) -> Response:
    """Lead somebody in.

    Args:
        office: keeps the session.
        page: the view that they come to.
    """
    token = office.sessions.begin(is_near=is_loopback(request.remote_addr))
    response = redirect(url_for(page), code=303)
    response.set_cookie(COOKIE, token, path="/admin", httponly=True, samesite="Strict")
    return response


def _out(address: str) -> Response:
    """Lead somebody out, to an address."""
    response = redirect(address, code=303)
    response.delete_cookie(COOKIE, path="/admin", httponly=True, samesite="Strict")
    return response
