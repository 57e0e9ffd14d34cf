"""How the booth does."""

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from web_panel.access import Audience, for_
from web_panel.admin.office import Office
from web_panel.machine import machine

_TAKEN = "Somebody is being interviewed. Look when the booth is free."
_BUSY = "A look goes on already. Wait until it is done."


def add_home(views: Blueprint, office: Office) -> None:
    """The first page behind the door, with what the doctor found."""
    booth, doctor = office.desk.booth, office.staff.doctor

    @views.get("/")
    @for_(Audience.ADMIN)
    def home() -> str:
        return render_template(
            "admin/home.html",
            parts=(*machine(), *booth.health()),
            state=booth.session.state.value,
            doctor=doctor,
            is_free=office.is_free,
            is_set_up=office.set_up.is_finished,
        )

    @views.post("/examine")
    @for_(Audience.ADMIN)
    def examine() -> Response:
        if not office.is_free:
            abort(409, _TAKEN)
        if not doctor.begin():
            abort(409, _BUSY)
        return redirect(url_for("admin.home"), code=303)
