"""Choosing the PIN at the first start, and changing it."""

import secrets

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response

from appliance.domain.errors import BoothError, WrongUsageError
from web_panel.access import Audience, for_
from web_panel.admin.door import guess, signed_in
from web_panel.admin.office import Office, session_token
from web_panel.words import say


class PinsDifferError(WrongUsageError):
    """The PIN was typed twice, and not the same."""

    code = "pins_differ"


def add_pin(views: Blueprint, office: Office) -> None:
    """The PIN is chosen at the first start, on the booth's own screen; there is none before."""

    @views.get("/pin")
    @for_(Audience.KIOSK)
    def choose_pin() -> str:
        _require_none(office)
        return render_template("admin/pin.html", fault=None)

    @views.post("/pin")
    @for_(Audience.KIOSK)
    def set_pin() -> Response | tuple[str, int]:
        with office.door.trying:
            _require_none(office)
            try:
                _keep(office)
            except WrongUsageError as error:
                return render_template("admin/pin.html", fault=error), 400
        return signed_in(office, "admin.set_up")


def add_change_of_pin(views: Blueprint, office: Office) -> None:
    """The PIN is changed by who knows the old one; everybody else signs in anew."""

    @views.get("/change-pin")
    @for_(Audience.ADMIN)
    def change_pin() -> str:
        return render_template("admin/change_pin.html", fault=None, is_changed=False)

    @views.post("/change-pin")
    @for_(Audience.ADMIN)
    def keep_pin() -> tuple[str, int]:
        fault, status = guess(office, request.form.get("old", ""))
        if fault is None:
            try:
                with office.door.trying:
                    _keep(office)
            except WrongUsageError as error:
                fault, status = error, 400
            else:
                office.sessions.end_others(session_token())
        return _changed(fault), status


def _changed(fault: BoothError | None) -> str:
    return render_template("admin/change_pin.html", fault=fault, is_changed=fault is None)


def _keep(office: Office) -> None:
    """Keep what was typed twice.

    Raises:
        WrongUsageError: it cannot be a PIN, or the two are not the same.
        StorageError: it could not be kept.
    """
    pin, again = request.form.get("pin", ""), request.form.get("again", "")
    if not secrets.compare_digest(pin.encode(), again.encode()):
        raise PinsDifferError("The two are not the same.", "Type it twice.")
    office.pin.set(pin)


def _require_none(office: Office) -> None:
    if office.pin.is_set:
        abort(409, say("There is a PIN already. Sign in."))
