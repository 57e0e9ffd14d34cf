"""The machine as the booth sees it: its folders, and who holds a device."""

import fcntl
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

_VIDIOC_QUERYCAP = 0x80685600
"""_IOR('V', 0, struct v4l2_capability) of linux/videodev2.h; the struct has 104 bytes."""

CAPABILITY_BYTES = 104

THE_BOOTH_ITSELF = "the booth itself"


def query_capability(descriptor: int) -> bytes:
    """What a V4L2 device says of itself: a `struct v4l2_capability`.

    Raises:
        OSError: it is no V4L2 device.
    """
    return fcntl.ioctl(descriptor, _VIDIOC_QUERYCAP, bytes(CAPABILITY_BYTES))


@dataclass(frozen=True, slots=True)
class Machine:
    """Where Linux shows its devices; tests give folders of their own.

    Attributes:
        dev: device nodes.
        sys: what the kernel tells of its devices.
        proc: what the kernel tells of its processes.
        etc: what the system was set up as.
        query_capability: asks an open V4L2 device what it is.
    """

    dev: Path = Path("/dev")
    sys: Path = Path("/sys")
    proc: Path = Path("/proc")
    etc: Path = Path("/etc")
    query_capability: Callable[[int], bytes] = query_capability

    @property
    def is_jetson(self) -> bool:
        """Whether NVIDIA's Linux for Tegra runs here."""
        return (self.etc / "nv_tegra_release").exists()

    @property
    def is_raspberry_pi(self) -> bool:
        """Whether the board says that it is a Raspberry Pi."""
        try:
            model = (self.proc / "device-tree" / "model").read_text(errors="replace")
        except OSError:
            return False
        return "Raspberry Pi" in model

    def holders(self, *nodes: Path) -> list[str]:
        """Name the processes that have one of these files open, as far as this user may see.

        Returns:
            Such as "cheese (process 4711)"; the booth's own process is `THE_BOOTH_ITSELF`.
        """
        wanted = {os.path.realpath(node) for node in nodes}
        return [
            self._process_name(folder)
            for folder in sorted(self.proc.glob("[0-9]*"), key=lambda path: int(path.name))
            if not wanted.isdisjoint(_open_files(folder))
        ]

    def _process_name(self, folder: Path) -> str:
        if int(folder.name) == os.getpid():
            return THE_BOOTH_ITSELF
        try:
            name = (folder / "comm").read_text(errors="replace").strip()
        except OSError:
            name = "a program"
        return f"{name} (process {folder.name})"


THIS_MACHINE = Machine()


def _open_files(process: Path) -> Iterator[str]:
    try:
        links = list((process / "fd").iterdir())
    except OSError:
        return  # it has ended, or is another user's
    yield from map(_target, links)


def _target(link: Path) -> str:
    try:
        return os.readlink(link)  # noqa: PTH115  # making Paths of thousands of targets is slow
    except OSError:
        return ""
