"""Choosing the PIN at the first start."""

import secrets

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response

from appliance.domain.errors import BoothError, WrongUsageError
from web_panel.access import Audience, for_
from web_panel.admin.door import signed_in
from web_panel.admin.office import Office


def add_pin(views: Blueprint, office: Office) -> None:
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
            try:
                _keep(office)
            except BoothError as error:
                return render_template("admin/pin.html", says=str(error)), 400
        return signed_in(office, "admin.home")


def _keep(office: Office) -> None:
    """Keep what was typed twice.

    Raises:
        WrongUsageError: it cannot be a PIN, or the two are not the same.
        StorageError: it could not be kept.
    """
    pin, again = request.form.get("pin", ""), request.form.get("again", "")
    if not secrets.compare_digest(pin.encode(), again.encode()):
        raise WrongUsageError("The two are not the same.", "Type it twice.")
    office.pin.set(pin)


def _require_none(office: Office) -> None:
    if office.pin.is_set:
        abort(409, "There is a PIN already. Sign in.")
