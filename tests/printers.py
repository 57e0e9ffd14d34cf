"""Printers for the tests: the other ends of real pipes, terminals and sockets."""

import contextlib
import os
import pty
import socket
import threading
import time
import tty
from collections.abc import Iterator
from pathlib import Path

_PATIENCE_S = 20.0
_CODE_PAGE_850 = b"\x1bt\x02"
_BEGIN, _CUT = b"\x1b@", b"\x1dV\x00"


def paper_of(data: bytes) -> str:
    """What stands on the paper: the text between a printer's commands, as it would show it."""
    _, begin, rest = data.partition(_BEGIN + _CODE_PAGE_850)
    assert begin, data
    strip, cut, after = rest.partition(_CUT)
    assert (cut, after) == (_CUT, b"")
    for command in (b"\x1bE\x00", b"\x1bE\x01", b"\x1bd\x06"):
        strip = strip.replace(command, b"")
    assert b"\x1b" not in strip
    return strip.decode("cp850")


class PipePrinter:
    """A printer at a FIFO; what it is sent is never on a disk.

    Args:
        path: of the FIFO.
    """

    def __init__(self, path: Path) -> None:
        os.mkfifo(path)
        self.path = path
        self._reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        os.set_blocking(self._reader, True)
        self.data = b""
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def reads(self) -> None:
        """Take all that comes, until the other side closes."""
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def printed(self) -> str:
        assert self._ended.wait(_PATIENCE_S)
        return paper_of(self.data)

    def unplugs(self) -> None:
        os.close(self._reader)

    def _read(self) -> None:
        while True:
            part = os.read(self._reader, 4096)
            self.data += part
            if self.data and not part:
                break
            if not part:
                time.sleep(0.005)  # nobody has opened it yet
        self._ended.set()


class AnsweringPrinter:
    """A printer at a terminal, which says how its paper is.

    Args:
        status: its answer.
    """

    def __init__(self, status: bytes) -> None:
        self._status = status
        self._master, slave = pty.openpty()
        tty.setraw(slave)
        self._slave = slave  # or reading would fail before somebody opens it
        self.path = Path(os.ttyname(slave))
        self.data = b""
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        os.close(self._slave)
        self._thread.join(_PATIENCE_S)
        os.close(self._master)

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while part := os.read(self._master, 4096):
                self.data += part  # before the answer, by which a test knows that it is there
                if part.startswith(b"\x10\x04\x04"):
                    os.write(self._master, self._status)


class NetworkPrinter:
    """A printer that takes one connection.

    Args:
        status: what it answers to a question.
        reads: it takes what comes.
    """

    def __init__(self, status: bytes = b"", *, reads: bool = True) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self._server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._status = status
        self._reads = reads
        self.port = int(self._server.getsockname()[1])
        self.data = b""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def printed(self) -> str:
        self._thread.join(_PATIENCE_S)
        assert not self._thread.is_alive()
        return paper_of(self.data.removeprefix(b"\x10\x04\x04"))

    def close(self) -> None:
        self._stop.set()
        self._server.shutdown(socket.SHUT_RDWR)
        self._thread.join(_PATIENCE_S)
        self._server.close()

    def _serve(self) -> None:
        self._server.settimeout(_PATIENCE_S)
        with contextlib.suppress(OSError):
            link, _ = self._server.accept()
            with link:
                if not self._reads:
                    self._stop.wait(_PATIENCE_S)
                    return
                while part := link.recv(4096):
                    if part.startswith(b"\x10\x04\x04"):
                        link.sendall(self._status)
                    self.data += part


@contextlib.contextmanager
def network_printer(status: bytes = b"", *, reads: bool = True) -> Iterator[NetworkPrinter]:
    printer = NetworkPrinter(status, reads=reads)
    try:
        yield printer
    finally:
        printer.close()


@contextlib.contextmanager
def answering_printer(status: bytes) -> Iterator[AnsweringPrinter]:
    printer = AnsweringPrinter(status)
    try:
        yield printer
    finally:
        printer.close()
