"""Who may call what: every view says for whom it is, or the panel does not start."""

import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from ipaddress import ip_address
from typing import Any, TypeVar

from flask import Flask, Response, abort, redirect, request, url_for
from werkzeug.datastructures import Headers, WWWAuthenticate
from werkzeug.wrappers import Response as AnyResponse

from web_panel.admin_sessions import AdminSessions, Shown
from web_panel.words import say

_MARK = "panel_audience"
_ROOM = "panel_room"
LARGEST_FILE = 256 * 1024
"""Bytes of a request that brings a file; so much stays in memory."""

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
TOKEN_FIELD = "token"  # noqa: S105 - the name of a field
DOOR_FIELD = "door"
FORM_FIELD = "form"
COOKIE = "booth_staff"
TOKEN_HEADER = "X-Booth-Token"  # noqa: S105 - the name of a header

_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

_FOR_PROGRAMS = ("/api/", "/healthz", "/readyz", "/metrics")

_OLD_PAGE = say("The page is out of date. Load it again.")

View = TypeVar("View", bound=Callable[..., Any])


class Audience(str, Enum):
    """Who may call a view."""

    ANYONE = "anyone"
    """Whoever reaches the port; for what tells nothing of a person or a site."""
    KIOSK = "kiosk"
    """The screen of the booth itself: a browser on this machine."""
    ADMIN_DOOR = "admin_door"
    """Whoever reaches the port, from our own page or by a program: where somebody signs in."""
    ADMIN = "admin"
    """Who is signed in: a browser by its cookie, a program by its token, neither by the other's."""


def for_(audience: Audience) -> Callable[[View], View]:
    """Declare for whom a view is."""

    def declare(view: View) -> View:
        setattr(view, _MARK, audience)
        return view

    return declare


def brings_a_file(view: View) -> View:
    """Let a view take requests of up to `LARGEST_FILE`; all others take fewer."""
    setattr(view, _ROOM, LARGEST_FILE)
    return view


def audience_of(app: Flask, endpoint: str) -> Audience | None:
    """For whom a view is; None where nobody said."""
    found = getattr(app.view_functions[endpoint], _MARK, None)
    return found if isinstance(found, Audience) else None


class UndeclaredViewError(RuntimeError):
    """A view does not say for whom it is: a fault of the panel, found when it starts."""


@dataclass(frozen=True, slots=True)
class Doors:
    """What is needed to tell who calls.

    Attributes:
        secret: of this booth; tokens are made with it.
        hosts: names by which this machine is called, lower case, without port.
        lan: other machines may call, too, also by the number of this one. A page elsewhere can
            make a name of its own lead here, but no number.
        sessions: of administrators.
    """

    secret: bytes
    hosts: frozenset[str]
    lan: bool = False
    sessions: AdminSessions = field(default_factory=lambda: AdminSessions(time.monotonic))

    @property
    def kiosk_token(self) -> str:
        """What a page of the kiosk sends along, and no other page can know."""
        return self._token(b"kiosk")

    @property
    def door_token(self) -> str:
        """What the page to sign in sends along."""
        return self._token(b"door")

    def _token(self, purpose: bytes) -> str:
        return hmac.new(self.secret, purpose, hashlib.sha256).hexdigest()


def guard(app: Flask, doors: Doors) -> None:
    """Check every call before its view, and put the security headers on every answer.

    Raises:
        UndeclaredViewError: a view does not say for whom it is.
    """
    for endpoint in app.view_functions:
        if endpoint != "static" and audience_of(app, endpoint) is None:
            raise UndeclaredViewError(f"The view '{endpoint}' does not say for whom it is.")

    @app.before_request
    def check() -> AnyResponse | None:
        host = _host()
        if host not in doors.hosts and not (doors.lan and _is_number(host)):
            abort(421, say("This address is not one of the booth's."))
        if request.endpoint in {None, "static"}:
            return None
        if room := getattr(app.view_functions[str(request.endpoint)], _ROOM, None):
            request.max_content_length = request.max_form_memory_size = room
        return _refusal(doors, audience_of(app, str(request.endpoint)))

    @app.after_request
    def cover(response: Response) -> Response:
        _cover(response.headers)
        return response


def _host() -> str:
    """The name by which we were called, without its port."""
    host = (request.headers.get("Host") or "").lower()
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.rpartition(":")[0] or host if ":" in host else host


def _refusal(doors: Doors, audience: Audience | None) -> AnyResponse | None:
    """Let a call through to a view of an audience, or refuse it; staff are led to their door."""
    if audience is Audience.ANYONE:
        return None
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        abort(403, say("Another page may not call the booth."))
    if is_for_programs() and audience in {Audience.ADMIN, Audience.ADMIN_DOOR}:
        if audience is Audience.ADMIN:
            _require_bearer(doors)
        return None  # their door needs no token: no page of another site can send JSON here
    if audience is Audience.ADMIN:
        return _refusal_of_staff(doors)
    if audience is not Audience.ADMIN_DOOR and not is_loopback(request.remote_addr):
        abort(403, say("This page is only for the screen of the booth."))
    if request.method not in SAFE_METHODS:
        at_door = audience is Audience.ADMIN_DOOR
        given = request.headers.get(TOKEN_HEADER) or request.form.get(
            DOOR_FIELD if at_door else TOKEN_FIELD, ""
        )
        _require_same(given, doors.door_token if at_door else doors.kiosk_token)
    return None


def _refusal_of_staff(doors: Doors) -> AnyResponse | None:
    """Only who is signed in, and what they change only from a page of their own session."""
    token = request.cookies.get(COOKIE, "")
    if doors.sessions.find(token) is None:
        if request.method in SAFE_METHODS:
            return redirect(url_for("admin.door"), code=303)
        abort(403, say("Sign in first."))
    if request.method not in SAFE_METHODS:
        given = request.form.get(FORM_FIELD, "")
        if not doors.sessions.is_csrf(token, given):
            abort(403, _OLD_PAGE)
    return None


def bearer() -> str:
    """The token that a program sends along; empty where there is none."""
    given = request.authorization
    return given.token or "" if given is not None and given.type == "bearer" else ""


def _require_bearer(doors: Doors) -> None:
    """A program shows its token with every call; no browser does that by itself."""
    if doors.sessions.find(bearer(), Shown.BEARER) is None:
        abort(401, say("Sign in first."), www_authenticate=WWWAuthenticate("bearer"))


def is_for_programs() -> bool:
    """Whether a call is to what programs use: it tells faults as JSON, and knows no cookie."""
    return request.path.startswith(_FOR_PROGRAMS)


def _require_same(given: str, token: str) -> None:
    if not hmac.compare_digest(given.encode(), token.encode()):
        abort(403, _OLD_PAGE)


def _is_number(host: str) -> bool:
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def is_loopback(address: str | None) -> bool:
    """Whether a call came from this machine."""
    try:
        return ip_address(address or "").is_loopback
    except ValueError:
        return False


def _cover(headers: Headers) -> None:
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)
    headers.setdefault("Cache-Control", "no-store")
    headers.remove("Server")
