"""Room on the disk, and what wears it out."""

import os
from pathlib import Path

import pytest

from appliance.domain.health import Status
from appliance.operations.doctor.disk_space import Space, check_disk_space, existing, judge
from appliance.operations.doctor.disk_writes import check_disk_writes, find_disk
from tests.devices import ManualClock

_GB = 1_000_000_000


@pytest.mark.parametrize(
    ("free_bytes", "status"),
    [(20 * _GB, Status.HEALTHY), (_GB // 2, Status.WARNING), (_GB // 10, Status.CRITICAL)],
)
def test_little_room_is_told(free_bytes: int, status: Status) -> None:
    found = judge("disk", Path("/var"), Space(free_bytes, 32 * _GB, read_only=False), True)
    assert found.status is status
    assert "of 32.0 GB are free under /var." in found.message
    assert bool(found.advice) == (status is not Status.HEALTHY)


def test_a_disk_that_cannot_be_written_matters_where_the_booth_writes() -> None:
    space = Space(20 * _GB, 32 * _GB, read_only=True)
    assert judge("disk", Path("/var"), space, True).status is Status.CRITICAL
    assert judge("disk", Path("/opt"), space, False).status is Status.HEALTHY


def test_this_machines_disks_are_measured(tmp_path: Path) -> None:
    found = check_disk_space(tmp_path / "not" / "there", tmp_path)
    assert [part.name for part in found] == ["disk"]
    assert found[0].details["total_bytes"] > 0
    assert existing(tmp_path / "not" / "there") == tmp_path


class Machine:
    """Folders like /proc and /sys/dev/block, with one disk under the test's own folder."""

    def __init__(self, root: Path, name: str, *, partition: bool = True) -> None:
        self.root = root
        self.clock = ManualClock()
        disk = root / "sys/devices" / name
        disk.mkdir(parents=True)
        place = disk / f"{name}p2" if partition else disk
        place.mkdir(exist_ok=True)
        if partition:
            (place / "partition").write_text("2\n")
        number = root.stat().st_dev
        link = root / "sys/dev/block" / f"{os.major(number)}:{os.minor(number)}"
        link.parent.mkdir(parents=True)
        link.symlink_to(place)
        self.disk = disk
        (root / "proc").mkdir()
        self.is_up(10 * 3600.0)
        self.wrote(0)

    def is_up(self, seconds: float) -> None:
        (self.root / "proc/uptime").write_text(f"{seconds} 1.0\n")

    def wrote(self, size_bytes: int) -> None:
        columns = [0] * 17
        columns[6] = size_bytes // 512
        (self.disk / "stat").write_text(" ".join(map(str, columns)) + "\n")

    def waits(self, seconds: float) -> None:
        self.clock.now += seconds


def test_much_writing_to_a_card_is_told(tmp_path: Path) -> None:
    machine = Machine(tmp_path, "mmcblk0")
    machine.wrote(5 * _GB)
    found = check_disk_writes(tmp_path, tmp_path, machine.clock, machine.waits)
    assert found.status is Status.WARNING
    assert "The SD card mmcblk0 takes 12.0 GB a day on average" in found.message
    assert "Storage=volatile" in found.advice


def test_little_writing_to_a_card_is_well(tmp_path: Path) -> None:
    machine = Machine(tmp_path, "mmcblk0")
    machine.wrote(_GB // 10)
    found = check_disk_writes(tmp_path, tmp_path, machine.clock, machine.waits)
    assert found.status is Status.HEALTHY
    assert found.details["average_gb_a_day"] == 0.24


def test_a_disk_that_does_not_wear_may_be_written_to(tmp_path: Path) -> None:
    machine = Machine(tmp_path, "nvme0n1")
    machine.wrote(50 * _GB)
    found = check_disk_writes(tmp_path, tmp_path, machine.clock, machine.waits)
    assert found.status is Status.HEALTHY


def test_soon_after_the_start_there_is_no_average(tmp_path: Path) -> None:
    machine = Machine(tmp_path, "mmcblk0")
    machine.is_up(600.0)
    machine.wrote(5 * _GB)

    def writes_meanwhile(seconds: float) -> None:
        machine.waits(seconds)
        machine.wrote(5 * _GB + 2_000_000)

    found = check_disk_writes(tmp_path, tmp_path, machine.clock, writes_meanwhile)
    assert found.status is Status.HEALTHY
    assert "takes 2.0 MB/s at the moment; an average needs an hour" in found.message


def test_soldered_memory_is_told_from_a_card(tmp_path: Path) -> None:
    machine = Machine(tmp_path, "mmcblk1")
    (machine.disk / "device").mkdir()
    (machine.disk / "device/type").write_text("MMC\n")
    disk = find_disk(tmp_path, tmp_path)
    assert disk is not None
    assert (disk.kind, disk.wears) == ("eMMC", True)


def test_the_disk_under_encryption_is_found(tmp_path: Path) -> None:
    machine = Machine(tmp_path, "dm-0", partition=False)
    under = tmp_path / "sys/devices/sda"
    under.mkdir()
    (machine.disk / "slaves").mkdir()
    (machine.disk / "slaves/sda").symlink_to(under)
    disk = find_disk(tmp_path, tmp_path)
    assert disk is not None
    assert (disk.folder.name, disk.kind) == ("sda", "disk")


def test_where_nobody_counts_nothing_is_told(tmp_path: Path) -> None:
    clock = ManualClock()
    assert check_disk_writes(tmp_path, tmp_path, clock, lambda _: None).status is Status.SKIPPED
    machine = Machine(tmp_path, "mmcblk0")
    (machine.disk / "stat").write_text("1 2 3\n")
    assert check_disk_writes(tmp_path, tmp_path, clock, lambda _: None).status is Status.SKIPPED
