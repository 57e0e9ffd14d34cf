"""V4L2 nodes: which are cameras, under which lasting name, and whether one can be opened."""

import errno
import os
import struct
from dataclasses import dataclass
from pathlib import Path

from appliance.devices.camera.machine import THE_BOOTH_ITSELF, Machine
from appliance.domain.errors import DeviceError, DeviceUnusableError

_VIDEO_CAPTURE, _VIDEO_CAPTURE_MPLANE, _DEVICE_CAPS = 0x1, 0x1000, 0x80000000
"""Of linux/videodev2.h: V4L2_CAP_..."""

_CAPABILITIES_AT = 84
"""Bytes before `capabilities` and `device_caps` in `struct v4l2_capability`."""

_PIPELINE_PARTS = ("bcm2835-", "unicam", "rp1-cfe", "pispbe", "rpi", "vi-output")
"""Nodes of a Pi and a Jetson that capture, but give no picture without libcamera or Argus."""

_CSI_SENSORS_OF_JETSON = "vi-output"


@dataclass(frozen=True, slots=True)
class VideoNode:
    """A V4L2 camera.

    Attributes:
        path: such as /dev/video0, which may be another camera's after the next start.
        name: what it calls itself.
        identity: lasting name: its link in /dev/v4l/by-id, else by-path, else `path`.
        is_usb: it hangs on USB.
    """

    path: Path
    name: str
    identity: str
    is_usb: bool


def cameras(machine: Machine) -> list[VideoNode]:
    """The V4L2 cameras of a machine, those on USB first."""
    found = []
    for entry in _entries(machine):
        path, name = machine.dev / entry.name, _read(entry / "name")
        if name.startswith(_PIPELINE_PARTS) or not path.exists():
            continue
        if not _may_be_camera(path, entry, machine):
            continue
        is_usb = any(part.startswith("usb") for part in (entry / "device").resolve().parts)
        found.append(VideoNode(path, name or entry.name, _identity(path, machine), is_usb))
    return sorted(found, key=lambda node: not node.is_usb)


def csi_sensors_of_jetson(machine: Machine) -> list[str]:
    """Names of the sensors on the camera connectors of a Jetson, in the order of their ids."""
    names = [_read(entry / "name") for entry in _entries(machine)]
    return [name for name in names if name.startswith(_CSI_SENSORS_OF_JETSON)]


def find_camera(identity: str, machine: Machine) -> VideoNode:
    """Find a camera by its lasting name, or the first one if that is empty.

    Raises:
        DeviceError: it is not there.
    """
    known = cameras(machine)
    if not identity and known:
        return known[0]
    path = Path(os.path.realpath(identity))
    for node in known:
        if identity and path == Path(os.path.realpath(node.path)):
            return node
    if identity and path.exists():
        return VideoNode(path, identity, identity, is_usb=False)
    which = f"The camera '{identity}' is not there." if identity else "There is no camera."
    raise DeviceError(which, "Plug it in, or choose another one in the settings.")


def require_usable(path: Path, machine: Machine) -> None:
    """Say why a node cannot be opened, before OpenCV says only that it failed.

    Raises:
        DeviceError: it is gone or busy.
        DeviceUnusableError: it may not be opened, or is no camera.
    """
    try:
        capabilities = _capabilities(path, machine)
    except PermissionError as error:
        raise DeviceUnusableError(
            "Only the group 'video' may open the camera, and this user is not in it.",
            "Run `sudo usermod -aG video $USER` and start the machine again.",
        ) from error
    except OSError as error:
        if error.errno == errno.EBUSY:
            raise busy(path, machine) from error
        raise DeviceError(
            f"The camera cannot be opened: {os.strerror(error.errno or 0)}.",
            "Plug it in again.",
        ) from error
    if capabilities is None:
        raise DeviceUnusableError(
            f"'{path}' is no camera.", "Choose a camera that `booth doctor` lists."
        )


def busy(path: Path, machine: Machine) -> DeviceError:
    """The fault of a node that is there but gives nothing: held by whom, as far as can be seen."""
    holders = machine.holders(path)
    others = [name for name in holders if name != THE_BOOTH_ITSELF]
    if others:
        names = " and ".join(others)
        return DeviceError(f"The camera is in use by {names}.", "Close that program.")
    if holders:
        return DeviceError("The camera hangs, and the booth still holds it.", "Plug it in again.")
    return DeviceError(
        "The camera is in use by another program, or it hangs.",
        "Close other programs that use the camera, or plug it in again.",
    )


def _entries(machine: Machine) -> list[Path]:
    entries = (machine.sys / "class" / "video4linux").glob("video[0-9]*")
    return sorted(entries, key=lambda entry: int(entry.name.removeprefix("video")))


def _may_be_camera(path: Path, entry: Path, machine: Machine) -> bool:
    """Whether it captures; where it may not be asked, whether it is its device's first node."""
    try:
        return _capabilities(path, machine) is not None
    except OSError:
        return _read(entry / "index") == "0"


def _capabilities(path: Path, machine: Machine) -> int | None:
    """The flags of a node that captures, None of any other.

    A USB camera has a second node that gives metadata; the flags of the node itself tell.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        answer = machine.query_capability(descriptor)
    except OSError as error:
        if error.errno in {errno.ENOTTY, errno.EINVAL}:
            return None
        raise
    finally:
        os.close(descriptor)
    flags, of_node = struct.unpack_from("<II", answer, _CAPABILITIES_AT)
    if flags & _DEVICE_CAPS:
        flags = of_node
    return flags if flags & (_VIDEO_CAPTURE | _VIDEO_CAPTURE_MPLANE) else None


def _identity(path: Path, machine: Machine) -> str:
    target = os.path.realpath(path)
    for folder in ("by-id", "by-path"):
        for link in sorted((machine.dev / "v4l" / folder).glob("*")):
            if os.path.realpath(link) == target:
                return str(link)
    return str(path)


def _read(path: Path) -> str:
    try:
        return path.read_text(errors="replace").strip()
    except OSError:
        return ""
