"""Damaged settings: the booth starts, and does nothing that the site may have forbidden."""

from pathlib import Path

import pytest

from appliance.domain.settings import CAUTIOUS, Settings
from appliance.operations.settings.loaded import Loaded
from appliance.operations.settings.loading import load


def _load(file: Path, text: str, **environment: str) -> Loaded:
    file.write_text(text)
    return load(environment, file)


@pytest.mark.parametrize(
    "text",
    [
        '[site]\nprofile = "observation"\n',
        '[site]\nprofil = "observations"\n',
        '[sit]\nprofile = "observations"\n',
        'profile = "observations"\n',
        '[site]\nprofile = "observations"\nname = = 3\n',
        '[site]\nprofile = "observations\n',
    ],
)
def test_where_the_profile_is_in_doubt_no_emotion_model_is_loaded(file: Path, text: str) -> None:
    loaded = _load(file, text)
    assert loaded.mistakes
    assert not loaded.settings.loads_emotion_models
    origin = loaded.origins["site", "profile"]
    assert str(origin) == "caution, since settings are wrong"


def test_a_damaged_file_keeps_nothing_new_and_deletes_nothing_early(file: Path) -> None:
    storage = _load(
        file, "[storage]\npractice_record = false\nretention_days = \n"
    ).settings.storage
    assert (storage.practice_record, storage.retention_days) == (False, 730)


def test_a_named_file_that_is_not_there_calls_for_caution(tmp_path: Path) -> None:
    loaded = load({"BOOTH_CONFIG": str(tmp_path / "moved.toml")})
    assert not loaded.settings.loads_emotion_models


def test_a_mistake_elsewhere_hides_no_choice(file: Path) -> None:
    loaded = _load(file, "[camera]\nwidth_px = 1\n")
    assert loaded.settings == Settings()
    loaded = _load(file, '[camra]\n[site]\nprofile = "self"\n[storage]\nretention_days = 30\n')
    assert loaded.settings.loads_emotion_models
    assert loaded.settings.storage.retention_days == 30


def test_a_variable_that_goes_wrong_calls_for_caution_too(file: Path) -> None:
    text = '[site]\nprofile = "self"\n'
    assert not _load(file, text, BOOTH_SITE_PROFILE="observation").settings.loads_emotion_models
    assert not _load(file, text, BOOTH_SITE_PROFIL="observations").settings.loads_emotion_models
    given = {"BOOTH_SITE_PROFIL": "observations", "BOOTH_SITE_PROFILE": "self"}
    assert _load(file, text, **given).settings.loads_emotion_models
    right = _load(file, '[site]\nprofile = "x"\n', BOOTH_SITE_PROFILE="self")
    assert right.settings.loads_emotion_models


def test_every_cautious_value_is_one_that_its_setting_takes() -> None:
    for (section, key), value in CAUTIOUS.items():
        Settings.model_validate({section: {key: value}})
