"""Which questions can be practised, and a site's own."""

from typing import get_args

from flask import Blueprint, render_template, request

from appliance.domain.errors import BoothError
from appliance.domain.questions import Competency, Role
from appliance.domain.site_questions import KeptQuestions
from web_panel.access import Audience, brings_a_file, for_
from web_panel.admin.office import Office

_NO_FILE = "Choose a file first."
_LONGEST_NAME = 80


def add_questions(views: Blueprint, office: Office) -> None:
    """The views of the questions."""
    desk = office.staff.questions

    def shown(says: str = "", kept: KeptQuestions | None = None) -> str:
        return render_template(
            "admin/questions.html",
            counts=office.desk.count(),
            roles=get_args(Role),
            competencies=get_args(Competency),
            own=desk.look(),
            says=says,
            kept=kept,
        )

    @views.get("/questions")
    @for_(Audience.ADMIN)
    def questions() -> str:
        return shown()

    @views.post("/questions")
    @brings_a_file
    @for_(Audience.ADMIN)
    def bring_questions() -> tuple[str, int]:
        file = request.files.get("file")
        if file is None or not file.filename:
            return shown(_NO_FILE), 400
        try:
            kept = desk.keep(file.read(), file.filename[:_LONGEST_NAME])
        except BoothError as error:
            return shown(str(error)), 400
        return shown(kept=kept), 200
