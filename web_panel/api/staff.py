"""The administrator's side for programs: signing in, and how the booth does."""

import math

from flask import Blueprint, Response, abort, request

from appliance.domain.errors import StorageError
from appliance.interview.booth import Booth
from web_panel.access import Audience, bearer, for_
from web_panel.answers import problem
from web_panel.api.document import Document
from web_panel.api.models import Part, Parts, Pin, SignedIn
from web_panel.front_door import FrontDoor, TooManyTriesError, WrongPinError
from web_panel.machine import machine


def add_staff(views: Blueprint, document: Document, booth: Booth, door: FrontDoor) -> None:
    """Add the views of the administrator.

    Args:
        views: to which they are added.
        document: in which they are described.
        booth: how it does.
        door: PIN, sessions and guesses.
    """

    @views.post("/admin/sessions")
    @for_(Audience.ADMIN_DOOR)
    @document.of(SignedIn, 409, 429, 503)
    def sign_in(json: Pin) -> SignedIn:
        """Sign in, until 15 minutes have gone by without a call, or 8 hours."""
        try:
            if not door.pin.is_set:
                abort(problem(409, "no_pin", "There is no PIN yet. Choose one at the booth."))
            token = door.sign_in(json.pin, request.remote_addr or "")
        except WrongPinError as error:
            abort(problem(403, error.code, str(error)))
        except TooManyTriesError as error:
            told = problem(429, error.code, str(error))
            told.headers["Retry-After"] = str(math.ceil(error.wait_s))
            abort(told)
        except StorageError as error:
            abort(problem(503, error.code, str(error)))
        return SignedIn(token=token)

    @views.delete("/admin/sessions")
    @for_(Audience.ADMIN)
    @document.of(None, 401, status=204)
    def sign_out() -> Response:
        """Sign out."""
        door.sessions.end(bearer())
        return Response(status=204)

    @views.get("/admin/health")
    @for_(Audience.ADMIN)
    @document.of(Parts, 401)
    def parts() -> Parts:
        """See how the booth and its machine do."""
        found = (*machine(), *booth.health())
        return Parts(parts=tuple(Part.model_validate(part.to_json_value()) for part in found))
