"""The administrator's side: a PIN of their own, a session that ends, and nothing without them."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from appliance.domain.health import Health, Status
from appliance.domain.settings import Settings, Site
from appliance.interview.session_events import Kind, State
from appliance.operations.doctor.check import Check
from tests.api import Program, code_of
from tests.panel import ServedBooth, served
from tests.unit.web_panel.staff import ELSEWHERE, Signed
from tests.waiting import ended, until
from web_panel.access import COOKIE
from web_panel.admin_sessions import Shown

PIN = "482913"
STAFF = {"REMOTE_ADDR": "192.168.1.77"}


@pytest.fixture
def booth(models_dir: Path, sample: Path, tmp_path: Path) -> Iterator[ServedBooth]:
    with served(models_dir, sample, folder=tmp_path / "panel") as one:
        yield one


@pytest.fixture
def client(booth: ServedBooth) -> FlaskClient:
    return booth.app.test_client()


def choose(booth: ServedBooth, client: FlaskClient, pin: str, again: str | None = None) -> int:
    token = booth.panel.doors.kiosk_token
    fields = {"token": token, "pin": pin, "again": pin if again is None else again}
    return client.post("/admin/pin", data=fields).status_code


def sign_in(booth: ServedBooth, client: FlaskClient, pin: str) -> int:
    fields = {"door": booth.panel.doors.door_token, "pin": pin}
    return client.post("/admin/sign-in", data=fields, environ_overrides=STAFF).status_code


def test_at_the_first_start_a_pin_is_chosen_at_the_booth_and_never_again(
    booth: ServedBooth, client: FlaskClient
) -> None:
    assert client.get("/admin/").headers["Location"] == "/admin/sign-in"
    assert client.get("/admin/sign-in").headers["Location"] == "/admin/pin"
    assert "Choose a PIN" in client.get("/admin/pin").text
    assert client.get("/admin/pin", environ_overrides=STAFF).status_code == 403
    assert choose(booth, client, "1234") == 400
    assert choose(booth, client, PIN, "482914") == 400
    assert choose(booth, client, PIN) == 303
    assert "How the booth does" in client.get("/admin/").text
    assert choose(booth, client, "775533") == 409
    assert client.get("/admin/pin").status_code == 409


def test_staff_sign_in_from_the_network_see_how_it_does_and_sign_out(
    booth: ServedBooth, client: FlaskClient
) -> None:
    choose(booth, booth.app.test_client(), PIN)
    assert sign_in(booth, client, "000111") == 403
    assert sign_in(booth, client, PIN) == 303
    cookie = client.get_cookie(COOKIE, path="/admin")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Strict"
    home = client.get("/admin/", environ_overrides=STAFF).text
    for part in ("Camera", "Microphone", "Memory", "Load"):
        assert part in home
    form = re.search(r'name="form" value="([0-9a-f]{64})"', home)
    assert form is not None
    assert client.post("/admin/sign-out", environ_overrides=STAFF).status_code == 403
    wrong = {"form": "0" * 64}
    assert client.post("/admin/sign-out", data=wrong).status_code == 403
    assert client.post("/admin/sign-out", data={"form": form[1]}).status_code == 303
    client.set_cookie(COOKIE, cookie.value, path="/admin")
    assert client.get("/admin/").status_code == 303, "an old cookie opens nothing"


def test_a_thousand_guesses_get_nowhere_and_lock_nobody_out_at_the_booth(
    booth: ServedBooth, client: FlaskClient
) -> None:
    choose(booth, booth.app.test_client(), PIN)
    answers = [sign_in(booth, client, f"{guess:06d}") for guess in range(1000)]
    assert answers.count(403) == 5
    assert answers.count(429) == 995
    assert sign_in(booth, client, PIN) == 429, "now even the right one must wait"
    fields = {"door": booth.panel.doors.door_token, "pin": PIN}
    assert client.post("/admin/sign-in", data=fields).status_code == 303


def test_without_a_place_for_a_pin_there_is_no_administrators_side(
    models_dir: Path, sample: Path
) -> None:
    with served(models_dir, sample) as one:
        assert one.app.test_client().get("/admin/sign-in").status_code == 404


def test_who_knows_the_old_pin_changes_it_and_everybody_else_signs_in_anew(
    booth: ServedBooth,
) -> None:
    staff, other = Signed(booth), Signed(booth)
    new = "775533"
    assert staff.post("change-pin", old="000111", pin=new, again=new).status_code == 403
    assert staff.post("change-pin", old=PIN, pin=new, again="775534").status_code == 400
    assert staff.post("change-pin", old=PIN, pin="1111", again="1111").status_code == 400
    assert other.get("").status_code == 200
    assert "The PIN is changed." in staff.post("change-pin", old=PIN, pin=new, again=new).text
    assert staff.get("").status_code == 200
    assert other.get("").status_code == 303
    assert sign_in(booth, booth.app.test_client(), PIN) == 403
    assert sign_in(booth, booth.app.test_client(), new) == 303


def test_who_is_signed_in_cannot_guess_the_old_pin_without_end(booth: ServedBooth) -> None:
    staff, new = Signed(booth), "775533"
    tries = [staff.post("change-pin", old="000111", pin=new, again=new) for _ in range(7)]
    assert [one.status_code for one in tries] == [403] * 5 + [429] * 2
    assert staff.post("change-pin", old=PIN, pin=new, again=new).status_code == 429


def test_the_doctor_looks_while_nobody_is_there_and_one_at_a_time(
    booth: ServedBooth, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()

    def look() -> tuple[Health, ...]:
        assert go_on.wait(30)
        return (Health("disk", Status.WARNING, "It is nearly full.", details={"free_mb": 7}),)

    monkeypatch.setattr(booth.staff.doctor, "_look", look)
    staff = Signed(booth, ELSEWHERE)
    booth.does(Kind.START)
    assert "looks when the booth is free" in staff.get("").text
    assert staff.post("examine").status_code == 409
    booth.does(Kind.LEAVE)
    booth.comes_to(State.ATTRACT)
    assert staff.post("examine").status_code == 303
    assert "The doctor looks." in staff.get("").text
    assert staff.post("examine").status_code == 409
    go_on.set()
    until(lambda: not booth.staff.doctor.is_running)
    page = staff.get("").text
    assert "What the doctor found, 20" in page
    assert "It is nearly full." in page
    assert "free mb: 7" in page


def test_the_doctor_beside_a_booth_that_runs_leaves_its_devices_alone(
    booth: ServedBooth, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []

    def note(checks: list[Check], *_: object) -> tuple[Health, ...]:
        looked.extend(check.name for check in checks)
        return ()

    monkeypatch.setattr("appliance.operations.doctor.doctor.run_checks", note)
    assert booth.staff.doctor.begin()
    until(lambda: booth.staff.doctor.last is not None)
    assert not {"camera", "microphone", "speaker", "controls"} & set(looked)
    assert {"groups", "settings", "models", "disk", "Ollama"} <= set(looked)
    ended("booth-examination")
    assert booth.staff.sensors.begin()
    ended("booth-examination")
    assert looked[-2:] == ["camera", "microphone"]


def test_back_to_the_booth_signs_out_at_the_booth_itself(booth: ServedBooth) -> None:
    staff = Signed(booth)
    assert 'name="to_booth"' in staff.get("").text
    left = staff.post("sign-out", to_booth="1")
    assert left.headers["Location"] == "/"
    assert staff.get("").status_code == 303, "a visitor who taps 'For staff' is not in"
    assert 'href="/"' in staff.get("sign-in").text
    far = Signed(booth, ELSEWHERE)
    assert "Back to the booth" not in far.get("").text, "the screen is not for other machines"


def test_who_signed_in_at_the_booth_is_out_when_somebody_comes_and_when_they_go(
    booth: ServedBooth,
) -> None:
    far = Signed(booth, ELSEWHERE)
    before = Signed(booth)
    program = booth.panel.doors.sessions.begin(Shown.BEARER, is_near=True)
    booth.does(Kind.START)
    assert before.get("").status_code == 303
    meanwhile = Signed(booth)
    assert meanwhile.get("").status_code == 200
    booth.does(Kind.LEAVE)
    booth.comes_to(State.ATTRACT)
    assert meanwhile.get("").status_code == 303
    assert far.get("").status_code == 200
    assert booth.panel.doors.sessions.find(program, Shown.BEARER), "no browser has its token"


@pytest.mark.parametrize(
    ("path", "after"), [("pin", 60), ("sign-in", 60), ("change-pin", 60), ("", 900)]
)
def test_at_the_booth_a_page_for_staff_ends_by_itself(
    booth: ServedBooth, client: FlaskClient, path: str, after: int
) -> None:
    if path != "pin":
        staff = Signed(booth)
        assert "Refresh" not in Signed(booth, ELSEWHERE).get(path).headers
        client = staff.client
    told = client.get(f"/admin/{path}").headers["Refresh"]
    assert told == f"{after}; url=/admin/leave"
    left = client.get("/admin/leave")
    assert left.headers["Location"] == "/"
    assert client.get("/admin/").status_code == 303, "and nobody is in any more"


def test_a_damaged_pin_is_told_with_what_to_do(booth: ServedBooth, client: FlaskClient) -> None:
    staff = Signed(booth)
    folder = booth.config.parent / "panel"
    (folder / "admin-pin").write_text("oops")
    door = {"door": booth.panel.doors.door_token, "pin": PIN}
    program = Program(booth).does("POST", "/admin/sessions", {"pin": PIN})
    assert (program.status_code, code_of(program)) == (503, "storage_fault")
    page = client.post("/admin/sign-in", data=door)
    changed = staff.post("change-pin", old=PIN, pin="775533", again="775533")
    for answer in (page, changed):
        assert answer.status_code == 503
        assert "Delete it on the device itself" in answer.text
    folder.rename(folder.with_name("gone"))
    folder.write_text("no folder")
    assert client.get("/admin/sign-in").status_code == 503
    assert Program(booth).does("POST", "/admin/sessions", {"pin": PIN}).status_code == 503


WORDS = {
    "de": (
        *("wartet auf jemanden", ">in Ordnung<", ">Mikrofon<", ">Warum Sie<"),
        *("Die beiden sind nicht gleich.", "Diese PIN würde jeder"),
        *("Das ist nicht die PIN.", "Zu viele Versuche."),
    ),
    "es": (
        *("esperando a alguien", ">bien<", ">Micrófono<", ">Por qué usted<"),
        *("Los dos no son iguales.", "Este PIN sería"),
        *("Ese no es el PIN.", "Demasiados intentos."),
    ),
}


@pytest.mark.parametrize("language", WORDS)
def test_staff_read_names_and_refusals_in_the_language_of_the_site(
    models_dir: Path, sample: Path, tmp_path: Path, language: str
) -> None:
    settings = Settings(site=Site(language=language))
    with served(models_dir, sample, settings, folder=tmp_path / "panel") as booth:
        staff = Signed(booth)
        told = staff.get("").text + staff.get("questions").text
        for english in (">healthy<", ">Microphone<", "attract"):
            assert english not in told
        told += staff.post("change-pin", old=PIN, pin="775533", again="775534").text
        told += staff.post("change-pin", old=PIN, pin="1111", again="1111").text
        told += "".join(staff.post("change-pin", old="000111").text for _ in range(6))
        for words in WORDS[language]:
            assert words in told


def test_figures_of_a_finding_stand_apart_from_its_words(
    booth: ServedBooth, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = (Health("voice box", Status.SKIPPED, "It is off.", details={"samples": 0}),)
    monkeypatch.setattr(booth.booth, "health", lambda: found)
    page = Signed(booth).get("").text
    assert "Voice box" in page
    assert 'It is off. <span class="figure">samples: 0</span>' in page
