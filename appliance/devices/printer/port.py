"""Where a printer is: at a device file of the kernel, or in the own network."""

import contextlib
import errno
import os
import socket
import stat
import struct
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from appliance.devices.controls.permission import no_permission
from appliance.devices.printer.faults import PrinterMissingError
from appliance.devices.printer.turn import Turn
from appliance.devices.printer.wire import Wire
from appliance.domain.errors import DeviceError

_DEVICES = Path("/dev/usb")
_CONNECTS_S = 3.0
_HANGS_UP_S = 0.5
_ANYTHING_UNSENT_IS_DROPPED = struct.pack("ii", 1, 0)

_PLUG_IN = "Plug the printer in and switch it on."


class Port(Protocol):
    """A way to a printer. Any thread may use it."""

    @property
    def place(self) -> str:
        """Where the printer is, for people."""
        ...

    def open(self, turn: Turn) -> AbstractContextManager[Wire]:
        """Open a line, which ends with the context.

        Args:
            turn: how long that may take.

        Raises:
            DeviceError: there is no printer, or it cannot be used now.
        """
        ...


class UsbPort:
    """A printer on USB, as the kernel's usblp has it.

    Args:
        path: of the device file; empty for the first one.
        folder: in which the kernel puts such files.
    """

    def __init__(self, path: str = "", folder: Path = _DEVICES) -> None:
        self._path = path
        self._folder = folder

    @property
    def place(self) -> str:
        """The device file."""
        return self._path or f"{self._folder}/lp*"

    @contextlib.contextmanager
    def open(self, turn: Turn) -> Iterator[Wire]:
        """Open the device file; see `Port`."""
        turn.left_s()
        node = self._node()
        can_answer = node.is_char_device()
        # It must not make a file, and neither wait for a printer nor write to the disk.
        flags = os.O_NONBLOCK | os.O_NOCTTY | (os.O_RDWR if can_answer else os.O_WRONLY)
        try:
            fd = os.open(node, flags)
        except OSError as error:
            raise refusal(node, error) from error
        try:
            kind = os.fstat(fd).st_mode
            if not (stat.S_ISCHR(kind) or stat.S_ISFIFO(kind)):
                raise PrinterMissingError(f"{node} is no printer.", "Correct printer.path.")
            yield Wire(fd, can_answer=can_answer)
        finally:
            os.close(fd)

    def _node(self) -> Path:
        if self._path:
            return Path(self._path)
        nodes = sorted(self._folder.glob("lp*"))
        if not nodes:
            raise PrinterMissingError(f"There is no printer at {self.place}.", _PLUG_IN)
        return nodes[0]


class NetworkPort:
    """A printer in the own network, which takes what comes to a port.

    Args:
        host: its name or number.
        port: mostly 9100.
    """

    def __init__(self, host: str, port: int) -> None:
        self._address = (host, port)

    @property
    def place(self) -> str:
        """Host and port."""
        host, port = self._address
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    @contextlib.contextmanager
    def open(self, turn: Turn) -> Iterator[Wire]:
        """Connect; see `Port`."""
        limit_s = min(_CONNECTS_S, turn.left_s())
        try:
            link = socket.create_connection(self._address, limit_s)
        except OSError as error:
            why = error.strerror or "it does not answer"
            raise PrinterMissingError(
                f"The printer at {self.place} cannot be reached: {why}.",
                "Check its address, its cable, and whether it is switched on.",
            ) from error
        with link:
            link.setblocking(False)
            wire = Wire(link.fileno(), can_answer=True)
            try:
                yield wire
                link.shutdown(socket.SHUT_WR)
            except BaseException:
                # Or the kernel would go on to send it when the person is long gone.
                link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ANYTHING_UNSENT_IS_DROPPED)
                raise
            wire.listen(_HANGS_UP_S, for_all=True)


def refusal(node: Path, error: OSError) -> DeviceError:
    """What the kernel means, where it opens a device file to nobody."""
    if error.errno in {errno.EACCES, errno.EPERM}:
        return no_permission(node, "the printer", "lp")
    if error.errno == errno.EBUSY:
        return DeviceError(
            f"Another program uses the printer at {node}.", "End the program that uses it."
        )
    if error.errno == errno.ENOENT:
        return PrinterMissingError(f"There is no printer at {node}.", _PLUG_IN)
    return PrinterMissingError(
        f"The printer at {node} does not answer: {error.strerror}.", _PLUG_IN
    )
