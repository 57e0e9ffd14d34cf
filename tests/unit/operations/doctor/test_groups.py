"""Who may open which device."""

import os
from pathlib import Path

import pytest

from appliance.domain.health import Health, Status
from appliance.operations.doctor.groups import Person, check_groups, current_person, may_open

_MINE = os.getgid()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "etc").mkdir()
    (tmp_path / "dev/snd").mkdir(parents=True)
    (tmp_path / "dev/gpiochip0").touch()
    (tmp_path / "dev/video0").touch()
    return tmp_path


def _check(root: Path, gids: set[int], members: str = "", uid: int = 1000) -> Health:
    (root / "etc/group").write_text(f"root:x:0:\nvideo:x:4711:{members}\nbroken line\n")
    for node in ("gpiochip0", "video0"):
        os.chown(root / "dev" / node, -1, 4711)
    person = Person("anna", uid, frozenset(gids))
    return check_groups(root, person, lambda _: False)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files to a group")
def test_the_group_that_is_missing_is_named(root: Path) -> None:
    found = _check(root, {1000})
    assert found.status is Status.CRITICAL
    assert "anna may not open: cameras" in found.message
    assert found.advice == "Run 'sudo usermod -aG video anna', then log in again."
    assert found.details["lacking"] == ["video"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files to a group")
def test_who_was_added_a_moment_ago_must_log_in_again(root: Path) -> None:
    assert "but not yet in this session: log in again" in _check(root, {1000}, "anna,ben").advice


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files to a group")
def test_without_the_pins_alone_it_is_a_warning(root: Path) -> None:
    (root / "dev/video0").unlink()
    (root / "dev/video0").mkdir()  # no node
    (root / "etc/group").write_text("gpio:x:4711:\n")
    os.chown(root / "dev/gpiochip0", -1, 4711)
    found = check_groups(root, Person("anna", 1000, frozenset({1000})), lambda _: False)
    assert found.status is Status.WARNING
    assert "lights and buttons" in found.message


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files to a group")
def test_a_node_of_root_alone_needs_a_rule(root: Path) -> None:
    (root / "etc/group").write_text("root:x:0:\n")
    found = check_groups(root, Person("anna", 1000, frozenset({1000})), lambda _: False)
    assert "udev rule" in found.advice


def test_who_has_the_group_or_is_root_may_open_everything(root: Path) -> None:
    gid = (root / "dev/video0").stat().st_gid
    assert check_groups(root, Person("anna", 1000, frozenset({gid})), lambda _: False).message == (
        "anna may open every device."
    )
    assert check_groups(root, Person("root", 0, frozenset()), may_open).status is Status.HEALTHY


def test_without_devices_there_is_nothing_to_open(tmp_path: Path) -> None:
    found = check_groups(tmp_path, Person("anna", 1000, frozenset()), may_open)
    assert found.status is Status.SKIPPED


def test_this_process_has_a_person(tmp_path: Path) -> None:
    person = current_person()
    assert person.uid == os.geteuid()
    assert _MINE in person.gids
    assert may_open(tmp_path)
