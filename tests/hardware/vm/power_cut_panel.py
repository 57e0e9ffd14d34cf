"""The booth in the virtual machine of run-power-cut.sh, and its panel, called as browsers do."""

import http.client
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

_PORT = 8080
_SAMPLE = "appliance/sample/answer.mp4"
_SAID = Path("/run/booth.log")
_PATIENCE_S = 600.0
_LOOK_S = 0.5


class Running:
    """The booth as its unit starts it, with a recording in place of camera and microphone."""

    def __init__(self) -> None:
        self._began_s = time.monotonic()
        environment = {
            **{name: value for name, value in os.environ.items() if name[:6] != "BOOTH_"},
            "STATE_DIRECTORY": "/var/lib/interview-booth",
            "BOOTH_CONFIG": "/var/lib/interview-booth/booth.toml",
            "BOOTH_STORAGE_PRACTICE_RECORD": "true",
            "BOOTH_SPEAKER_ON": "false",
            "BOOTH_CONTROLS_KIND": "none",
            "NOTIFY_SOCKET": "@nobody",
        }
        command = [sys.executable, "-m", "appliance.cli", "run", "--simulate", _SAMPLE]
        with _SAID.open("wb") as said:
            self._booth = subprocess.Popen(command, stdout=said, stderr=said, env=environment)

    def wait_until_ready(self) -> float | None:
        """Seconds until /readyz says so; None where it does not, or the booth ended."""
        while time.monotonic() - self._began_s < _PATIENCE_S and self._booth.poll() is None:
            if "Safe mode" in self.words():
                return None
            try:
                if Panel().status("/readyz") == http.client.OK:
                    return round(time.monotonic() - self._began_s, 1)
            except OSError:
                time.sleep(_LOOK_S)
        return None

    def words(self) -> str:
        """What it said so far."""
        return _SAID.read_text(errors="replace")


class Panel:
    """Calls the panel. Every call that is not answered well raises `PanelError`."""

    def __init__(self) -> None:
        self._cookie = ""
        self._token = ""
        self._etag = ""

    def status(self, path: str) -> int:
        """The status of a page."""
        return self._call("GET", path)[0]

    def api(self, method: str, path: str, body: object = None) -> Any:
        """Call the API as a program does, on the screen that is there; the JSON of the answer."""
        if not self._token:
            self._token = re.findall(r'booth-token" content="([0-9a-f]+)', self._page("/"))[0]
        if method != "GET":
            self._call("GET", "/api/v1/session", {"X-Booth-Token": self._token})
        headers = {"X-Booth-Token": self._token, "Content-Type": "application/json"}
        if self._etag:
            headers["If-Match"] = self._etag
        text = None if body is None else json.dumps(body)
        status, answer = self._call(method, f"/api/v1{path}", headers, text)
        _require(status in {200, 204}, method, path, status, answer)
        return json.loads(answer) if answer else None

    def act(self, name: str) -> None:
        """Do something on the screen."""
        self.api("POST", "/session/acts", {"act": name})

    def wait_for(self, *states: str) -> None:
        """Wait until the interview is somewhere."""
        end = time.monotonic() + _PATIENCE_S
        while (state := self.api("GET", "/session")["state"]) not in states:
            _require(time.monotonic() < end, "waiting for", str(states), 0, state)
            time.sleep(_LOOK_S)

    def send_form(self, page: str, **fields: str) -> None:
        """Fill in the form of a page as a browser does, and send it.

        Args:
            page: where it is, and where it is sent.
            fields: what is typed; a dot in a name is written as two underscores.
        """
        found = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', self._page(page))
        typed = {name.replace("__", "."): text for name, text in fields.items()}
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        status, answer = self._call("POST", page, headers, urlencode({**dict(found), **typed}))
        _require(status in {200, 303}, "POST", page, status, answer)

    def _page(self, path: str) -> str:
        status, answer = self._call("GET", path)
        _require(status == http.client.OK, "GET", path, status, answer)
        return answer

    def _call(
        self, method: str, path: str, headers: dict[str, str] | None = None, body: str | None = None
    ) -> tuple[int, str]:
        connection = http.client.HTTPConnection("localhost", _PORT, timeout=_PATIENCE_S)
        try:
            connection.request(method, path, body, {"Cookie": self._cookie, **(headers or {})})
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        self._etag = answer.headers.get("ETag", "") or self._etag
        if given := answer.headers.get("Set-Cookie"):
            self._cookie = given.partition(";")[0]
        return answer.status, text


class PanelError(Exception):
    """The panel did not do what was asked."""


def _require(well: bool, method: str, path: str, status: int, answer: str) -> None:
    if not well:
        raise PanelError(f"{method} {path}: {status} {answer[:200]}")
