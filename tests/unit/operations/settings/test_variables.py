"""Settings by the environment, and variables that only look like settings."""

import re
from pathlib import Path

import pytest

from appliance.domain.settings import Settings
from appliance.operations.settings.environment import OTHERS, variable_of
from appliance.operations.settings.loaded import Loaded
from appliance.operations.settings.loading import load, settings_by_place

_ROOT = Path(__file__).parents[4]


def _load(file: Path, text: str, **environment: str) -> Loaded:
    file.write_text(text)
    return load(environment, file)


def test_a_variable_that_is_no_setting_is_told_with_the_nearest_name(file: Path) -> None:
    loaded = _load(file, "", BOOTH_CAMRA_RATE_HZ="9", BOOTH_XYZZY="1")
    assert loaded.mistakes == ()
    assert list(map(str, loaded.warnings)) == [
        (
            "environment BOOTH_CAMRA_RATE_HZ: camera.rate_hz: There is no such setting, so this "
            "does nothing. Did you mean BOOTH_CAMERA_RATE_HZ?"
        ),
        (
            "environment BOOTH_XYZZY: There is no such setting, so this does nothing. "
            "'booth config show' lists all settings."
        ),
    ]
    assert loaded.settings == Settings()


@pytest.mark.parametrize(
    ("variable", "text", "value"),
    [
        ("SPEAKER_ON", "No", False),
        ("SPEAKER_ON", "1", True),
        ("INTERVIEW_SILENCE_S", "2.5", 2.5),
        ("CAMERA_RATE_HZ", " 30 ", 30),
        ("CONTROLS_KEYS", "KEY_A, BTN_LEFT", ("KEY_A", "BTN_LEFT")),
        ("OLLAMA_HOSTS", "", ()),
        ("SITE_NAME", "12", "12"),
    ],
)
def test_a_variable_is_read_as_its_setting_is(
    file: Path, variable: str, text: str, value: object
) -> None:
    loaded = _load(file, "", **{f"BOOTH_{variable}": text})
    assert loaded.mistakes == ()
    section, _, key = variable.lower().partition("_")
    assert getattr(getattr(loaded.settings, section), key) == value


def test_every_variable_of_the_setup_and_the_tests_is_known() -> None:
    known = OTHERS | {variable_of(place) for place in settings_by_place()}
    files = [_ROOT / "setup.sh", *(_ROOT / "systemd").iterdir(), *(_ROOT / "tests").rglob("*.sh")]
    files += [*(_ROOT / "tests").rglob("*.bats"), *(_ROOT / "docs").glob("*.md")]
    text = "".join(file.read_text() for file in files if file.is_file())
    used = set(re.findall(r"\bBOOTH_[A-Z_]+\b", text)) - {"BOOTH_SECTION_SETTING"}
    assert used <= known
    assert used >= OTHERS - {"BOOTH_CONFIG"}
