"""Who may call what: every view says for whom it is, or the panel does not start."""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from ipaddress import ip_address
from typing import Any, TypeVar

from flask import Flask, Response, abort, request
from werkzeug.datastructures import Headers

_MARK = "panel_audience"
_SAFE = {"GET", "HEAD", "OPTIONS"}
TOKEN_FIELD = "token"  # noqa: S105 - the name of a field
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

View = TypeVar("View", bound=Callable[..., Any])


class Audience(str, Enum):
    """Who may call a view."""

    ANYONE = "anyone"
    """Whoever reaches the port; for what tells nothing of a person or a site."""
    KIOSK = "kiosk"
    """The screen of the booth itself: a browser on this machine."""


def for_(audience: Audience) -> Callable[[View], View]:
    """Declare for whom a view is."""

    def declare(view: View) -> View:
        setattr(view, _MARK, audience)
        return view

    return declare


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
    """

    secret: bytes
    hosts: frozenset[str]
    lan: bool = False

    @property
    def kiosk_token(self) -> str:
        """What a page of the kiosk sends along, and no other page can know."""
        return hmac.new(self.secret, b"kiosk", hashlib.sha256).hexdigest()


def guard(app: Flask, doors: Doors) -> None:
    """Check every call before its view, and put the security headers on every answer.

    Raises:
        UndeclaredViewError: a view does not say for whom it is.
    """
    for endpoint in app.view_functions:
        if endpoint != "static" and audience_of(app, endpoint) is None:
            raise UndeclaredViewError(f"The view '{endpoint}' does not say for whom it is.")

    @app.before_request
    def check() -> None:
        host = _host()
        if host not in doors.hosts and not (doors.lan and _is_number(host)):
            abort(421, "This address is not one of the booth's.")
        if request.endpoint in {None, "static"}:
            return
        if audience_of(app, str(request.endpoint)) is not Audience.ANYONE:
            _require_kiosk(doors)

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


def _require_kiosk(doors: Doors) -> None:
    """Only a browser on this machine, and what it changes only from our own page."""
    if not _is_loopback(request.remote_addr):
        abort(403, "This page is only for the screen of the booth.")
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        abort(403, "Another page may not call the booth.")
    if request.method in _SAFE:
        return
    given = request.headers.get(TOKEN_HEADER) or request.form.get(TOKEN_FIELD, "")
    if not hmac.compare_digest(given.encode(), doors.kiosk_token.encode()):
        abort(403, "The page is out of date. Load it again.")


def _is_number(host: str) -> bool:
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def _is_loopback(address: str | None) -> bool:
    try:
        return ip_address(address or "").is_loopback
    except ValueError:
        return False


def _cover(headers: Headers) -> None:
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)
    headers.setdefault("Cache-Control", "no-store")
    headers.remove("Server")
