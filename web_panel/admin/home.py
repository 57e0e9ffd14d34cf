"""How the booth does."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from web_panel.access import Audience, for_
from web_panel.admin.office import Office, begin
from web_panel.machine import machine


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
        begin(office, doctor)
        return redirect(url_for("admin.home"), code=303)
