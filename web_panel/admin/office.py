"""What the pages of the administrator's side share."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import abort, request

from appliance.domain.errors import BoothError
from appliance.interview.front_desk import FrontDesk
from appliance.interview.session_events import State
from web_panel.access import COOKIE
from web_panel.admin.progress import SetUp
from web_panel.admin_pin import AdminPin
from web_panel.admin_sessions import AdminSessions
from web_panel.front_door import FrontDoor
from web_panel.staff import Examination, Staff
from web_panel.words import say

_CHANGED = "settings_changed"


@dataclass(frozen=True, slots=True)
class Office:
    """What the administrator's side works with.

    Attributes:
        desk: the booth.
        staff: what else can be seen and changed of it.
        door: by which administrators come in.
        metrics: the booth's figures.
        set_up: how far somebody has set it up.
    """

    desk: FrontDesk
    staff: Staff
    door: FrontDoor
    metrics: Callable[[], bytes]
    set_up: SetUp

    @property
    def is_free(self) -> bool:
        """Whether nobody is being interviewed."""
        return self.desk.booth.session.state is State.ATTRACT

    @property
    def pin(self) -> AdminPin:
        """Of this booth."""
        return self.door.pin

    @property
    def sessions(self) -> AdminSessions:
        """Who is signed in."""
        return self.door.sessions


def begin(office: Office, look: Examination) -> None:
    """Begin a look at the booth, or tell why not now: nobody who is interviewed is disturbed."""
    if not office.is_free:
        abort(409, say("Somebody is being interviewed. Try again when the booth is free."))
    if not look.begin():
        abort(409, say("A look goes on already. Wait until it is done."))


def status_of(error: BoothError) -> int:
    """Of an answer that tells why settings could not be written."""
    return 409 if error.code == _CHANGED else 400


def session_token() -> str:
    """What names the session of the browser that calls; may be anything."""
    return request.cookies.get(COOKIE, "")
