"""What a program sends is JSON of the right type, or is refused without a word of it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.api import code_of
from tests.panel import ServedBooth, served

SECRET = "marigold"


@pytest.fixture(scope="module")
def booth(models_dir: Path, sample: Path) -> Iterator[ServedBooth]:
    with served(models_dir, sample) as one:
        yield one


def send(
    booth: ServedBooth,
    body: str | bytes,
    path: str = "/session/acts",
    media: str = "application/json",
) -> TestResponse:
    headers = {"X-Booth-Token": booth.panel.doors.kiosk_token, "If-Match": '"attract-0-1-0"'}
    method = "POST" if path in {"/session/acts", "/session/answer"} else "PUT"
    return booth.app.test_client().open(
        f"/api/v1{path}", method=method, data=body, content_type=media, headers=headers
    )


@pytest.mark.parametrize(
    ("path", "body", "says"),
    [
        ("/session/acts", {}, "'act' is missing. One of start, "),
        ("/session/acts", {"act": SECRET}, "'act' cannot be that. One of start, "),
        ("/session/acts", {"act": "start", SECRET: 1}, "The booth takes 'act' here and nothing"),
        ("/session/acts", [SECRET], "The booth takes 'act' here and nothing else."),
        ("/session/consent", {"voice": 1, "camera": 1, "expression": 1}, "'voice' cannot be that."),
        ("/session/choice", {"role": SECRET, "focus": None, "count": 3}, "'role' cannot be that."),
        ("/session/choice", {"role": "care", "focus": None, "count": 4}, "one of 3, 5, 8."),
        ("/session/choice", {"role": "care", "count": 3}, "'focus' is missing."),
        ("/session/answer", {"text": 20_001 * "x"}, "Text of at most 20,000 characters."),
        ("/session/draft", {"text": None}, "'text' cannot be that."),
        ("/session/draft", {"text": f"{SECRET}\ud800"}, "'text' cannot be that."),
    ],
)
def test_a_body_of_another_type_is_told_by_its_field(
    booth: ServedBooth, caplog: pytest.LogCaptureFixture, path: str, body: Any, says: str
) -> None:
    answer = send(booth, json.dumps(body), path)
    assert (answer.status_code, code_of(answer)) == (422, "unprocessable_entity")
    assert says in answer.get_json()["error"]["message"]
    assert SECRET not in answer.text + caplog.text


@pytest.mark.parametrize(
    "media", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_what_a_form_could_send_is_refused(booth: ServedBooth, media: str) -> None:
    answer = send(booth, '{"act": "start"}', media=media)
    assert (answer.status_code, code_of(answer)) == (415, "unsupported_media_type")


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe\xff", b"nothing", b"[" * 60_000, b"9" * 5000])
def test_what_is_no_json_is_refused(booth: ServedBooth, body: bytes) -> None:
    answer = send(booth, body)
    assert (answer.status_code, code_of(answer)) in {
        (400, "bad_request"),
        (422, "unprocessable_entity"),
    }


def test_a_body_that_is_too_large_is_refused(booth: ServedBooth) -> None:
    answer = send(booth, json.dumps({"text": 70_000 * "x"}), "/session/draft")
    assert (answer.status_code, code_of(answer)) == (413, "request_entity_too_large")
