"""An open line to a printer, on which nothing waits for longer than it may."""

import contextlib
import errno
import fcntl
import os
import select
import struct
import termios
import time

from appliance.devices.printer.turn import Turn

_GLANCE_S = 0.05
"""After which a cancelled turn is noticed."""

_READ_BYTES = 64


class Wire:
    """Bytes go out, and answers come in. One thread uses it.

    Attributes:
        can_answer: it can be read, too.

    Args:
        fd: an open file or socket that does not block; whoever opened it closes it.
        can_answer: it can be read, too.
    """

    def __init__(self, fd: int, *, can_answer: bool) -> None:
        self._fd = fd
        self.can_answer = can_answer

    def send(self, data: bytes, turn: Turn) -> None:
        """Send everything, and wait until the other side has it.

        Args:
            data: what is sent.
            turn: how long that may take.

        Raises:
            CancelledTurnError: the turn was cancelled; a part may have been sent.
            PrinterStalledError: it was not taken in time.
            OSError: the line broke.
        """
        rest = memoryview(data)
        while rest:
            self._wait(turn)
            try:
                rest = rest[os.write(self._fd, rest) :]
            except BlockingIOError:
                turn.pause(_GLANCE_S)
        # The kernel's usblp drops the last transfer where a line is closed before it has ended.
        self._wait(turn)
        while self._unsent_bytes():
            turn.left_s()
            turn.pause(_GLANCE_S)

    def listen(self, seconds: float, *, for_all: bool = False) -> bytes:
        """What comes in within some time; empty where nothing does, or nothing can.

        Args:
            seconds: how long to wait.
            for_all: wait until the other side hangs up, and not only for its first words.
        """
        heard = b""
        ends_s = time.monotonic() + seconds
        poll = select.poll()
        poll.register(self._fd, select.POLLIN)
        while self.can_answer and (left_s := ends_s - time.monotonic()) > 0:
            if not poll.poll(1000 * left_s):
                break
            with contextlib.suppress(OSError):  # a printer need not speak
                heard += (part := os.read(self._fd, _READ_BYTES))
                if part and for_all:
                    continue
            break
        return heard

    def _wait(self, turn: Turn) -> None:
        """Wait until it takes something, or is broken, which the next write tells."""
        poll = select.poll()
        poll.register(self._fd, select.POLLOUT)
        while not poll.poll(1000 * min(_GLANCE_S, turn.left_s())):
            pass

    def _unsent_bytes(self) -> int:
        """Bytes that a socket or a terminal has not handed over yet; others do not tell."""
        try:
            told = fcntl.ioctl(self._fd, termios.TIOCOUTQ, bytes(4))
        except OSError as error:
            if error.errno in {errno.ENOTTY, errno.EINVAL}:
                return 0
            raise
        (count,) = struct.unpack("i", told)
        return int(count)
