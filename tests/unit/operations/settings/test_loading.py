"""Settings: defaults, then the file, then the environment; mistakes are told, and left out."""

import json
import os
from argparse import Namespace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.cli import DONE, FAILED, main
from appliance.domain.settings import Settings
from appliance.operations.settings.command import example_file, reference, show_settings
from appliance.operations.settings.loading import Loaded, load
from appliance.operations.settings.places import line_of, lines_of_keys

_ROOT = Path(__file__).parents[4]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "booth.toml"


def _load(file: Path, text: str, **environment: str) -> Loaded:
    file.write_text(text)
    return load(environment, file)


def _mistakes(loaded: Loaded, file: Path) -> list[str]:
    return [str(mistake).replace(str(file), "FILE") for mistake in loaded.mistakes]


# ---------------------------------------------------------------- where settings are from


def test_without_a_file_the_defaults_hold(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("appliance.operations.settings.loading.DEFAULT_FILE", tmp_path / "none")
    loaded = load({})
    assert loaded.settings == Settings()
    assert {str(origin) for origin in loaded.origins.values()} == {"default"}
    assert loaded.mistakes == ()


def test_the_file_goes_over_the_defaults_and_the_environment_over_the_file(file: Path) -> None:
    text = '[camera]\nrate_hz = 30\nwidth_px = 640\n[site]\nname = "Library"\n'
    loaded = _load(file, text, BOOTH_CAMERA_RATE_HZ="10")
    assert (loaded.settings.camera.rate_hz, loaded.settings.camera.width_px) == (10, 640)
    assert loaded.settings.site.name == "Library"
    assert str(loaded.origins["camera", "rate_hz"]) == "environment BOOTH_CAMERA_RATE_HZ"
    assert str(loaded.origins["camera", "width_px"]) == f"{file}:3"
    assert str(loaded.origins["camera", "height_px"]) == "default"


def test_lists_come_from_the_environment_with_commas(file: Path) -> None:
    loaded = _load(file, "", BOOTH_OLLAMA_HOSTS=" http://10.0.0.2:11434/ , https://nas ,")
    assert loaded.settings.ollama.hosts == ("http://10.0.0.2:11434", "https://nas")


def test_other_variables_are_left_alone(file: Path) -> None:
    loaded = _load(file, "", BOOTH_PYTHON="python3.11", BOOTH_TREE="/tmp/tree", PATH="/bin")
    assert (loaded.settings, loaded.mistakes) == (Settings(), ())


def test_the_environment_may_name_the_file(file: Path) -> None:
    file.write_text("[panel]\nport = 9000\n")
    assert load({"BOOTH_CONFIG": str(file)}).settings.panel.port == 9000


def test_the_profile_for_workplaces_loads_no_emotion_model(file: Path) -> None:
    assert Settings().loads_emotion_models
    loaded = _load(file, '[site]\nprofile = "observations"\n')
    assert not loaded.settings.loads_emotion_models


# ---------------------------------------------------------------- mistakes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            '[camera]\n\nwidth_px = "wide"\n',
            (
                "FILE:3: camera.width_px: Expected is a valid integer; it is 'wide'. "
                "(width that it is asked for)"
            ),
        ),
        (
            "[camera]\nrotation_deg = 45\n",
            (
                "FILE:2: camera.rotation_deg: Expected is 0, 90, 180 or 270; it is 45. "
                "(clockwise turn that makes it upright)"
            ),
        ),
        (
            "[panel]\nport = 99999\n",
            (
                "FILE:2: panel.port: Expected is less than or equal to 65535; it is 99999. "
                "(where the panel listens)"
            ),
        ),
        ("[camra]\n", "FILE:1: camra: There is no section 'camra'. Did you mean 'camera'?"),
        (
            "[speaker]\nvolme = 3\n",
            "FILE:2: speaker.volme: There is no such setting. There are: on, output.",
        ),
        (
            "[camera]\nwidht_px = 3\n",
            "FILE:2: camera.widht_px: There is no such setting. Did you mean 'width_px'?",
        ),
        (
            "panel = 8080\n",
            "FILE:1: panel: 'panel' is a section: write [panel] and its settings below.",
        ),
        (
            '[ollama]\nhosts = [\n  "nas:11434",\n]\n',
            (
                "FILE:2: ollama.hosts: Expected is an address such as http://192.168.1.20:11434; "
                "it is ['nas:11434']. (addresses in the order in which they are asked)"
            ),
        ),
    ],
)
def test_a_mistake_is_told_with_file_line_and_key(file: Path, text: str, expected: str) -> None:
    loaded = _load(file, text)
    assert _mistakes(loaded, file) == [expected]
    assert loaded.settings == Settings()


def test_all_mistakes_are_told_and_the_rest_holds(file: Path) -> None:
    text = "[camera]\nwidth_px = 1\nheight_px = 480\nrate_hz = 1000\n[panel]\nlan = true\n"
    loaded = _load(file, text, BOOTH_PANEL_PORT="no")
    assert [mistake.key for mistake in loaded.mistakes] == [
        "camera.width_px",
        "camera.rate_hz",
        "panel.port",
    ]
    assert (loaded.settings.camera.height_px, loaded.settings.camera.rate_hz) == (480, 15)
    assert loaded.settings.panel.lan


def test_one_setting_with_two_mistakes_is_told_once(file: Path) -> None:
    loaded = _load(file, '[ollama]\nhosts = ["a", "b"]\n')
    assert len(loaded.mistakes) == 1


def test_a_file_that_is_no_toml_is_told_with_its_line(file: Path) -> None:
    loaded = _load(file, "[camera]\nwidth_px = = 3\n")
    assert "It is no TOML: Invalid value (at line 2, column 12)." in _mistakes(loaded, file)[0]
    assert loaded.settings == Settings()


def test_a_file_that_cannot_be_read_is_told(file: Path, tmp_path: Path) -> None:
    file.write_bytes(b"\xff\xfe\x00")
    assert _mistakes(load({}, file), file) == ["FILE: It cannot be read: it is no text in UTF-8."]
    assert _mistakes(load({}, tmp_path), tmp_path) == ["FILE: It cannot be read: is a directory."]
    missing = tmp_path / "missing.toml"
    assert _mistakes(load({}, missing), missing) == ["FILE: There is no such file."]


def test_a_secret_is_shown_nowhere(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text('[ollama]\ntoken = "geheim"\n')
    for as_json in (False, True):
        assert show_settings(Namespace(config=file, json=as_json), {})
    file.write_text("[ollama]\ntoken = 4711\n")
    show_settings(Namespace(config=file, json=False), {})
    said = capsys.readouterr().out
    assert "geheim" not in said
    assert "4711" not in said
    assert '"***"' in said


# ---------------------------------------------------------------- lines


def test_lines_are_found_in_every_way_of_writing_a_key() -> None:
    places = lines_of_keys(
        '# a comment = 1\nfirst.second = 1\n[camera] # note\n"width_px" = 3\n'
        "  'height px' = [\n1,\n]\n[a.b]\nc.d = 1\n"
    )
    assert places[("first", "second")] == 2
    assert places[("camera",)] == 3
    assert places[("camera", "width_px")] == 4
    assert places[("camera", "height px")] == 5
    assert places[("a", "b", "c", "d")] == 9
    assert line_of(("camera", "inline", "deep"), places) == 3
    assert line_of(("nowhere",), places) is None


@given(st.text(max_size=200))
def test_whatever_the_file_holds_there_are_settings(text: str) -> None:
    path = Path(f"/dev/shm/booth-settings-{os.getpid()}.toml")
    path.write_text(text, encoding="utf-8", errors="replace")
    try:
        loaded = load({}, path)
    finally:
        path.unlink()
    assert isinstance(loaded.settings, Settings)


# ---------------------------------------------------------------- commands and files


def test_the_example_is_the_defaults_and_nothing_else(file: Path) -> None:
    text = (_ROOT / "systemd" / "booth.toml").read_text()
    assert text == example_file()
    assert _load(file, text).settings == Settings()
    live = "\n".join(
        line.removeprefix("#") if line.startswith("#") and " = " in line else line
        for line in text.splitlines()
        if not line.startswith("# ")
    )
    loaded = _load(file, live)
    assert [mistake.key for mistake in loaded.mistakes] == [
        "controls.button_pin",
        "controls.red_pin",
        "controls.green_pin",
        "controls.blue_pin",
    ], "pins have no default of their own"
    assert loaded.settings == Settings()


def test_the_document_lists_what_there_is() -> None:
    document = (_ROOT / "docs" / "settings.md").read_text()
    assert document.endswith(reference())


def test_check_and_show_from_the_command_line(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text("[panel]\nport = 9000\n")
    assert main(["config", "check", str(file)]) == DONE
    assert capsys.readouterr().out == "The settings are right.\n"
    assert main(["config", "show", str(file)]) == DONE
    shown = capsys.readouterr().out
    assert f"{file}:2" in shown
    assert main(["config", "show", str(file), "--json"]) == DONE
    assert json.loads(capsys.readouterr().out)["settings"]["panel.port"] == {
        "value": 9000,
        "origin": f"{file}:2",
    }
    file.write_text("[panel]\nport = 0\n")
    assert main(["config", "check", str(file)]) == FAILED
    assert main(["config", "show", str(file)]) == FAILED
    assert "panel.port: Expected is" in capsys.readouterr().out
