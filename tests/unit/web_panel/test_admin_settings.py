"""Staff change settings in a form, and start the booth again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.interview.session_events import Kind
from tests.panel import ServedBooth, served
from tests.unit.web_panel.staff import ELSEWHERE, Signed, input_of, value_of

SECRET = "tok-marigold-9"


@pytest.fixture
def booth(models_dir: Path, sample: Path, tmp_path: Path) -> Iterator[ServedBooth]:
    surroundings = {"NOTIFY_SOCKET": "@booth-test", "BOOTH_PANEL_PORT": "8099"}
    with served(models_dir, sample, folder=tmp_path / "panel", environment=surroundings) as one:
        yield one


@pytest.fixture
def staff(booth: ServedBooth) -> Signed:
    return Signed(booth)


def test_the_form_shows_every_setting_and_where_it_is_from(
    booth: ServedBooth, staff: Signed
) -> None:
    booth.config.write_text(f'[camera]\nrate_hz = 10\n[ollama]\ntoken = "{SECRET}"\n')
    page = staff.get("settings").text
    assert value_of(page, "camera.rate_hz") == "10"
    assert 'min="5"' in input_of(page, "camera.rate_hz")
    assert f"from the file, {booth.config}:2" in page
    assert "disabled" in input_of(page, "panel.port")
    assert "BOOTH_PANEL_PORT" in page
    assert SECRET not in page
    assert "What is saved holds after the next start." in page


def test_what_is_changed_is_saved_and_all_else_stays(booth: ServedBooth, staff: Signed) -> None:
    booth.config.write_text(f'[ollama]\ntoken = "{SECRET}" # ours\n')
    version = value_of(staff.get("settings").text, "version")
    sent = {"site__name": "Library", "speaker__on": "on", "panel__port": "1", "version": version}
    answer = staff.post("settings", **sent)
    assert answer.headers["Location"] == "/admin/settings?saved="
    text = booth.config.read_text()
    assert 'name = "Library"' in text
    assert f'token = "{SECRET}" # ours' in text
    assert "port" not in text, "the environment fixes it"
    assert "pull_up = false" in text, "what is not ticked is off"
    assert "The settings are saved." in staff.get("settings?saved=").text
    version = value_of(staff.get("settings").text, "version")
    staff.client.post(
        "/admin/settings", data={"form": staff.form, "version": version, "forget.ollama.token": "1"}
    )
    assert SECRET not in booth.config.read_text()


def test_a_mistake_is_told_at_its_field_and_nothing_that_was_typed_is_lost(
    booth: ServedBooth, staff: Signed
) -> None:
    version = value_of(staff.get("settings").text, "version")
    answer = staff.post(
        "settings", site__name="Town <Library>", camera__rate_hz="fast", version=version
    )
    assert answer.status_code == 400
    assert value_of(answer.text, "camera.rate_hz") == "fast"
    assert 'aria-invalid="true"' in input_of(answer.text, "camera.rate_hz")
    assert "It must be a whole number from 5 to 60" in answer.text
    assert value_of(answer.text, "site.name") == "Town &lt;Library&gt;"
    assert not booth.config.exists()


def test_a_file_that_somebody_else_changed_is_not_written_over(
    booth: ServedBooth, staff: Signed
) -> None:
    version = value_of(staff.get("settings").text, "version")
    booth.config.write_text('[site]\nname = "theirs"\n')
    for _ in range(2):
        answer = staff.post("settings", site__name="ours", version=version)
        assert answer.status_code == 409
        assert "changed by somebody else meanwhile" in answer.text
        assert value_of(answer.text, "site.name") == "ours"
        version = value_of(answer.text, "version")
    assert booth.config.read_text() == '[site]\nname = "theirs"\n'


def test_a_file_that_cannot_be_changed_is_told(
    booth: ServedBooth, staff: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    page = staff.get("settings").text
    assert "cannot be changed from here" in page
    assert "Save the settings" not in page


def test_nothing_is_saved_without_the_token_of_the_session(
    booth: ServedBooth, staff: Signed
) -> None:
    for path in ("/admin/settings", "/admin/restart"):
        assert staff.client.post(path, data={"form": "0" * 64}).status_code == 403
    assert not booth.config.exists()
    assert not booth.stopped.is_set()


def test_the_booth_starts_again_but_cuts_nobody_off_unasked(booth: ServedBooth) -> None:
    staff = Signed(booth, ELSEWHERE)
    assert "Version 0." in staff.get("restart").text
    booth.does(Kind.START)
    assert "Somebody is being interviewed" in staff.get("restart").text
    assert staff.post("restart").status_code == 409
    assert not booth.stopped.is_set()
    assert staff.post("restart", sure="on").status_code == 202
    assert booth.stopped.is_set()


def test_where_nothing_would_start_it_again_it_is_not_ended(
    models_dir: Path, sample: Path, tmp_path: Path
) -> None:
    with served(models_dir, sample, folder=tmp_path / "panel") as booth:
        staff = Signed(booth)
        assert "Nothing would start the booth again" in staff.get("restart").text
        assert staff.post("restart").status_code == 409
        assert not booth.stopped.is_set()
