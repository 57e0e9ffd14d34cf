"""A secret that is made once, is the same ever after, and is nobody else's."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from appliance.domain.errors import StorageError
from web_panel.device_secret import FILE, SECRET_BYTES, device_secret, write_private


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_first_start_makes_it_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "state" / "panel"
    secret = device_secret(folder)
    assert len(secret) == SECRET_BYTES
    assert (folder / FILE).read_bytes() == secret
    assert _mode(folder / FILE) == 0o600
    assert _mode(folder) == 0o700
    assert [path.name for path in folder.iterdir()] == [FILE]


def test_a_later_start_finds_the_same(tmp_path: Path) -> None:
    assert device_secret(tmp_path) == device_secret(tmp_path)


def test_two_devices_have_different_ones(tmp_path: Path) -> None:
    assert device_secret(tmp_path / "one") != device_secret(tmp_path / "other")


def test_programs_that_start_together_get_the_same(tmp_path: Path) -> None:
    together = Barrier(8)

    def start(_: int) -> bytes:
        together.wait(timeout=10)
        return device_secret(tmp_path / "panel")

    for _ in range(20):
        with ThreadPoolExecutor(8) as pool:
            assert len(set(pool.map(start, range(8)))) == 1
        (tmp_path / "panel" / FILE).unlink()


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o602, 0o777])
def test_one_that_others_may_open_is_closed_to_them(tmp_path: Path, mode: int) -> None:
    secret = device_secret(tmp_path)
    (tmp_path / FILE).chmod(mode)
    assert device_secret(tmp_path) == secret
    assert _mode(tmp_path / FILE) == 0o600


@pytest.mark.parametrize("length", [0, 1, SECRET_BYTES - 1, SECRET_BYTES + 1, 100_000])
def test_a_damaged_one_is_told_and_left_as_it_is(tmp_path: Path, length: int) -> None:
    (tmp_path / FILE).write_bytes(bytes(length))
    with pytest.raises(StorageError, match="damaged") as caught:
        device_secret(tmp_path)
    assert str(tmp_path / FILE) in str(caught.value)
    assert "Delete it" in caught.value.advice
    assert (tmp_path / FILE).stat().st_size == length


def test_a_folder_in_its_place_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with pytest.raises(StorageError, match="is a directory") as caught:
        device_secret(tmp_path)
    assert str(tmp_path) in caught.value.advice


def test_a_file_in_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "panel").write_text("")
    with pytest.raises(StorageError, match="not a directory"):
        device_secret(tmp_path / "panel")
    with pytest.raises(StorageError, match="file exists"):
        write_private(tmp_path / "panel" / FILE, b"")


def test_what_cannot_be_written_is_told_in_our_words(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with pytest.raises(StorageError, match="cannot be used: is a directory") as caught:
        write_private(tmp_path / FILE, b"secret")
    assert "--out" not in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
