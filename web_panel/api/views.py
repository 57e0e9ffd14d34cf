"""All views of the API, under `/api/v1`."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, Response, jsonify

from appliance.interview.front_desk import FrontDesk
from web_panel.access import Audience, for_
from web_panel.api.document import Document
from web_panel.api.home import add_home
from web_panel.api.reading import add_reading
from web_panel.api.record import add_record
from web_panel.api.session import add_session
from web_panel.api.staff import add_staff
from web_panel.api.taking import require_json
from web_panel.front_door import FrontDoor
from web_panel.hands import Hands
from web_panel.own_record import OwnRecord
from web_panel.take_home import TakeHome


@dataclass(frozen=True, slots=True)
class Hall:
    """What the API works with, besides the booth.

    Attributes:
        hands: take what is done on a screen.
        home: how the report is taken home.
        record: the person's own.
        door: of the administrator; None where no PIN could be kept.
    """

    hands: Hands
    home: TakeHome
    record: OwnRecord
    door: FrontDoor | None


def api(document: Document, desk: FrontDesk, hall: Hall) -> Blueprint:
    """The views of the API.

    Args:
        document: in which they are described.
        desk: the booth.
        hall: what else it works with.
    """
    views = Blueprint("api", __name__, url_prefix="/api/v1")
    views.before_request(require_json)
    add_session(views, document, desk.booth, hall.hands)
    add_reading(views, document, desk)
    add_home(views, document, desk, hall.home)
    add_record(views, document, hall.record)
    if hall.door is not None:
        add_staff(views, document, desk.booth, hall.door)
    return views


def show_document(app: Flask, document: Document) -> None:
    """Serve the document of an application that has all its other views.

    It tells nothing of a person or a site, so that it is for anyone: programs read it first.
    """

    @app.get("/api/v1/openapi.json")
    @for_(Audience.ANYONE)
    @document.of_plain("application/json")
    def openapi() -> Response:
        """Read this document."""
        return jsonify(written)

    written: dict[str, Any] = document.write(app)
