"""The settings as their form shows them, and takes them back."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from appliance.domain.setting_form import FieldKind, SettingForm, Source
from appliance.domain.settings import Ollama, Settings
from appliance.operations.administration.settings_desk import SettingsDesk
from appliance.operations.settings.writing import SettingsChangedError

SECRET = "tok-marigold-9"


def desk(file: Path, text: str = "", **environment: str) -> SettingsDesk:
    file.write_text(text)
    return SettingsDesk(environment, file, Settings())


def typed(form: SettingForm, **other: str) -> dict[str, str]:
    """What a browser sends of a form, with some of it typed anew."""
    fields = (field for section in form.sections for field in section.fields)
    sent = {field.name: field.typed for field in fields if field.kind is not FieldKind.SECRET}
    return {**sent, **{name.replace("__", "."): text for name, text in other.items()}}


def test_every_setting_is_in_the_form_with_what_it_takes(file: Path) -> None:
    form = desk(file, "[camera]\nrate_hz = 10\n", BOOTH_SITE_NAME="Library").look()
    assert [section.name for section in form.sections] == list(Settings.model_fields)
    rate = form.field("camera.rate_hz")
    assert (rate.kind, rate.typed, rate.least, rate.most) == (FieldKind.WHOLE, "10", 5.0, 60.0)
    assert (rate.source, rate.place, rate.default) == (Source.FILE, f"{file}:2", "15")
    name = form.field("site.name")
    assert (name.is_fixed, name.typed, name.place) == (True, "Library", "BOOTH_SITE_NAME")
    pin = form.field("controls.red_pin")
    assert (pin.kind, pin.typed, pin.least, pin.most) == (FieldKind.WHOLE, "", 0.0, 40.0)
    assert form.field("site.profile").choices == ("self", "observations")
    assert form.field("controls.keys").typed == "KEY_SPACE, KEY_ENTER, KEY_KPENTER"
    assert form.field("speaker.on").typed == "on"
    assert form.field("interview.silence_s").typed == "4"
    assert form.field("ollama.token").kind is FieldKind.SECRET
    assert form.is_right
    assert form.is_pending, "the file is not that by which the booth runs"


def test_a_form_that_is_sent_as_it_was_changes_nothing(file: Path) -> None:
    text = '[camera]\nrate_hz = 10 # calm\n[ollama]\ntoken = "t"\n[interview]\nsilence_s = 4\n'
    one = desk(file, text)
    form = one.look()
    assert one.write(typed(form), form.version).is_right
    assert file.read_text() == text


def test_what_was_typed_is_written(file: Path) -> None:
    one = desk(file, "[camera]\nrate_hz = 10\n", BOOTH_SITE_NAME="Library")
    form = one.look()
    after = one.write(
        typed(
            form,
            camera__rate_hz="12",
            speaker__on="off",
            controls__keys="KEY_A,  KEY_B",
            interview__silence_s="2.5",
            site__name="other",
        ),
        form.version,
    )
    assert after.is_right
    assert file.read_text() == (
        "[camera]\nrate_hz = 12\n\n[speaker]\non = false\n\n"
        '[controls]\nkeys = ["KEY_A", "KEY_B"]\n\n[interview]\nsilence_s = 2.5\n'
    )
    assert after.field("site.name").typed == "Library", "the environment goes before"


def test_a_mistake_is_at_its_setting_and_nothing_is_lost_or_written(file: Path) -> None:
    one = desk(file, "[camera]\nrate_hz = 10\n")
    form = one.look()
    sent = typed(form, camera__rate_hz="fast", site__name="Library", site__language="xx")
    wrong = one.write(sent, form.version)
    assert wrong.is_refused
    assert not wrong.is_right
    assert [part.name for part in wrong.sections if part.is_wrong] == ["site", "camera"]
    assert wrong.field("camera.rate_hz").typed == "fast"
    assert '"fast"' in wrong.field("camera.rate_hz").mistake
    assert wrong.field("site.name").typed == "Library"
    assert wrong.version == form.version
    assert file.read_text() == "[camera]\nrate_hz = 10\n"


def test_a_mistake_of_the_file_is_shown_and_mended_by_what_the_form_shows(file: Path) -> None:
    one = desk(file, '[camera]\nrate_hz = "fast"\n[sight]\n')
    form = one.look()
    assert form.field("camera.rate_hz").mistake
    assert len(form.mistakes) == 1
    assert form.field("site.profile").source is Source.CAUTION
    one.write(typed(form), form.version)
    assert file.read_text() == (
        "[camera]\nrate_hz = 15\n[sight]\n\n"
        '[site]\nprofile = "observations"\n\n'
        "[storage]\nretention_days = 730\npractice_record = false\n"
    ), "what was cautious stays when the file is mended"


@pytest.mark.parametrize(("sent", "left"), [(None, SECRET), ("", ""), ("other", "other")])
def test_a_secret_is_never_shown_and_stays_unless_it_is_sent(
    file: Path, sent: str | None, left: str
) -> None:
    text = f'[ollama]\ntoken = "{SECRET}"\n'
    file.write_text(text)
    one = SettingsDesk({}, file, Settings(ollama=Ollama(token=SecretStr(SECRET))))
    form = one.look()
    assert SECRET not in repr(form)
    assert form.field("ollama.token").is_set
    assert not form.is_pending
    one.write(typed(form, **({} if sent is None else {"ollama__token": sent})), form.version)
    assert f'token = "{left}"' in file.read_text()


def test_a_mistake_that_the_environment_covers_keeps_nobody_from_saving(file: Path) -> None:
    one = desk(file, '[camera]\nrate_hz = "fast"\n', BOOTH_CAMERA_RATE_HZ="10")
    form = one.look()
    after = one.write(typed(form, site__name="Library"), form.version)
    assert not after.is_refused
    assert not after.is_right
    assert 'name = "Library"' in file.read_text()


def test_an_output_that_runs_a_program_is_refused_with_what_it_takes(file: Path) -> None:
    one = desk(file)
    form = one.look()
    after = one.write(typed(form, speaker__output="file:'|touch x',raw"), form.version)
    assert after.is_refused
    assert 'an output such as "plughw:1,0"' in after.field("speaker.output").mistake
    assert file.read_text() == ""


@pytest.fixture
def etc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of the administrator, which the service cannot write."""
    path = tmp_path / "etc" / "booth.toml"
    path.parent.mkdir()
    monkeypatch.setattr("appliance.operations.settings.loading.DEFAULT_FILE", path)
    return path


def service(file: Path) -> dict[str, str]:
    return {"BOOTH_CONFIG": str(file), "STATE_DIRECTORY": str(file.parent)}


def test_as_a_service_a_file_that_is_not_made_yet_is_no_mistake_and_is_made(
    file: Path, etc: Path
) -> None:
    one = SettingsDesk(service(file), None, Settings())
    form = one.look()
    assert not etc.exists()
    assert (form.is_right, form.mistakes, form.obstacle, form.is_pending) == (True, (), "", False)
    assert form.field("site.profile").source is Source.DEFAULT
    assert form.file == str(file)
    one.write(typed(form, site__name="Library"), form.version)
    assert file.read_text() == '[site]\nname = "Library"\n'


def test_as_a_service_what_the_administrator_wrote_holds_and_is_taken_over(
    file: Path, etc: Path
) -> None:
    text = '# ours\n[site]\nprofile = "observations"\n'
    etc.write_text(text)
    one = SettingsDesk(service(file), None, Settings())
    form = one.look()
    profile = form.field("site.profile")
    assert (profile.typed, profile.place) == ("observations", f"{etc}:3")
    after = one.write(typed(form, site__name="Library"), form.version)
    assert after.field("site.profile").place == f"{file}:4"
    assert file.read_text() == '# ours\n[site]\nname = "Library"\nprofile = "observations"\n'
    assert not file.with_name("booth.toml.bak").exists()
    assert etc.read_text() == text
    etc.write_text("[site\n")
    assert one.look().is_right, "from now on its own file holds"


def test_as_a_service_a_change_in_etc_meanwhile_is_noticed(file: Path, etc: Path) -> None:
    one = SettingsDesk(service(file), None, Settings())
    form = one.look()
    etc.write_text('[site]\nname = "theirs"\n')
    with pytest.raises(SettingsChangedError):
        one.write(typed(form, site__name="ours"), form.version)
    assert not file.exists()


def test_a_missing_file_anywhere_else_stays_a_mistake(file: Path, tmp_path: Path) -> None:
    elsewhere = {**service(file), "STATE_DIRECTORY": str(tmp_path / "state")}
    form = SettingsDesk(elsewhere, None, Settings()).look()
    assert form.mistakes
    assert form.field("site.profile").source is Source.CAUTION


def test_the_port_that_the_screen_opens_is_shown_and_not_changed(file: Path) -> None:
    one = desk(file, "[panel]\nport = 9000\n")
    form = one.look()
    port = form.field("panel.port")
    assert (port.is_fixed, port.typed) == (True, "9000")
    assert "the booth's own screen opens this port" in port.advice
    after = one.write(typed(form, panel__port="22", site__name="Library"), form.version)
    assert after.is_right
    assert file.read_text() == '[panel]\nport = 9000\n\n[site]\nname = "Library"\n'


@pytest.mark.parametrize("port", [1, 22, 1023])
def test_a_port_of_the_system_is_not_taken(file: Path, port: int) -> None:
    form = desk(file, f"[panel]\nport = {port}\n").look()
    assert "from 1024 to 65535" in form.field("panel.port").mistake
