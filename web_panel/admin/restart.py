"""Starting the booth again."""

from flask import Blueprint, render_template, request

from web_panel.access import Audience, for_
from web_panel.admin.office import Office


def add_restart(views: Blueprint, office: Office) -> None:
    """The views to start the booth again; nobody who is interviewed is cut off unasked."""
    staff = office.staff

    def shown(status: int = 200) -> tuple[str, int]:
        page = render_template(
            "admin/restart.html",
            is_possible=staff.restart.is_possible,
            is_free=office.is_free,
            running=staff.versions.running,
            installed=staff.versions.installed(),
            is_refused=status != 200,
        )
        return page, status

    @views.get("/restart")
    @for_(Audience.ADMIN)
    def restart() -> tuple[str, int]:
        return shown()

    @views.post("/restart")
    @for_(Audience.ADMIN)
    def restart_now() -> tuple[str, int]:
        may = office.is_free or request.form.get("sure") == "on"
        if not staff.restart.is_possible or not may:
            return shown(409)
        staff.restart.now()
        return render_template("admin/restarting.html"), 202
