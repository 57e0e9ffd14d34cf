"""A machine's folders with V4L2 nodes in them, and an OpenCV whose cameras a test commands."""

import os
import queue
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from appliance.devices.machine import CAPABILITY_BYTES, Machine
from appliance.domain.media import ImageArray
from tests.devices import ManualClock

VIDEO_CAPTURE, META_CAPTURE, VIDEO_M2M = 0x1, 0x800000, 0x8000
_STREAMING, _DEVICE_CAPS = 0x4000000, 0x80000000


class FixtureMachine:
    """Folders like /dev and /sys. A node's file holds what its VIDIOC_QUERYCAP would answer."""

    def __init__(self, root: Path) -> None:
        for name in ("dev", "sys", "etc"):
            (root / name).mkdir()
        self.root = root
        self.machine = Machine(
            dev=root / "dev",
            sys=root / "sys",
            etc=root / "etc",
            query_capability=lambda descriptor: os.pread(descriptor, CAPABILITY_BYTES, 0),
        )

    def add(
        self,
        number: int,
        name: str,
        flags: int = VIDEO_CAPTURE,
        *,
        usb_port: str | None = None,
        by_id: str | None = None,
        index: int = 0,
    ) -> Path:
        """Plug in a node."""
        node = self.root / "dev" / f"video{number}"
        everything = VIDEO_CAPTURE | META_CAPTURE | _STREAMING | _DEVICE_CAPS
        head = struct.pack("<16s32s32s", b"driver", name.encode()[:31], b"bus")
        node.write_bytes(head + struct.pack("<6I", 0x60000, everything, flags, 0, 0, 0))
        bus = f"usb1/{usb_port}/{usb_port}:1.0" if usb_port else f"platform/node{number}"
        device = self.root / "sys" / "devices" / bus
        device.mkdir(parents=True, exist_ok=True)
        entry = self.root / "sys" / "class" / "video4linux" / f"video{number}"
        entry.mkdir(parents=True, exist_ok=True)
        (entry / "name").write_text(name + "\n")
        (entry / "index").write_text(f"{index}\n")
        if not (entry / "device").exists():
            (entry / "device").symlink_to(device)
        if by_id:
            link = self.root / "dev" / "v4l" / "by-id" / f"{by_id}-video-index{index}"
            link.parent.mkdir(parents=True, exist_ok=True)
            link.unlink(missing_ok=True)
            link.symlink_to(node)
        return node

    def add_webcam(self, number: int, serial: str = "0001", usb_port: str = "1-1") -> Path:
        """Plug in a USB camera: two nodes, of which the second gives metadata only."""
        by_id = f"usb-Maker_Webcam_{serial}"
        name = "Webcam: Webcam"
        node = self.add(number, name, VIDEO_CAPTURE, usb_port=usb_port, by_id=by_id)
        self.add(number + 1, name, META_CAPTURE, usb_port=usb_port, by_id=by_id, index=1)
        return node

    def unplug(self, node: Path) -> None:
        """Take a node away, as the kernel does."""
        node.unlink()
        entry = self.root / "sys" / "class" / "video4linux" / node.name
        (entry / "name").unlink()
        (entry / "index").unlink()
        (entry / "device").unlink()
        entry.rmdir()


@contextmanager
def held_open(path: Path) -> Iterator[int]:
    """Another process has the file open; yields its number."""
    program = "import sys; file = open(sys.argv[1]); print(flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-S", "-c", program, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout
        process.stdout.readline()
        yield process.pid


def living(number: int, width: int = 64, height: int = 48) -> ImageArray:
    """A picture as a living sensor gives it: none is exactly like another; RGB, mostly red."""
    picture = np.zeros((height, width, 3), np.uint8)
    picture[..., 0] = 200
    picture[..., 1] = np.random.default_rng(number).integers(20, 40, (height, width))
    return picture


class _Capture:
    """The part of cv2.VideoCapture that cameras use."""

    commands: "CommandedOpenCv"

    def __init__(self, name: str, backend: int, params: Sequence[int] = ()) -> None:
        self.commands.asked.append((name, params))
        self._open = self.commands.refuses == 0 and not self.commands.busy()
        self.commands.refuses = max(0, self.commands.refuses - 1)
        self.commands.now_open += self._open
        self._picture: ImageArray | None = None
        self._set: dict[int, float] = {cv2.CAP_PROP_FPS: 30.0}

    @staticmethod
    def waitAny(  # noqa: N802
        streams: "Sequence[_Capture]",
        timeoutNs: int = 0,  # noqa: N803
    ) -> tuple[bool, Sequence[int]]:
        came = streams[0].grab()
        return came, (0,) if came else ()

    def isOpened(self) -> bool:  # noqa: N802
        return self._open

    def grab(self) -> bool:
        if self._picture is None:
            self._picture = self.commands.next_picture()
        return self._picture is not None

    def retrieve(self) -> tuple[bool, ImageArray | None]:
        picture, self._picture = self._picture, None
        return picture is not None, picture

    def read(self) -> tuple[bool, ImageArray | None]:
        self.grab()
        return self.retrieve()

    def set(self, prop: int, value: float) -> bool:
        if prop in self.commands.refused:
            return False
        self._set[prop] = value
        return True

    def get(self, prop: int) -> float:
        if prop == cv2.CAP_PROP_POS_MSEC:
            return self.commands.stamps_ms
        return self._set.get(prop, 0.0)

    def release(self) -> None:
        self.commands.now_open -= self._open
        self._open = False


class CommandedOpenCv:
    """OpenCV whose VideoCapture does what the test says; all else is the real library.

    A read takes the next of `orders`: a picture (RGB), a fault to raise, None for no picture in
    time. Where there is none, it gives `still`, or else a living picture. Each read takes `step_s`
    of the clock.

    Attributes:
        orders: what the next reads give.
        still: what reads give without an order.
        silent: no picture comes at all.
        busy: whether openings fail now.
        refuses: how many of the next openings fail.
        refused: properties that the camera does not let itself be set.
        stamps_ms: the time stamp of every picture.
        asked: names and parameters of the captures that were opened.
        now_open: how many captures are open.
    """

    def __init__(self, clock: ManualClock, step_s: float = 0.1) -> None:
        self.clock = clock
        self.step_s = step_s
        self.orders: queue.Queue[ImageArray | Exception | None] = queue.Queue()
        self.still: ImageArray | None = None
        self.silent = False
        self.busy: Callable[[], bool] = lambda: False
        self.refuses = 0
        self.refused: list[int] = []
        self.stamps_ms = 0.0
        self.asked: list[tuple[str, Sequence[int]]] = []
        self.now_open = 0
        self.reads = 0
        self.VideoCapture = type("VideoCapture", (_Capture,), {"commands": self})

    def __getattr__(self, name: str) -> Any:
        return getattr(cv2, name)

    def pass_time(self) -> None:
        """What waiting for a picture does to the clock."""
        self.clock.now += self.step_s

    def next_picture(self) -> ImageArray | None:
        """What the camera gives now, in the order of bytes of OpenCV: blue, green, red."""
        self.pass_time()
        self.reads += 1
        if self.silent:
            return None
        try:
            order = self.orders.get_nowait()
        except queue.Empty:
            order = living(self.reads) if self.still is None else self.still
        if isinstance(order, Exception):
            try:
                raise order
            finally:
                del order  # no ring with its own traceback, which would hold pictures
        return None if order is None else np.ascontiguousarray(order[..., ::-1])


class PacedOpenCv(CommandedOpenCv):
    """An OpenCV whose camera gives fifty pictures a second."""

    def __init__(self) -> None:
        super().__init__(ManualClock(), step_s=0.02)
        self._never = threading.Event()

    def pass_time(self) -> None:
        self._never.wait(self.step_s)
