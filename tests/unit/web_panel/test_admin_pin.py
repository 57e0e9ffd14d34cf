"""A PIN that is kind to choose, slow to guess, and never stored."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal

import argon2
import pytest

from appliance.domain.errors import StorageError, WrongUsageError
from web_panel.admin_pin import FILE, AdminPin

_PIN = "739251"


def _hash_with(pin: str, kind: argon2.Type = argon2.Type.ID, memory_kib: int = 64) -> str:
    return argon2.PasswordHasher(1, memory_kib, 1, type=kind).hash(pin)


def test_nothing_matches_before_one_is_set(tmp_path: Path) -> None:
    pin = AdminPin(tmp_path / "panel")
    assert not pin.is_set
    assert not pin.matches(_PIN)
    assert not pin.matches("")
    assert not (tmp_path / "panel").exists()


def test_it_matches_after_a_restart_and_no_other_does(tmp_path: Path) -> None:
    AdminPin(tmp_path / "panel").set(_PIN)
    pin = AdminPin(tmp_path / "panel")
    assert pin.is_set
    assert pin.matches(_PIN)
    assert not pin.matches("739252")
    assert not pin.matches(f"{_PIN}0")
    assert not pin.matches(f" {_PIN}")


def test_a_new_one_takes_the_place_of_the_old(tmp_path: Path) -> None:
    pin = AdminPin(tmp_path)
    pin.set(_PIN)
    pin.set("8520")
    assert pin.matches("8520")
    assert not pin.matches(_PIN)


def test_only_a_slow_hash_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "panel"
    AdminPin(folder).set(_PIN)
    kept = (folder / FILE).read_text()
    assert kept.startswith("$argon2id$v=19$m=32768,t=2,p=1$")
    assert _PIN not in kept
    assert stat.S_IMODE((folder / FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [path.name for path in folder.iterdir()] == [FILE]


def test_one_pin_has_another_hash_on_every_device(tmp_path: Path) -> None:
    AdminPin(tmp_path / "one").set(_PIN)
    AdminPin(tmp_path / "other").set(_PIN)
    assert (tmp_path / "one" / FILE).read_text() != (tmp_path / "other" / FILE).read_text()


@pytest.mark.parametrize(
    "pin", ["", "739", "7392518640517", "73a1", "-7392", "7 392", "73 ", "7392\n", "٧٣٩٢", "7³92"]
)
def test_what_is_no_pin_is_refused_kindly(tmp_path: Path, pin: str) -> None:
    with pytest.raises(WrongUsageError, match="4 to 12 digits") as caught:
        AdminPin(tmp_path).set(pin)
    assert caught.value.advice
    assert not AdminPin(tmp_path).is_set


@pytest.mark.parametrize(
    "pin",
    ["0000", "1111", "999999999999", "1234", "123456", "0123", "4321", "987654", "7890", "0987"],
)
def test_what_anybody_would_try_first_is_refused(tmp_path: Path, pin: str) -> None:
    kept = AdminPin(tmp_path)
    kept.set(_PIN)
    with pytest.raises(WrongUsageError) as caught:
        kept.set(pin)
    assert pin not in str(caught.value)
    assert kept.matches(_PIN)


@pytest.mark.parametrize("pin", ["7392", "1235", "1243", "0001", "739251864051"])
def test_every_other_pin_is_taken(tmp_path: Path, pin: str) -> None:
    kept = AdminPin(tmp_path)
    kept.set(pin)
    assert kept.matches(pin)


def test_a_hash_of_another_cost_is_replaced_once_the_pin_is_right(tmp_path: Path) -> None:
    old = _hash_with(_PIN)
    (tmp_path / FILE).write_text(old)
    pin = AdminPin(tmp_path)
    assert not pin.matches("8520")
    assert (tmp_path / FILE).read_text() == old
    assert pin.matches(_PIN)
    renewed = (tmp_path / FILE).read_text()
    assert "m=32768,t=2,p=1" in renewed
    assert pin.matches(_PIN)
    assert (tmp_path / FILE).read_text() == renewed


def test_a_hash_that_others_may_read_is_closed_to_them(tmp_path: Path) -> None:
    AdminPin(tmp_path).set(_PIN)
    (tmp_path / FILE).chmod(0o644)
    assert AdminPin(tmp_path).matches(_PIN)
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


_DAMAGED = {
    "empty": b"",
    "zeros": bytes(97),
    "not ASCII": "$argon2id$é".encode(),
    "cut": _hash_with(_PIN).encode()[:40],
    "cut in the hash": _hash_with(_PIN).encode()[:-39],
    "cut by one character": _hash_with(_PIN).encode()[:-1],
    "another kind": _hash_with(_PIN, argon2.Type.I).encode(),
    "more memory than there is": b"$argon2id$v=19$m=999999999,t=2,p=1$c29tZXNhbHQ$" + b"A" * 43,
    "no passes": b"$argon2id$v=19$m=32768,t=0,p=1$c29tZXNhbHQ$" + b"A" * 43,
    "no memory": b"$argon2id$v=19$m=0,t=2,p=1$c29tZXNhbHQ$" + b"A" * 43,
    "no lanes": b"$argon2id$v=19$m=32768,t=2,p=0$c29tZXNhbHQ$" + b"A" * 43,
    "fewer than none": b"$argon2id$v=19$m=-8,t=-2,p=-1$c29tZXNhbHQ$" + b"A" * 43,
    "too long": _hash_with(_PIN).encode() + b"A" * 1000,
    "the PIN itself": _PIN.encode(),
}


@pytest.mark.parametrize("content", _DAMAGED.values(), ids=_DAMAGED.keys())
def test_a_damaged_file_is_told_and_opens_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    pin = AdminPin(tmp_path)
    assert pin.is_set
    with pytest.raises(StorageError, match="damaged") as caught:
        pin.matches(_PIN)
    assert str(tmp_path / FILE) in str(caught.value)
    assert "choose a new PIN" in caught.value.advice
    pin.set(_PIN)
    assert pin.matches(_PIN)


def test_a_folder_that_cannot_be_used_is_not_taken_for_an_unset_pin(tmp_path: Path) -> None:
    (tmp_path / "panel").write_text("")
    pin = AdminPin(tmp_path / "panel")
    with pytest.raises(StorageError):
        _ = pin.is_set
    with pytest.raises(StorageError):
        pin.matches(_PIN)
    with pytest.raises(StorageError):
        pin.set(_PIN)


def test_a_link_to_nowhere_is_not_taken_for_an_unset_pin(tmp_path: Path) -> None:
    (tmp_path / FILE).symlink_to(tmp_path / "gone")
    assert AdminPin(tmp_path).is_set


class _Watched(argon2.PasswordHasher):
    """The real thing, which notes how many of its computations ran at once."""

    running = 0
    most = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            return super().verify(hash, password)
        finally:
            self.running -= 1


def test_many_guesses_at_once_are_computed_one_by_one(tmp_path: Path) -> None:
    pin = AdminPin(tmp_path)
    pin.set(_PIN)
    hasher = _Watched(2, 32768, 1)
    pin._hasher = hasher
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(pin.matches, ["8520"] * 15 + [_PIN]))
    assert found == [False] * 15 + [True]
    assert hasher.most == 1
