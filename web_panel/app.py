"""The panel as a Flask application, put together from its parts."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, request

from appliance.interview.front_desk import FrontDesk
from appliance.interview.session_events import State
from appliance.reporting.clock import minutes_and_seconds
from appliance.reporting.html import paragraphs
from appliance.reporting.take_away import TakeAway
from web_panel.access import LARGEST_FILE, Doors, guard
from web_panel.admin.blueprint import admin
from web_panel.admin.office import Office
from web_panel.admin.progress import SetUp
from web_panel.admin_pin import AdminPin
from web_panel.answers import tell_problems
from web_panel.api.document import Document
from web_panel.api.views import Hall, api, show_document
from web_panel.front_door import FrontDoor
from web_panel.hands import Hands
from web_panel.health import health, metrics_of
from web_panel.keyboard import keyboard_of
from web_panel.kiosk import kiosk
from web_panel.on_paper import OnPaper
from web_panel.own_record import OwnRecord
from web_panel.person import Person
from web_panel.screens import quote_of
from web_panel.small_multiples import drawn
from web_panel.staff import Staff
from web_panel.stream import Streams, stream
from web_panel.take_home import TakeHome, take_home
from web_panel.throttle import Throttle
from web_panel.visit import Visit
from web_panel.words import languages, speak

_LARGEST_REQUEST = 64 * 1024
_SOMEBODY_CAME = {State.WELCOME, State.CONSENT, State.CHECK, State.CHOOSE}
"""States before the first question; some may be gone through too fast to be told."""

_FOR_PEOPLE = {"kiosk", "take_home"}


@dataclass(frozen=True, slots=True)
class Panel:
    """What the panel is made of.

    Attributes:
        desk: the booth.
        doors: who may call.
        visit: what the panel remembers of the person who is there.
        streams: of news.
        take_away: the report that somebody takes home.
        home: how they take it.
        record: the person's own.
        office: of the administrator; None where no PIN could be kept.
    """

    desk: FrontDesk
    doors: Doors
    visit: Visit
    streams: Streams
    take_away: TakeAway
    home: TakeHome
    record: OwnRecord
    office: Office | None = None

    @property
    def door(self) -> FrontDoor | None:
        """By which administrators come in; None where no PIN could be kept."""
        return None if self.office is None else self.office.door


def panel_of(
    desk: FrontDesk,
    doors: Doors,
    lan_address: Callable[[], str | None] = lambda: None,
    folder: Path | None = None,
    staff: Staff | None = None,
) -> Panel:
    """A panel of a booth, which forgets a person when the booth does.

    Args:
        desk: the booth.
        doors: who may call.
        lan_address: where other machines find the panel; None where they cannot.
        folder: where the administrator's PIN is kept; None where nothing can be.
        staff: what the administrator's side needs besides; without it there is none.
    """
    person, take_away = Person(), TakeAway(time.monotonic)
    visit, record = Visit(person), OwnRecord(desk, person)
    paper = OnPaper(desk, visit, record, person)
    home = TakeHome(desk, take_away, lan_address, person, paper)
    for forgetful in (person, visit, home, record):  # the person first: see there
        desk.booth.news.when_forgotten(forgetful.forget)
    desk.booth.news.when_forgotten(doors.sessions.end_at_booth)

    def state_told(told: Mapping[str, Any]) -> None:
        if told["state"] in _SOMEBODY_CAME:
            doors.sessions.end_at_booth()

    desk.booth.news.when_told("state", state_told)
    streams, office = Streams(desk.booth), None
    if folder is not None and staff is not None:
        near, far = Throttle(time.monotonic), Throttle(time.monotonic)
        office = Office(
            desk=desk,
            staff=staff,
            door=FrontDoor(AdminPin(folder), doors.sessions, near, far, threading.Lock()),
            metrics=lambda: metrics_of(desk.booth, lambda: streams.count),
            set_up=SetUp(folder),
        )
    return Panel(desk, doors, visit, streams, take_away, home, record, office)


def create_app(panel: Panel) -> Flask:
    """The application.

    Raises:
        UndeclaredViewError: a view does not say for whom it is.
    """
    app = Flask("web_panel", static_url_path="/static")
    app.config.update(
        MAX_CONTENT_LENGTH=_LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=_LARGEST_REQUEST,
        LARGEST_FILE=LARGEST_FILE,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        clock=minutes_and_seconds, quote_of=quote_of, drawn=drawn, paragraphs=paragraphs
    )
    app.jinja_env.globals.update(
        token=panel.doors.kiosk_token,
        door_token=panel.doors.door_token,
        languages=languages(),
        has_office=panel.office is not None,
        keyboard_of=keyboard_of,
        screen_keyboard=panel.desk.settings.panel.screen_keyboard,
    )
    speak(app, lambda: _language(panel))
    document, hands = Document(), Hands(panel.desk, panel.visit)
    for views in (
        kiosk(panel.desk, panel.visit, hands, panel.home, panel.record),
        take_home(panel.take_away),
        stream(panel.streams, document),
        health(panel.desk.booth, lambda: panel.streams.count, document),
        api(document, panel.desk, Hall(hands, panel.home, panel.record, panel.door)),
    ):
        app.register_blueprint(views)
    if panel.office is not None:
        app.register_blueprint(admin(panel.office))
    show_document(app, document)
    tell_problems(app)
    guard(app, panel.doors)
    return app


def _language(panel: Panel) -> str:
    """The person's own on what is for them; else that of the site."""
    theirs = panel.visit.language if request.blueprint in _FOR_PEOPLE else ""
    return theirs or panel.desk.settings.site.language
