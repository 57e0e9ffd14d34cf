"""The disk of tests/hardware/run-power-cut.sh loses what a real one may lose, and nothing else."""

import random
import socket
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hardware.vm.volatile_disk import SECTOR, CutError, Loss, VolatileDisk, serve

OLD, NEW = SECTOR * b"o", SECTOR * b"n"


class EverythingIsLost(random.Random):
    """Chance at its worst."""

    def __init__(self) -> None:
        super().__init__(0)
        self._share = iter([1.0])

    def random(self) -> float:
        return next(self._share, 0.0)


@pytest.fixture
def image(tmp_path: Path) -> Path:
    path = tmp_path / "disk.img"
    path.write_bytes(64 * OLD)
    return path


@pytest.fixture
def disk(image: Path) -> VolatileDisk:
    return VolatileDisk(image, EverythingIsLost())


def test_what_was_not_flushed_is_read_and_lost(disk: VolatileDisk, image: Path) -> None:
    disk.write(0, NEW)
    disk.flush()
    disk.write(2 * SECTOR, 2 * NEW)
    assert disk.read(0, 4 * SECTOR) == NEW + OLD + 2 * NEW
    disk.cut()
    assert disk.settle() == Loss(unflushed=2, lost=2)
    assert image.read_bytes() == NEW + 63 * OLD


def test_what_is_written_through_is_safe(disk: VolatileDisk, image: Path) -> None:
    disk.write(0, NEW)
    disk.write(SECTOR, NEW, through=True)
    disk.cut()
    assert disk.settle() == Loss(unflushed=1, lost=1)
    assert image.read_bytes() == OLD + NEW + 62 * OLD


def test_a_cut_may_lose_some_sectors_of_one_write(image: Path) -> None:
    disk = VolatileDisk(image, random.Random(5))
    disk.write(0, 64 * NEW)
    disk.cut()
    loss = disk.settle()
    assert 0 < loss.lost < loss.unflushed == 64
    assert image.read_bytes().count(NEW) == 64 - loss.lost
    assert len(image.read_bytes()) == 64 * SECTOR


def test_after_a_cut_nothing_works(disk: VolatileDisk) -> None:
    disk.cut()
    for call in (disk.flush, lambda: disk.write(0, NEW), lambda: disk.read(0, SECTOR)):
        with pytest.raises(CutError):
            call()


def test_the_power_goes_at_the_write_that_was_chosen(disk: VolatileDisk, image: Path) -> None:
    disk.write(0, NEW)
    disk.cut_at(2)
    disk.write(SECTOR, NEW)
    assert not disk.is_cut.is_set()
    with pytest.raises(CutError):
        disk.write(2 * SECTOR, NEW, through=True)
    assert disk.is_cut.is_set()
    assert disk.settle().unflushed == 3
    assert image.read_bytes() == 64 * OLD


@pytest.fixture
def client(disk: VolatileDisk, tmp_path: Path) -> Iterator[socket.socket]:
    serve(disk, tmp_path / "socket")
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(10)
        client.connect(str(tmp_path / "socket"))
        assert _receive(client, 18)[:16] == b"NBDMAGICIHAVEOPT"
        client.sendall(struct.pack(">I", 3) + b"IHAVEOPT" + struct.pack(">II", 7, 6) + bytes(6))
        told = _receive(client, 32 + 20)
        assert struct.unpack(">HQH", told[20:32]) == (0, 64 * SECTOR, 1 | 4 | 8)
        yield client


def _receive(client: socket.socket, length: int) -> bytes:
    """So many bytes, or fewer where there are no more."""
    content = b""
    while len(content) < length and (part := client.recv(length - len(content))):
        content += part
    return content


def _ask(client: socket.socket, kind: int, place: int, content: bytes | int = b"") -> None:
    length = content if isinstance(content, int) else len(content)
    head = struct.pack(">IHHQQI", 0x25609513, 0, kind, 7, place, length)
    client.sendall(head + (b"" if isinstance(content, int) else content))


def test_qemu_reads_writes_and_flushes_by_the_nbd_protocol(
    client: socket.socket, disk: VolatileDisk, image: Path
) -> None:
    well = struct.pack(">IIQ", 0x67446698, 0, 7)
    _ask(client, 1, SECTOR, NEW)
    assert _receive(client, 16) == well
    assert image.read_bytes() == 64 * OLD
    _ask(client, 0, 0, 2 * SECTOR)
    assert _receive(client, 16 + 2 * SECTOR) == well + OLD + NEW
    _ask(client, 3, 0)
    assert _receive(client, 16) == well
    assert image.read_bytes() == OLD + NEW + 62 * OLD
    disk.cut()
    _ask(client, 3, 0)
    client.settimeout(0.1)
    with pytest.raises(TimeoutError):
        _receive(client, 16)
    disk.is_gone.set()
    client.settimeout(10)
    assert _receive(client, 16) == b""
