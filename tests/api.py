"""A program that uses the booth by its API, as a test needs one."""

from collections.abc import Mapping
from typing import Any

from werkzeug.test import TestResponse

from tests.panel import ServedBooth

BASE = "/api/v1"


class Program:
    """A program on the booth's own machine.

    Args:
        booth: that it uses.
        address: from which it calls.
    """

    def __init__(self, booth: ServedBooth, address: str = "127.0.0.1") -> None:
        self._client = booth.app.test_client()
        self._token = booth.panel.doors.kiosk_token
        self._environ = {"REMOTE_ADDR": address}
        self.seen = ""
        """The ETag of the screen that it saw last."""

    def gets(self, path: str, **headers: str) -> TestResponse:
        return self._calls("GET", path, headers)

    def does(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        """Call with the booth's token, on the screen that was seen last."""
        named = {"X-Booth-Token": self._token, "If-Match": self.seen, **headers}
        return self._calls(
            method, path, {key: value for key, value in named.items() if value}, body
        )

    def acts(self, act: str) -> TestResponse:
        return self.does("POST", "/session/acts", {"act": act})

    def looks(self) -> dict[str, Any]:
        """The session as it is now."""
        answer = self.gets("/session")
        assert answer.status_code == 200
        session: dict[str, Any] = answer.get_json()
        return session

    def _calls(
        self, method: str, path: str, headers: Mapping[str, str], body: Any = None
    ) -> TestResponse:
        sent = {} if body is None else {"json": body}
        answer = self._client.open(
            BASE + path, method=method, headers=headers, environ_overrides=self._environ, **sent
        )
        self.seen = answer.headers.get("ETag", self.seen)
        return answer


def code_of(answer: TestResponse) -> str:
    """The code of a refusal, which has its one shape and no more."""
    told = answer.get_json()
    assert set(told) == {"error"}
    assert set(told["error"]) == {"code", "message"}
    assert told["error"]["message"]
    return str(told["error"]["code"])
