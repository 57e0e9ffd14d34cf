"""Every view is tried as nobody, as the kiosk, and as staff whose time is over or not."""

import functools
import http.client
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from flask import Flask

from tests.devices import ManualClock
from tests.panel import ServedBooth, served
from tests.unit.web_panel.test_access import OTHER_MACHINE, WHOSE, address_of
from web_panel.access import (
    COOKIE,
    DOOR_FIELD,
    FORM_FIELD,
    SAFE_METHODS,
    TOKEN_FIELD,
    TOKEN_HEADER,
    Audience,
)
from web_panel.admin_sessions import Shown
from web_panel.app import create_app

_IN = "came in"
_QUARTER_OF_AN_HOUR_S = 15 * 60.0
_FOR_ALL = {Audience.ANYONE, Audience.ADMIN_DOOR}


@dataclass(frozen=True)
class Caller:
    """Somebody who calls.

    Attributes:
        may: the audiences to which they belong.
        address: of their machine.
        cookie: that their browser sends along.
        form: fields of the pages that they have seen.
        program: headers that their programs send along.
    """

    may: set[Audience]
    address: str = OTHER_MACHINE["REMOTE_ADDR"]
    cookie: str = ""
    form: dict[str, str] = field(default_factory=dict)
    program: dict[str, str] = field(default_factory=dict)

    def calls(self, app: Flask, method: str, rule: str) -> tuple[bool, int]:
        """Whether they come in, and what they are answered."""
        client, there = app.test_client(use_cookies=False), {"REMOTE_ADDR": self.address}
        if rule.startswith("/api/"):
            answer = client.open(
                address_of(rule),
                method=method,
                headers=self.program,
                json=None if method in SAFE_METHODS else {},
                environ_overrides=there,
            )
        else:
            answer = client.open(
                address_of(rule),
                method=method,
                headers={"Cookie": self.cookie} if self.cookie else {},
                data=None if method in SAFE_METHODS else self.form,
                environ_overrides=there,
            )
        return answer.text == _IN, answer.status_code


@pytest.fixture(scope="module")
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture(scope="module")
def booth(
    models_dir: Path, sample: Path, tmp_path_factory: pytest.TempPathFactory, clock: ManualClock
) -> Iterator[ServedBooth]:
    folder = tmp_path_factory.mktemp("panel")
    with served(models_dir, sample, folder=folder, clock=clock) as one:
        yield one


@pytest.fixture(scope="module")
def app(booth: ServedBooth) -> Flask:
    """The whole panel with its guard, whose views do nothing but say that somebody came in."""
    app = create_app(booth.panel)
    for endpoint, view in app.view_functions.items():
        app.view_functions[endpoint] = _says_in(view)
    return app


def _says_in(view: Callable[..., object]) -> Callable[..., str]:
    @functools.wraps(view)
    def come(**_: object) -> str:
        return _IN

    return come


@pytest.fixture(scope="module")
def callers(booth: ServedBooth, clock: ManualClock) -> dict[str, Caller]:
    doors = booth.panel.doors
    door = {DOOR_FIELD: doors.door_token}
    seen = {**door, TOKEN_FIELD: doors.kiosk_token}
    token = {TOKEN_HEADER: doors.kiosk_token}
    expired = _signed_in(booth, _FOR_ALL)
    clock.now += _QUARTER_OF_AN_HOUR_S + 1.0
    return {
        "nobody": Caller(_FOR_ALL, form=door),
        "nobody with the kiosk's token": Caller(_FOR_ALL, form=seen, program=token),
        "kiosk": Caller({*_FOR_ALL, Audience.KIOSK}, "127.0.0.1", form=seen, program=token),
        "expired admin": expired,
        "admin": _signed_in(booth, {*_FOR_ALL, Audience.ADMIN}),
    }


def _signed_in(booth: ServedBooth, may: set[Audience]) -> Caller:
    doors = booth.panel.doors
    cookie, bearer = doors.sessions.begin(), doors.sessions.begin(Shown.BEARER)
    return Caller(
        may,
        cookie=f"{COOKIE}={cookie}",
        form={DOOR_FIELD: doors.door_token, FORM_FIELD: doors.sessions.csrf(cookie)},
        program={"Authorization": f"Bearer {bearer}"},
    )


@pytest.mark.parametrize(
    "who",
    ["nobody", "nobody with the kiosk's token", "kiosk", "expired admin", "admin"],
)
@pytest.mark.parametrize(("method", "rule"), WHOSE)
def test_only_those_for_whom_a_view_is_come_in(
    app: Flask, callers: dict[str, Caller], who: str, method: str, rule: str
) -> None:
    caller = callers[who]
    is_in, status = caller.calls(app, method, rule)
    assert is_in == (WHOSE[method, rule] in caller.may)
    assert is_in or status in {303, 401, 403}


@pytest.mark.parametrize(
    "rule",
    [rule for (method, rule), who in WHOSE.items() if method == "POST" and who is Audience.ADMIN],
)
def test_nothing_is_done_for_staff_without_the_token_of_their_own_page(
    booth: ServedBooth, app: Flask, callers: dict[str, Caller], rule: str
) -> None:
    staff = callers["admin"]
    foreign = booth.panel.doors.sessions.csrf(booth.panel.doors.sessions.begin())
    for form in ({}, {FORM_FIELD: "0" * 64}, {FORM_FIELD: foreign}):
        assert replace(staff, form=form).calls(app, "POST", rule) == (False, 403)


@pytest.mark.parametrize(
    "path",
    [
        "/../../../../etc/hostname",
        "/static/../app.py",
        "/static/../../setup.sh",
        "/static/..%2f..%2fsetup.sh",
        "/static/%2e%2e/%2e%2e/setup.sh",
        "/static/%252e%252e/app.py",
        "/static//etc/hostname",
        "/static/..\\..\\setup.sh",
        "/static/panel.css%00.txt",
        "/kiosk/answers/../../../etc/hostname.svg",
        "/take/../../setup.sh",
        "//etc/hostname",
    ],
)
def test_no_path_leads_out_of_the_panel(booth: ServedBooth, path: str) -> None:
    """Sent as it is, over a real connection: clients would tidy it up before."""
    host = booth.address.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=20.0)
    connection.putrequest("GET", path, skip_accept_encoding=True)
    connection.endheaders()
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    assert answer.status in {308, 400, 404}
    assert "#!/" not in text
    assert "import " not in text
