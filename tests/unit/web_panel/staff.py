"""A browser of somebody who is signed in."""

import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.panel import ServedBooth

PIN = "482913"
ELSEWHERE = "192.168.1.77"


class Signed:
    """Calls pages as a browser that is signed in, with the token of its session.

    Args:
        booth: whose panel it is; the PIN is chosen where there is none.
        address: of the browser; who is signed in at the booth itself is so until somebody comes.
    """

    def __init__(self, booth: ServedBooth, address: str = "127.0.0.1") -> None:
        self.client: FlaskClient = booth.app.test_client()
        self.client.environ_base["REMOTE_ADDR"] = address
        if address != "127.0.0.1" and booth.panel.office is not None:
            booth.panel.office.pin.set(PIN)
        if booth.panel.office is not None and not booth.panel.office.pin.is_set:
            token = booth.panel.doors.kiosk_token
            self.client.post("/admin/pin", data={"token": token, "pin": PIN, "again": PIN})
        else:
            fields = {"door": booth.panel.doors.door_token, "pin": PIN}
            self.client.post("/admin/sign-in", data=fields)
        found = re.search(r'name="form" value="([0-9a-f]{64})"', self.client.get("/admin/").text)
        assert found is not None
        self.form = found[1]

    def get(self, path: str) -> TestResponse:
        return self.client.get(f"/admin/{path}")

    def post(self, path: str, **fields: Any) -> TestResponse:
        named = {name.replace("__", "."): value for name, value in fields.items()}
        return self.client.post(f"/admin/{path}", data={"form": self.form, **named})


def input_of(page: str, name: str) -> str:
    """The field of a form, as it is written."""
    found = re.search(rf'<(?:input|select)[^>]*\bname="{re.escape(name)}"[^>]*>', page)
    assert found is not None, name
    return found[0]


def value_of(page: str, name: str) -> str:
    """What a field of a form holds."""
    found = re.search(r'value="([^"]*)"', input_of(page, name))
    return found[1] if found is not None else ""
