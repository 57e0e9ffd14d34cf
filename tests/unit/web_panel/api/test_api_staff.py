"""The administrator's side for programs: a token that ends, and never a cookie."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from tests.api import Program, code_of
from tests.panel import ServedBooth, served
from web_panel.access import COOKIE
from web_panel.admin_sessions import Shown

PIN = "482913"
STAFF = "192.168.1.77"


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def booth(models_dir: Path, sample: Path, tmp_path: Path, clock: Clock) -> Iterator[ServedBooth]:
    with served(models_dir, sample, folder=tmp_path / "panel", clock=clock) as one:
        yield one


@pytest.fixture
def program(booth: ServedBooth) -> Program:
    return Program(booth, STAFF)


def sign_in(program: Program, pin: str = PIN, **headers: str) -> TestResponse:
    return program.does("POST", "/admin/sessions", {"pin": pin}, **headers)


def choose(booth: ServedBooth) -> None:
    assert booth.panel.office is not None
    booth.panel.office.pin.set(PIN)


def test_staff_sign_in_see_how_it_does_and_sign_out(booth: ServedBooth, program: Program) -> None:
    early = sign_in(program)
    assert (early.status_code, code_of(early)) == (409, "no_pin")
    choose(booth)
    wrong = sign_in(program, "000111")
    assert (wrong.status_code, code_of(wrong)) == (403, "wrong_pin")
    signed_in = sign_in(program)
    assert "Set-Cookie" not in signed_in.headers
    bearer = {"Authorization": f"Bearer {signed_in.get_json()['token']}"}
    parts = program.gets("/admin/health", **bearer).get_json()["parts"]
    assert {"camera", "microphone", "memory", "load"} <= {part["name"] for part in parts}
    assert program.does("DELETE", "/admin/sessions", **bearer).status_code == 204
    assert program.gets("/admin/health", **bearer).status_code == 401


@pytest.mark.parametrize(
    "given", ["", "Bearer", "Bearer wrong", "Basic Ym9vdGg6Ym9vdGg=", "Bearer ²", "bearer  "]
)
def test_without_a_token_there_is_nothing_and_no_way_leads_elsewhere(
    booth: ServedBooth, program: Program, given: str
) -> None:
    headers = {"Authorization": given} if given else {}
    for answer in (
        program.gets("/admin/health", **headers),
        program.does("DELETE", "/admin/sessions", **headers),
    ):
        assert (answer.status_code, code_of(answer)) == (401, "unauthorized")
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_token_ends_when_nobody_uses_it(
    booth: ServedBooth, program: Program, clock: Clock
) -> None:
    choose(booth)
    bearer = {"Authorization": f"Bearer {sign_in(program).get_json()['token']}"}
    clock.now_s = 899.0
    assert program.gets("/admin/health", **bearer).status_code == 200
    clock.now_s = 1799.0
    assert program.gets("/admin/health", **bearer).status_code == 401


def test_a_cookie_opens_nothing_here_and_a_token_nothing_there(
    booth: ServedBooth, program: Program
) -> None:
    sessions = booth.panel.doors.sessions
    cookie, token = sessions.begin(), sessions.begin(Shown.BEARER)
    assert program.gets("/admin/health", Cookie=f"{COOKIE}={cookie}").status_code == 401
    bearer = {"Authorization": f"Bearer {cookie}"}
    assert program.gets("/admin/health", **bearer).status_code == 401, "it was made for a browser"
    client = booth.app.test_client()
    client.set_cookie(COOKIE, token, path="/admin")
    assert client.get("/admin/").status_code == 303, "it was made for a program"
    client.delete_cookie(COOKIE, path="/admin")
    page = client.get("/admin/", headers={"Authorization": f"Bearer {token}"})
    assert page.status_code == 303


def test_guesses_count_here_and_at_the_door_together(booth: ServedBooth, program: Program) -> None:
    choose(booth)
    door = {"door": booth.panel.doors.door_token, "pin": "000111"}
    client = booth.app.test_client()
    for _ in range(3):
        client.post("/admin/sign-in", data=door, environ_overrides={"REMOTE_ADDR": STAFF})
    assert [sign_in(program, "000111").status_code for _ in range(3)] == [403, 403, 429]
    waits = sign_in(program)
    assert (waits.status_code, code_of(waits)) == (429, "too_many_tries")
    assert 0 < int(waits.headers["Retry-After"]) <= 30
    assert sign_in(Program(booth)).status_code == 200, "nobody out there locks out who is here"


def test_a_page_of_another_site_signs_nobody_in(booth: ServedBooth, program: Program) -> None:
    choose(booth)
    assert sign_in(program, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    client = booth.app.test_client()
    form = client.post("/api/v1/admin/sessions", data={"pin": PIN})
    assert form.status_code == 415
    text = client.post(
        "/api/v1/admin/sessions", data=f'{{"pin": "{PIN}"}}', content_type="text/plain"
    )
    assert text.status_code == 415
    bearer = {"Authorization": f"Bearer {booth.panel.doors.sessions.begin(Shown.BEARER)}"}
    cross = program.gets("/admin/health", **bearer, **{"Sec-Fetch-Site": "cross-site"})
    assert cross.status_code == 403


def test_without_a_place_for_a_pin_there_is_no_such_side(models_dir: Path, sample: Path) -> None:
    with served(models_dir, sample) as one:
        assert sign_in(Program(one)).status_code == 404
        document = one.app.test_client().get("/api/v1/openapi.json").get_json()
        assert not any("/admin/" in path for path in document["paths"])
