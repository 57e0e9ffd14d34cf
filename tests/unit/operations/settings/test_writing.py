"""Settings are written whole or not at all, only what differs, and never over somebody else."""

import os
import stat
from pathlib import Path

import pytest

from appliance.domain.errors import StorageError
from appliance.operations.settings.loading import load
from appliance.operations.settings.writing import (
    SettingsChangedError,
    obstacle,
    version_of,
    write_settings,
)

TEXT = '# ours\n[site]\nname = "Library" # of the town\n[camera]\nrate_hz = 15\n'


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    path = tmp_path / "booth.toml"
    path.write_text(TEXT)
    path.chmod(0o640)
    return path


def test_one_setting_is_changed_mode_stays_and_the_file_before_is_kept(kept: Path) -> None:
    changes = {("camera", "rate_hz"): 10}
    assert write_settings(kept, changes, version_of(kept), {}) == ()
    assert kept.read_text() == TEXT.replace("15", "10")
    backup = kept.with_name("booth.toml.bak")
    assert backup.read_text() == TEXT
    for path in (kept, backup):
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
        assert path.stat().st_uid == os.geteuid()
    assert sorted(path.name for path in kept.parent.iterdir()) == ["booth.toml", "booth.toml.bak"]


def test_where_nothing_differs_nothing_is_written(kept: Path) -> None:
    before = kept.stat().st_mtime_ns
    assert write_settings(kept, {("camera", "rate_hz"): 15}, version_of(kept), {}) == ()
    assert kept.stat().st_mtime_ns == before
    assert not kept.with_name("booth.toml.bak").exists()


def test_what_is_wrong_is_told_and_nothing_is_written(kept: Path) -> None:
    changes = {("camera", "rate_hz"): 10, ("camera", "width_px"): "wide", ("site", "name"): "b"}
    (mistake,) = write_settings(kept, changes, version_of(kept), {})
    assert mistake.key == "camera.width_px"
    assert "a whole number from 160 to 3840" in mistake.words
    assert kept.read_text() == TEXT


def test_pins_are_looked_at_together(kept: Path) -> None:
    (mistake,) = write_settings(kept, {("controls", "red_pin"): 5}, version_of(kept), {})
    assert "all four pins" in mistake.words
    assert kept.read_text() == TEXT


def test_mistakes_that_were_there_before_keep_nobody_from_mending_another(kept: Path) -> None:
    kept.write_text('[site]\nnmae = "x"\n[camera]\nrate_hz = "fast"\nwidth_px = 1\n')
    assert write_settings(kept, {("camera", "rate_hz"): 15}, version_of(kept), {}) == ()
    assert [one.key for one in load({}, kept).mistakes] == ["site.nmae", "camera.width_px"]
    again = write_settings(kept, {("camera", "width_px"): 1}, version_of(kept), {})
    assert [one.key for one in again] == ["camera.width_px"]


@pytest.mark.parametrize("new", ["", "tok-tansy-1", None])
def test_a_secret_that_was_changed_is_gone_from_the_file_before_too(
    kept: Path, new: str | None
) -> None:
    text = TEXT + '[ollama]\ntoken = "tok-zinnia-9" # theirs\nmodel = "m"\n'
    kept.write_text(text)
    backup = kept.with_name("booth.toml.bak")
    assert write_settings(kept, {("site", "name"): "b"}, version_of(kept), {}) == ()
    assert backup.read_text() == text, "it still holds, and can be gone back to"
    assert write_settings(kept, {("ollama", "token"): new}, version_of(kept), {}) == ()
    assert "zinnia" not in kept.read_text() + backup.read_text()
    assert backup.read_text() == TEXT.replace("Library", "b") + '[ollama]\nmodel = "m"\n'


def test_what_somebody_else_wrote_meanwhile_stays(kept: Path) -> None:
    version = version_of(kept)
    kept.write_text(TEXT + "width_px = 640\n")
    with pytest.raises(SettingsChangedError, match="meanwhile"):
        write_settings(kept, {("camera", "rate_hz"): 10}, version, {})
    assert kept.read_text() == TEXT + "width_px = 640\n"


def test_where_there_is_no_file_one_is_made_for_the_booth_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "booth.toml"
    assert write_settings(path, {("site", "name"): "b"}, version_of(path), {}) == ()
    assert path.read_text() == '[site]\nname = "b"\n'
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(SettingsChangedError):
        write_settings(path, {("site", "name"): "c"}, "none", {})


def test_a_link_stays_a_link_and_windows_mark_stays(kept: Path, tmp_path: Path) -> None:
    kept.write_bytes("\ufeff[site]\r\nname = 'a'\r\n".encode())
    link = tmp_path / "link.toml"
    link.symlink_to(kept)
    assert write_settings(link, {("site", "name"): "b"}, version_of(link), {}) == ()
    assert link.is_symlink()
    assert kept.read_bytes() == b'\xef\xbb\xbf[site]\r\nname = "b"\r\n'


def test_a_place_that_cannot_be_written_is_told_with_what_to_do(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert obstacle(kept) == ""
    assert obstacle(kept.parent / "new" / "booth.toml") == ""
    monkeypatch.setattr(os, "access", lambda place, mode: place != kept.parent)  # root may all
    told = obstacle(kept)
    assert f"may not write to '{kept.parent}'" in told
    assert "docs/settings.md" in told


def test_a_folder_that_the_booth_may_not_even_look_into_is_told(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, **_: object) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "exists", refuse)  # root may all
    assert f"may not look at '{kept}'" in obstacle(kept)


def test_where_writing_fails_the_file_is_as_before(kept: Path) -> None:
    kept.with_name("booth.toml.bak").mkdir()
    with pytest.raises(StorageError, match="could not be written"):
        write_settings(kept, {("camera", "rate_hz"): 10}, version_of(kept), {})
    assert kept.read_text() == TEXT


def test_a_file_of_other_letters_is_left_alone(kept: Path) -> None:
    kept.write_bytes(b"[site]\nname = '\xff'\n")
    with pytest.raises(StorageError, match="UTF-8"):
        write_settings(kept, {("site", "name"): "b"}, version_of(kept), {})
