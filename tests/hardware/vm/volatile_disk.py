"""A disk with a write cache that a power cut empties, served to QEMU by the NBD protocol.

What was written stays in memory until the machine asks for it to be flushed; only then does it
reach the image. A cut loses each sector that was not flushed by chance, whatever the order in which
they were written, as a memory card or an SSD may.

The protocol: https://github.com/NetworkBlockDevice/nbd/blob/master/doc/proto.md
"""

import random
import socket
import struct
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

SECTOR = 512

_HELLO = b"NBDMAGIC" + b"IHAVEOPT"
_OPTION_REPLY = 0x3E889045565A9
_REQUEST, _REPLY = 0x25609513, 0x67446698
_FIXED_NEWSTYLE, _NO_ZEROES = 1, 2
_HAS_FLAGS, _SEND_FLUSH, _SEND_FUA = 1, 4, 8
_ABORT, _INFO, _GO = 2, 6, 7
_ACK, _EXPORT, _UNSUPPORTED = 1, 3, 1 << 31 | 1
_READ, _WRITE, _DISCONNECT, _FLUSH = range(4)
_FUA = 1
_INVALID = 22


@dataclass(frozen=True, slots=True)
class Loss:
    """What a cut took.

    Attributes:
        unflushed: sectors in the cache.
        lost: of these.
    """

    unflushed: int
    lost: int


class CutError(Exception):
    """The power is gone."""


class VolatileDisk:
    """The disk. Any thread may use it.

    Args:
        image: holds what is safe; a whole number of sectors.
        chance: decides what a cut takes.

    Attributes:
        size: in bytes.
        writes: so far.
        is_cut: the power is gone.
        is_gone: set once its machine is killed; its client is left then.
    """

    def __init__(self, image: Path, chance: random.Random) -> None:
        self._file = image.open("r+b", buffering=0)
        self._chance = chance
        self._cache: dict[int, bytes] = {}
        self._lock = threading.Lock()
        self._last_write: int | None = None
        self.size = image.stat().st_size
        self.writes = 0
        self.is_cut = threading.Event()
        self.is_gone = threading.Event()

    def read(self, offset: int, length: int) -> bytes:
        """Read, from the cache where it is there; offset and length are whole sectors."""
        with self._powered():
            content = bytearray(self._read_image(offset, length))
            for place in range(0, length, SECTOR):
                sector = self._cache.get((offset + place) // SECTOR)
                if sector is not None:
                    content[place : place + SECTOR] = sector
            return bytes(content)

    def write(self, offset: int, content: bytes, *, through: bool = False) -> None:
        """Write into the cache, or through it.

        Raises:
            CutError: this is the write at which the power goes; it is in the cache by then.
        """
        with self._powered():
            first = offset // SECTOR
            for number in range(len(content) // SECTOR):
                place = number * SECTOR
                self._cache[first + number] = content[place : place + SECTOR]
            self.writes += 1
            if self._last_write is not None and self.writes >= self._last_write:
                self.is_cut.set()
                raise CutError
            if through:
                self._save(range(first, first + len(content) // SECTOR))

    def flush(self) -> None:
        """Bring all that was written to the image."""
        with self._powered():
            self._save(tuple(self._cache))

    def cut_at(self, writes: int) -> None:
        """Let the power go at a write that is still to come.

        Args:
            writes: how many more there are until then, at least 1.
        """
        with self._lock:
            self._last_write = self.writes + writes

    def cut(self) -> None:
        """Let the power go now."""
        with self._lock:
            self.is_cut.set()

    def settle(self) -> Loss:
        """After a cut: let each sector of the cache be lost, or reach the image all the same."""
        with self._lock:
            share = self._chance.random()
            lost = {one for one in self._cache if self._chance.random() < share}
            loss = Loss(len(self._cache), len(lost))
            self._save([one for one in self._cache if one not in lost])
            self._cache.clear()
            self._file.close()
        return loss

    @contextmanager
    def _powered(self) -> Iterator[None]:
        with self._lock:
            if self.is_cut.is_set():
                raise CutError
            yield

    def _read_image(self, offset: int, length: int) -> bytes:
        self._file.seek(offset)
        content = b""
        while len(content) < length:
            content += self._file.read(length - len(content))
        return content

    def _save(self, sectors: Iterable[int]) -> None:
        for sector in sorted(sectors):
            self._file.seek(sector * SECTOR)
            self._file.write(self._cache.pop(sector))


def serve(disk: VolatileDisk, address: Path) -> threading.Thread:
    """Serve one client at a socket, until it leaves or the power goes.

    Args:
        disk: that is served.
        address: of the socket; there when this returns.
    """
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(address))
    server.listen(1)

    def work() -> None:
        with server:
            client, _ = server.accept()
        with client, suppress(ConnectionError):
            try:
                _answer(client, disk)
            except CutError:
                # A machine without power is told nothing, not even that its disk is gone; whoever
                # stands between it and the disk must not wait for ever.
                disk.is_gone.wait()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def _answer(client: socket.socket, disk: VolatileDisk) -> None:
    client.sendall(_HELLO + struct.pack(">H", _FIXED_NEWSTYLE | _NO_ZEROES))
    _receive(client, 4)
    while not _agree(client, disk.size):
        pass
    while _take(client, disk):
        pass


def _agree(client: socket.socket, size: int) -> bool:
    """Take one option; whether the client wants to begin."""
    _, option, length = struct.unpack(">QII", _receive(client, 16))
    _receive(client, length)

    def reply(kind: int, content: bytes = b"") -> None:
        head = struct.pack(">QIII", _OPTION_REPLY, option, kind, len(content))
        client.sendall(head + content)

    if option == _ABORT:
        reply(_ACK)
        raise ConnectionError
    if option not in {_INFO, _GO}:
        reply(_UNSUPPORTED)
        return False
    reply(_EXPORT, struct.pack(">HQH", 0, size, _HAS_FLAGS | _SEND_FLUSH | _SEND_FUA))
    reply(_ACK)
    return bool(option == _GO)


def _take(client: socket.socket, disk: VolatileDisk) -> bool:
    """Do what is asked; whether there is more to come."""
    magic, flags, kind, cookie, offset, length = struct.unpack(">IHHQQI", _receive(client, 28))
    if magic != _REQUEST or kind == _DISCONNECT:
        return False
    error, content = 0, b""
    if kind == _READ:
        content = disk.read(offset, length)
    elif kind == _WRITE:
        disk.write(offset, _receive(client, length), through=bool(flags & _FUA))
    elif kind == _FLUSH:
        disk.flush()
    else:
        error = _INVALID
    client.sendall(struct.pack(">IIQ", _REPLY, error, cookie) + content)
    return True


def _receive(client: socket.socket, length: int) -> bytes:
    content = bytearray()
    while len(content) < length:
        part = client.recv(length - len(content))
        if not part:
            raise ConnectionError
        content += part
    return bytes(content)
