"""The administrator's side, put together from its pages."""

from flask import Blueprint

from web_panel.admin.door import add_door
from web_panel.admin.home import add_home
from web_panel.admin.numbers import add_numbers
from web_panel.admin.office import Office, session_token
from web_panel.admin.pin import add_change_of_pin, add_pin
from web_panel.admin.questions import add_questions
from web_panel.admin.restart import add_restart
from web_panel.admin.set_up import add_set_up
from web_panel.admin.settings import add_settings
from web_panel.admin.support import add_support

_INSIDE = (
    add_home,
    add_settings,
    add_questions,
    add_numbers,
    add_support,
    add_change_of_pin,
    add_restart,
    add_set_up,
)


def admin(office: Office) -> Blueprint:
    """The views of the administrator.

    Args:
        office: what they work with.
    """
    views = Blueprint("admin", __name__, url_prefix="/admin")
    for add in (add_door, add_pin, *_INSIDE):
        add(views, office)

    @views.context_processor
    def form() -> dict[str, str]:
        """What the forms of a session send along; there is none at the door."""
        token = session_token()
        return {"form": office.sessions.csrf(token)} if office.sessions.find(token) else {}

    return views
