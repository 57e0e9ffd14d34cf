"""How the booth does."""

from flask import Blueprint, render_template

from web_panel.access import Audience, for_
from web_panel.admin.office import Office
from web_panel.machine import machine


def add_home(views: Blueprint, office: Office) -> None:
    """The first page behind the door."""
    booth = office.desk.booth

    @views.get("/")
    @for_(Audience.ADMIN)
    def home() -> str:
        return render_template(
            "admin/home.html",
            parts=(*machine(), *booth.health()),
            state=booth.session.state.value,
        )
