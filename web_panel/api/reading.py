"""What there is to read: choices, answers with their reports, and how ratings are made."""

from flask import Blueprint, Response, abort

from appliance.domain.report import RatingGuide, Report
from appliance.interview.front_desk import FrontDesk
from appliance.interview.given import Given
from appliance.reporting.files import to_json
from web_panel.access import Audience, for_
from web_panel.api.document import Document
from web_panel.api.models import AnswerGiven, Answers, Choices


def add_reading(views: Blueprint, document: Document, desk: FrontDesk) -> None:
    """Add the views of what there is to read.

    Args:
        views: to which they are added.
        document: in which they are described.
        desk: the booth.
    """

    @views.get("/choices")
    @for_(Audience.KIOSK)
    @document.of(Choices)
    def choices() -> Choices:
        """See what can be chosen before the first question."""
        there = desk.choices
        return Choices(roles=there.roles, focuses=there.focuses, lengths=there.lengths)

    @views.get("/guide")
    @for_(Audience.KIOSK)
    @document.of(RatingGuide)
    def guide() -> RatingGuide:
        """Read how ratings are made."""
        return desk.guide()

    @views.get("/answers")
    @for_(Audience.KIOSK)
    @document.of(Answers)
    def answers() -> Answers:
        """See which answers were given."""
        given = enumerate(desk.booth.given)
        return Answers(answers=tuple(_told(number, one) for number, one in given))

    @views.get("/answers/<int:number>")
    @for_(Audience.KIOSK)
    @document.of(Report, 404)
    def report(number: int) -> Response:
        """Read the report of an answer, as in `report.json`."""
        found = desk.report(number)
        if found is None:
            abort(404, "There is no report of such an answer.")
        return Response(to_json(found), mimetype="application/json")


def _told(number: int, given: Given) -> AnswerGiven:
    report, wrong = given.outcome.report, given.outcome.fault
    if report is not None and report.gate is not None:
        wrong = report.gate.says
    return AnswerGiven(
        number=number,
        question=given.question.id,
        attempt=given.attempt,
        rated=wrong is None,
        wrong=wrong,
    )
