"""Every view is tried as everybody; only those for whom it is come in."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.panel import ServedBooth, served
from web_panel.access import Audience, Doors, UndeclaredViewError, audience_of, for_, guard

OTHER_MACHINE = {"REMOTE_ADDR": "192.168.1.77"}

STEP = "<any(site, devices, ollama, retention, done):step>"

WHOSE = {
    ("GET", "/"): Audience.KIOSK,
    ("GET", "/kiosk/screen"): Audience.KIOSK,
    ("GET", "/kiosk/preview.jpg"): Audience.KIOSK,
    ("GET", "/kiosk/answers/<int:number>/<any(wide, narrow, low):size>.svg"): Audience.KIOSK,
    ("POST", "/kiosk/do"): Audience.KIOSK,
    ("POST", "/kiosk/active"): Audience.KIOSK,
    ("POST", "/kiosk/take"): Audience.KIOSK,
    ("POST", "/kiosk/print"): Audience.KIOSK,
    ("POST", "/kiosk/consent"): Audience.KIOSK,
    ("POST", "/kiosk/language"): Audience.KIOSK,
    ("POST", "/kiosk/needs"): Audience.KIOSK,
    ("POST", "/kiosk/propose"): Audience.KIOSK,
    ("POST", "/kiosk/choose"): Audience.KIOSK,
    ("POST", "/kiosk/answer"): Audience.KIOSK,
    ("POST", "/kiosk/draft"): Audience.KIOSK,
    ("POST", "/kiosk/record/keep"): Audience.KIOSK,
    ("POST", "/kiosk/record/open"): Audience.KIOSK,
    ("POST", "/kiosk/record/take"): Audience.KIOSK,
    ("POST", "/kiosk/record/delete"): Audience.KIOSK,
    ("POST", "/kiosk/record/close"): Audience.KIOSK,
    ("GET", "/api/v1/record"): Audience.KIOSK,
    ("DELETE", "/api/v1/record"): Audience.KIOSK,
    ("POST", "/api/v1/record/keep"): Audience.KIOSK,
    ("POST", "/api/v1/record/open"): Audience.KIOSK,
    ("POST", "/api/v1/record/close"): Audience.KIOSK,
    ("GET", "/api/v1/events"): Audience.KIOSK,
    ("GET", "/api/v1/session"): Audience.KIOSK,
    ("POST", "/api/v1/session/acts"): Audience.KIOSK,
    ("PUT", "/api/v1/session/consent"): Audience.KIOSK,
    ("PUT", "/api/v1/session/proposal"): Audience.KIOSK,
    ("PUT", "/api/v1/session/language"): Audience.KIOSK,
    ("GET", "/api/v1/session/needs"): Audience.KIOSK,
    ("PUT", "/api/v1/session/needs"): Audience.KIOSK,
    ("PUT", "/api/v1/session/choice"): Audience.KIOSK,
    ("POST", "/api/v1/session/answer"): Audience.KIOSK,
    ("GET", "/api/v1/session/draft"): Audience.KIOSK,
    ("PUT", "/api/v1/session/draft"): Audience.KIOSK,
    ("GET", "/api/v1/choices"): Audience.KIOSK,
    ("GET", "/api/v1/guide"): Audience.KIOSK,
    ("GET", "/api/v1/answers"): Audience.KIOSK,
    ("GET", "/api/v1/answers/<int:number>"): Audience.KIOSK,
    ("POST", "/api/v1/take-away"): Audience.KIOSK,
    ("POST", "/api/v1/paper"): Audience.KIOSK,
    ("GET", "/metrics"): Audience.KIOSK,
    ("GET", "/admin/pin"): Audience.KIOSK,
    ("POST", "/admin/pin"): Audience.KIOSK,
    ("GET", "/admin/leave"): Audience.KIOSK,
    ("GET", "/admin/sign-in"): Audience.ADMIN_DOOR,
    ("POST", "/admin/sign-in"): Audience.ADMIN_DOOR,
    ("POST", "/api/v1/admin/sessions"): Audience.ADMIN_DOOR,
    ("GET", "/admin/"): Audience.ADMIN,
    ("POST", "/admin/sign-out"): Audience.ADMIN,
    ("DELETE", "/api/v1/admin/sessions"): Audience.ADMIN,
    ("GET", "/api/v1/admin/health"): Audience.ADMIN,
    ("GET", "/api/v1/openapi.json"): Audience.ANYONE,
    ("GET", "/admin/settings"): Audience.ADMIN,
    ("POST", "/admin/settings"): Audience.ADMIN,
    ("POST", "/admin/examine"): Audience.ADMIN,
    ("GET", "/admin/questions"): Audience.ADMIN,
    ("POST", "/admin/questions"): Audience.ADMIN,
    ("GET", "/admin/numbers"): Audience.ADMIN,
    ("GET", "/admin/support"): Audience.ADMIN,
    ("GET", "/admin/support.zip"): Audience.ADMIN,
    ("GET", "/admin/setup"): Audience.ADMIN,
    ("GET", f"/admin/setup/{STEP}"): Audience.ADMIN,
    ("POST", f"/admin/setup/{STEP}"): Audience.ADMIN,
    ("POST", "/admin/setup/ask"): Audience.ADMIN,
    ("POST", "/admin/setup/try"): Audience.ADMIN,
    ("GET", "/admin/change-pin"): Audience.ADMIN,
    ("POST", "/admin/change-pin"): Audience.ADMIN,
    ("GET", "/admin/restart"): Audience.ADMIN,
    ("POST", "/admin/restart"): Audience.ADMIN,
    ("GET", "/healthz"): Audience.ANYONE,
    ("GET", "/readyz"): Audience.ANYONE,
    ("GET", "/take/<token>"): Audience.ANYONE,
    ("POST", "/take/<token>"): Audience.ANYONE,
}

ACTS = [
    (method, rule)
    for (method, rule), who in WHOSE.items()
    if method in {"POST", "PUT"} and who is Audience.KIOSK
]


@pytest.fixture(scope="module")
def booth(
    models_dir: Path, sample: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServedBooth]:
    with served(models_dir, sample, folder=tmp_path_factory.mktemp("panel")) as one:
        yield one


@pytest.fixture
def client(booth: ServedBooth) -> FlaskClient:
    return booth.app.test_client()


def address_of(rule: str) -> str:
    chosen = {"<int:number>": "0", "<any(wide, narrow, low):size>": "wide", STEP: "site"}
    for place, value in chosen.items():
        rule = rule.replace(place, value)
    return rule


def test_the_table_of_views_is_whole_and_each_says_for_whom_it_is(booth: ServedBooth) -> None:
    found = {
        (method, rule.rule): audience_of(booth.app, rule.endpoint)
        for rule in booth.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.endpoint != "static"
    }
    assert found == WHOSE


@pytest.mark.parametrize(("method", "rule"), WHOSE)
def test_only_a_browser_on_this_machine_may_call_what_is_the_kiosks(
    client: FlaskClient, method: str, rule: str
) -> None:
    answer = client.open(address_of(rule), method=method, environ_overrides=OTHER_MACHINE)
    if rule.startswith("/api/v1/admin/"):
        assert answer.status_code == (422 if WHOSE[method, rule] is Audience.ADMIN_DOOR else 401)
    elif WHOSE[method, rule] in {Audience.ADMIN, Audience.ADMIN_DOOR} and method == "GET":
        assert answer.status_code in {302, 303}, "led to the door, and there to choosing a PIN"
    elif WHOSE[method, rule] is Audience.ANYONE:
        assert answer.status_code == (410 if rule.startswith("/take") else 200)
    else:
        assert answer.status_code == 403


@pytest.mark.parametrize(("method", "rule"), ACTS)
def test_nothing_is_done_without_the_token_of_our_own_page(
    booth: ServedBooth, client: FlaskClient, method: str, rule: str
) -> None:
    fields = {"act": "start", "version": "attract-0-1-0"}
    wrong = {**fields, "token": "0" * 64}
    assert client.open(rule, method=method, data=fields).status_code == 403
    assert client.open(rule, method=method, data=wrong).status_code == 403
    named = {"X-Booth-Token": "0" * 64, "If-Match": '"attract-0-1-0"'}
    assert client.open(rule, method=method, json=fields, headers=named).status_code == 403
    assert booth.booth.session.state == "attract"


def test_another_page_in_the_same_browser_may_call_nothing(client: FlaskClient) -> None:
    for site in ("cross-site", "same-site"):
        assert client.get("/", headers={"Sec-Fetch-Site": site}).status_code == 403
        told = client.get("/api/v1/session", headers={"Sec-Fetch-Site": site})
        assert told.status_code == 403
        assert told.json == {
            "error": {"code": "forbidden", "message": "Another page may not call the booth."}
        }


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "[::2]:8080"])
def test_a_name_that_is_not_ours_leads_nowhere(client: FlaskClient, host: str) -> None:
    answer = client.get("/healthz", headers={"Host": host})
    assert answer.status_code in {400, 421}


@pytest.mark.parametrize("host", ["localhost:8080", "127.0.0.1", "[::1]:8080", "LOCALHOST"])
def test_our_own_names_do(client: FlaskClient, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


def test_where_other_machines_may_call_they_may_use_a_number_and_no_name_of_their_own() -> None:
    app = Flask(__name__)

    @app.get("/")
    @for_(Audience.ANYONE)
    def page() -> str:
        return "here"

    guard(app, Doors(b"", frozenset({"booth.local"}), lan=True))
    client = app.test_client()
    for host, status in (
        ("booth.local:8080", 200),
        ("192.168.1.5:8080", 200),
        ("[fe80::1]:8080", 200),
        ("evil.example", 421),
        ("192.168.1.5.evil.example", 421),
    ):
        assert client.get("/", headers={"Host": host}).status_code == status, host


def test_every_answer_has_the_headers_that_keep_others_out(client: FlaskClient) -> None:
    for address in ("/", "/healthz", "/nowhere", "/static/panel.css"):
        headers = client.get(address).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "Set-Cookie" not in headers
    assert client.get("/").headers["Cache-Control"] == "no-store"


def test_what_is_not_there_is_told_without_a_word_of_the_program(client: FlaskClient) -> None:
    page = client.get("/nowhere")
    assert page.status_code == 404
    assert "There is no such page." in page.text
    told = client.get("/api/v1/nowhere")
    assert told.json == {"error": {"code": "not_found", "message": "There is no such page."}}
    for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2f..%2fsetup.sh"):
        assert client.get(path).status_code == 404


def test_a_body_that_is_too_large_is_refused(booth: ServedBooth, client: FlaskClient) -> None:
    token = booth.panel.doors.kiosk_token
    answer = client.post("/kiosk/draft", data={"token": token, "text": "x" * 70_000})
    assert answer.status_code == 413


def test_a_view_that_does_not_say_for_whom_it_is_keeps_the_panel_from_starting() -> None:
    app = Flask(__name__)

    @app.get("/declared")
    @for_(Audience.ANYONE)
    def declared() -> str:
        return ""

    doors = Doors(b"", frozenset({"localhost"}))
    guard(app, doors)

    @app.get("/forgotten")
    def forgotten() -> str:
        return ""

    with pytest.raises(UndeclaredViewError, match="forgotten"):
        guard(app, doors)


def test_a_fault_of_the_panel_is_told_kindly_and_logged_without_words(
    booth: ServedBooth, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> Mapping[str, Any]:
        raise ValueError("what somebody said")

    monkeypatch.setattr(booth.booth, "snapshot", broken)
    answer = booth.app.test_client().get("/")
    assert answer.status_code == 500
    assert "The booth made a mistake" in answer.text
    assert "somebody" not in answer.text + caplog.text
