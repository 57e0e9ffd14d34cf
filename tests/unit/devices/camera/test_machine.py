"""Who holds a device is told by name, from what the kernel shows."""

from pathlib import Path

import pytest

from appliance.devices.machine import THIS_MACHINE, query_capability
from tests.cameras import FixtureMachine, held_open


def test_the_process_that_holds_a_file_is_named(tmp_path: Path) -> None:
    node = tmp_path / "video0"
    node.touch()
    with held_open(node) as pid:
        (holder,) = THIS_MACHINE.holders(node)
    assert holder.startswith("python")
    assert holder.endswith(f"(process {pid})")
    assert THIS_MACHINE.holders(node) == []


def test_a_holder_is_found_by_any_name_of_the_node(tmp_path: Path) -> None:
    node, link = tmp_path / "video0", tmp_path / "by-id"
    node.touch()
    link.symlink_to(node)
    with held_open(node):
        assert len(THIS_MACHINE.holders(link)) == 1


def test_the_booth_itself_is_told_apart(tmp_path: Path) -> None:
    node = tmp_path / "video0"
    node.touch()
    with node.open():
        assert THIS_MACHINE.holders(node) == ["the booth itself"]


def test_asking_a_file_that_is_no_device_fails(tmp_path: Path) -> None:
    with (tmp_path / "file").open("wb") as file, pytest.raises(OSError, match="ioctl"):
        query_capability(file.fileno())


def test_a_jetson_is_known_by_its_release_file(fixture: FixtureMachine) -> None:
    assert not fixture.machine.is_jetson
    (fixture.root / "etc" / "nv_tegra_release").write_text("# R36 (release)\n")
    assert fixture.machine.is_jetson


def test_looking_for_holders_leaves_no_file_open(tmp_path: Path) -> None:
    (tmp_path / "video0").touch()
    before = _open_files()
    for _ in range(10):
        THIS_MACHINE.holders(tmp_path / "video0")
    assert _open_files() == before


def _open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())
