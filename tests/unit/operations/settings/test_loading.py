"""Settings: defaults, then the file, then the environment; mistakes are told, and left out."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.domain.health import Status
from appliance.domain.settings import Settings
from appliance.operations.settings.loaded import Loaded
from appliance.operations.settings.loading import load
from appliance.operations.settings.wording import as_toml

_ROOT = Path(__file__).parents[4]


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


def test_a_running_booth_says_the_first_mistake_and_how_many_more(file: Path) -> None:
    assert _load(file, "").health() == ()
    (told,) = _load(file, "[camera]\nrate_hz = 0\nwidth_px = 0\n[site]\nnmae = 1\n").health()
    assert (told.name, told.status) == ("settings", Status.CRITICAL)
    assert "camera.rate_hz" in told.message
    assert told.message.endswith("And 2 more.")
    (told,) = _load(file, "[camera]\nrate_hz = 0\n").health()
    assert "more." not in told.message


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
                "FILE:3: camera.width_px: It must be a whole number from 160 to 3840; it is "
                '"wide". (width of the picture)'
            ),
        ),
        (
            "[camera]\nrotation_deg = 45\n",
            (
                "FILE:2: camera.rotation_deg: It must be 0, 90, 180 or 270; it is 45. "
                "(clockwise turn that makes it upright)"
            ),
        ),
        (
            "[camera]\nrotation_deg = false\n",
            (
                "FILE:2: camera.rotation_deg: It must be 0, 90, 180 or 270; it is false. "
                "(clockwise turn that makes it upright)"
            ),
        ),
        (
            "[panel]\nport = 99999\n",
            (
                "FILE:2: panel.port: It must be a whole number from 1024 to 65535; it is 99999. "
                "(port on which the panel listens)"
            ),
        ),
        (
            '[panel]\nlan = "yes"\n',
            (
                'FILE:2: panel.lan: It must be true or false; it is "yes". '
                "(other machines may open the panel, too)"
            ),
        ),
        (
            "[interview]\nsilence_s = nan\n",
            (
                "FILE:2: interview.silence_s: It must be a number from 1 to 60; it is NaN. "
                '(silence after which "still thinking?" is asked)'
            ),
        ),
        (
            f'[site]\nname = "{"x" * 99}"\n',
            (
                "FILE:2: site.name: It must be text of at most 60 letters; it is "
                f'"{"x" * 59}…. (name of the site, shown on the first screen)'
            ),
        ),
        (
            '[ollama]\nmodel = ""\n',
            (
                'FILE:2: ollama.model: It must be text, not empty; it is "". '
                "(language model that the hosts have)"
            ),
        ),
        (
            "[controls]\nred_pin = 77\n",
            (
                "FILE:2: controls.red_pin: It must be a whole number from 0 to 40; it is 77. "
                "(pin of the red LED)"
            ),
        ),
        (
            '[controls]\nkeys = ["KEY_A", "space"]\n',
            (
                "FILE:2: controls.keys: It must be a list of one key or more, such as "
                '"KEY_SPACE"; in it is "space". '
                "(keys of a keyboard or USB button, by the kernel's names)"
            ),
        ),
        (
            '[ollama]\nhosts = [\n  "http://nas",\n  "nas:11434",\n]\n',
            (
                "FILE:4: ollama.hosts: It must be a list of addresses in your own network, such as "
                '"http://192.168.1.20:11434"; in it is "nas:11434". '
                "(Ollama hosts, in the order in which they are asked)"
            ),
        ),
        (
            '[printer]\nkind = "network"\n',
            "FILE:2: printer.kind: Set printer.host, too, where the printer in the network is.",
        ),
        (
            '[printer]\nhost = "prints.example.com:9100"\n',
            (
                "FILE:2: printer.host: It must be a host in your own network and its port, such as "
                '"192.168.1.30:9100"; it is "prints.example.com:9100". '
                "(where a printer in the network is)"
            ),
        ),
        (
            "controls = { button_pin = 4, red_pin = 5, green_pin = 6 }\n",
            (
                "FILE:1: controls.button_pin: Set all four pins, or none for the usual places. "
                "Missing: blue_pin."
            ),
        ),
        (
            "[controls]\nbutton_pin = 4\nred_pin = 5\ngreen_pin = 6\nblue_pin = 4\n",
            (
                "FILE:2: controls.button_pin: Two of the four pins are the same. "
                "Give each a pin of its own."
            ),
        ),
        (
            '[site]\nlanguage = "pl"\n',
            "FILE:2: site.language: There is no language pack 'pl'. Choose one of: de, en, es.",
        ),
    ],
)
def test_a_wrong_value_is_told_with_file_line_and_key(file: Path, text: str, expected: str) -> None:
    loaded = _load(file, text)
    assert _mistakes(loaded, file) == [expected]
    assert loaded.settings == Settings()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[camra]\n", "FILE:1: camra: There is no section 'camra'. Did you mean 'camera'?"),
        (
            "[speaker]\nlouder = 3\n",
            "FILE:2: speaker.louder: There is no such setting. There are: on, voice, output.",
        ),
        (
            "[camera]\nwidht_px = 3\n",
            "FILE:2: camera.widht_px: There is no such setting. Did you mean 'width_px'?",
        ),
        (
            "[camera]\nport = 3\n",
            "FILE:2: camera.port: There is no such setting here. Write it below [panel].",
        ),
        ("port = 3\n", "FILE:1: port: It is outside of a section. Write it below [panel]."),
        (
            "panel = 8080\n",
            "FILE:1: panel: 'panel' is a section: write [panel] once, and its settings below.",
        ),
        (
            "[[panel]]\nport = 1\n",
            "FILE:1: panel: 'panel' is a section: write [panel] once, and its settings below.",
        ),
        (
            '[camera]\n"a\\nb\\u001b" = 1\n',
            (
                "FILE:2: camera.a?b?: There is no such setting. There are: backend, identity, "
                "width_px, height_px, rate_hz, rotation_deg."
            ),
        ),
    ],
)
def test_a_name_that_there_is_not_is_told_with_the_one_that_was_meant(
    file: Path, text: str, expected: str
) -> None:
    assert _mistakes(_load(file, text), file) == [expected]


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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "[camera]\nwidth_px = = 3\n",
            (
                "FILE:2: It is no TOML: invalid value. "
                "Until this is mended, nothing in the file holds."
            ),
        ),
        (
            "[camera]\nrate_hz = 3\nrate_hz = 4\n",
            (
                "FILE:3: It is no TOML: cannot overwrite a value. "
                "Until this is mended, nothing in the file holds."
            ),
        ),
        (f"[panel]\nport = {'9' * 5000}\n", "FILE: A number in it is too long."),
        (
            f"[panel]\nport = {'[' * 5000}\n",
            "FILE: It is nested too deeply. Settings are lines under [sections], no deeper.",
        ),
        ("#" * (1 << 21), "FILE: It is too large to be a settings file. Is it another one?"),
    ],
)
def test_a_file_that_is_no_toml_is_told_with_its_line(file: Path, text: str, expected: str) -> None:
    assert _mistakes(_load(file, text), file) == [expected]


def test_what_editors_leave_in_a_file_does_no_harm(file: Path) -> None:
    text = '\ufeff[site]\r\nname = """\r\n[hello world]\r\n"""\r\n[panel]\r\nport = 9000\r\n'
    file.write_bytes(text.encode())
    loaded = load({}, file)
    assert loaded.mistakes == ()
    assert loaded.settings.panel.port == 9000
    assert str(loaded.origins["panel", "port"]) == f"{file}:6"


def test_a_file_that_cannot_be_read_is_told(file: Path, tmp_path: Path) -> None:
    file.write_bytes(b"\xff\xfe\x00")
    words = "FILE: It cannot be read: it is no text in UTF-8. Save it as UTF-8."
    assert _mistakes(load({}, file), file) == [words]
    assert _mistakes(load({}, tmp_path), tmp_path) == ["FILE: It cannot be read: is a directory."]
    missing = tmp_path / "missing.toml"
    words = "FILE: There is no such file. Check the name, or leave it out for the defaults."
    assert _mistakes(load({}, missing), missing) == [words]


def test_a_file_of_somebody_else_is_told(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(self: Path, encoding: str) -> str:
        raise PermissionError(13, "Permission denied", str(self))

    file.write_text("")
    monkeypatch.setattr(Path, "read_text", refused)  # root may read what others may not
    words = "FILE: It cannot be read: permission denied. Let the booth's user read it."
    assert _mistakes(load({}, file), file) == [words]


def test_a_wrong_variable_leaves_what_the_file_says(file: Path) -> None:
    loaded = _load(file, "[panel]\nport = 9000\n", BOOTH_PANEL_PORT="x")
    assert _mistakes(loaded, file) == [
        (
            "environment BOOTH_PANEL_PORT: panel.port: It must be a whole number from 1024 to "
            '65535; it is "x". (port on which the panel listens)'
        )
    ]
    assert loaded.settings.panel.port == 9000
    assert str(loaded.origins["panel", "port"]) == f"{file}:2"


def test_a_mistake_in_the_file_is_told_also_where_a_variable_goes_before_it(file: Path) -> None:
    loaded = _load(file, "[panel]\nport = 0\n", BOOTH_PANEL_PORT="9000")
    assert [mistake.key for mistake in loaded.mistakes] == ["panel.port"]
    assert loaded.settings.panel.port == 9000


def test_pins_may_come_from_two_places(file: Path) -> None:
    text = "[controls]\nbutton_pin = 4\nred_pin = 5\n"
    pins = {"BOOTH_CONTROLS_GREEN_PIN": "6", "BOOTH_CONTROLS_BLUE_PIN": "7"}
    loaded = _load(file, text, **pins)
    assert (loaded.mistakes, loaded.settings.controls.blue_pin) == ((), 7)
    loaded = _load(file, text, **pins, BOOTH_CONTROLS_RED_PIN=" ")
    assert [mistake.words[-8:] for mistake in loaded.mistakes] == ["red_pin."]
    assert loaded.settings == Settings()


# ---------------------------------------------------------------- round trip


_WHOLE = st.fixed_dictionaries(
    {},
    optional={
        "site": st.fixed_dictionaries({"name": st.text(max_size=60)}),
        "camera": st.fixed_dictionaries(
            {"width_px": st.integers(160, 3840), "rotation_deg": st.sampled_from([0, 90, 180, 270])}
        ),
        "interview": st.fixed_dictionaries({"silence_s": st.floats(1, 60)}),
        "ollama": st.fixed_dictionaries(
            {"hosts": st.lists(st.sampled_from(["http://nas:1", "https://10.0.0.2"]), max_size=3)}
        ),
        "accommodations": st.fixed_dictionaries(
            {"no_gaze": st.booleans(), "silence_factor": st.floats(1, 10)}
        ),
    },
)


@given(_WHOLE)
def test_settings_that_are_written_are_read_again(values: dict[str, dict[str, object]]) -> None:
    path = Path(f"/dev/shm/booth-settings-{os.getpid()}-whole.toml")
    lines = []
    for section, table in values.items():
        lines += [f"[{section}]", *(f"{key} = {as_toml(value)}" for key, value in table.items())]
    path.write_text("\n".join(lines), encoding="utf-8")
    try:
        loaded = load({}, path)
    finally:
        path.unlink()
    assert loaded.mistakes == ()
    assert loaded.settings == Settings.model_validate(values)
    written = [place for place, origin in loaded.origins.items() if origin.file is not None]
    for (section, key), line in ((place, loaded.origins[place].line) for place in written):
        assert lines[(line or 0) - 1] == f"{key} = {as_toml(values[section][key])}"


@given(st.text(max_size=200))
def test_whatever_the_file_holds_there_are_settings(text: str) -> None:
    path = Path(f"/dev/shm/booth-settings-{os.getpid()}.toml")
    path.write_text(text, encoding="utf-8", errors="replace", newline="")
    try:
        loaded = load({}, path)
    finally:
        path.unlink()
    assert isinstance(loaded.settings, Settings)
