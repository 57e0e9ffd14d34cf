"""The administrator's side, put together from its pages."""

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from appliance.domain.errors import StorageError
from web_panel.access import is_loopback
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

_SOON_S = 60
_SOON = {
    f"admin.{view}"
    for view in ("door", "sign_in", "choose_pin", "set_pin", "change_pin", "keep_pin")
}
"""Views with a PIN in their hands."""

_STAYS = "admin.restart_now"
"""Waits for a booth that is not there meanwhile."""

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
    def form() -> dict[str, str | bool]:
        """What the forms of a session send along; there is none at the door."""
        token, is_near = session_token(), is_loopback(request.remote_addr)
        found = office.sessions.find(token)
        own = {"form": office.sessions.csrf(token)} if found else {}
        return {**own, "is_near": is_near}

    @views.errorhandler(StorageError)
    def tell(error: StorageError) -> tuple[str, int]:
        """What is kept cannot be read, such as a PIN that is damaged: staff are told what to do."""
        return render_template("problem.html", status=503, says=str(error)), 503

    @views.after_request
    def end_by_itself(response: Response) -> Response:
        """On the booth's own screen no page of staff stays for whoever comes next."""
        is_page = response.mimetype == "text/html" and not response.location
        if is_page and is_loopback(request.remote_addr) and request.endpoint != _STAYS:
            after_s = _SOON_S if request.endpoint in _SOON else round(office.sessions.idle_s)
            response.headers["Refresh"] = f"{after_s}; url={url_for('admin.leave')}"
        return response

    return views
