"""Which camera is used: the one of the settings, or by what the machine has."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from typing import Any

from appliance.devices.camera.gstreamer import (
    identity_of_sensor,
    open_gstreamer,
    require_gstreamer,
)
from appliance.devices.camera.live import CameraMode
from appliance.devices.camera.nodes import busy, cameras, csi_sensors_of_jetson, require_usable
from appliance.devices.camera.picamera2 import camera_modules, open_picamera2
from appliance.devices.camera.playback import open_recording_camera
from appliance.devices.camera.v4l2 import open_v4l2
from appliance.devices.machine import THE_BOOTH_ITSELF, THIS_MACHINE, Machine
from appliance.devices.playback import Playback
from appliance.devices.source import Opener, Source
from appliance.domain.errors import DeviceError, DeviceUnusableError
from appliance.domain.media import Frame

_LIBCAMERA_IDS = "/base/"


class Backend(str, Enum):
    """What a camera is read through."""

    AUTO = "auto"
    PICAMERA2 = "picamera2"
    V4L2 = "v4l2"
    GSTREAMER = "gstreamer"
    RECORDING = "recording"


@dataclass(frozen=True, slots=True)
class CameraSettings:
    """Which camera, and how.

    Attributes:
        backend: `auto` chooses by what the machine has, each time the camera is opened.
        identity: a camera's lasting name, as `list_cameras` tells it; empty for the first one.
        mode: what a live camera is asked for.
        playback: the recording of the backend `recording`.
    """

    backend: Backend = Backend.AUTO
    identity: str = ""
    mode: CameraMode = field(default_factory=CameraMode)
    playback: Playback | None = None


@dataclass(frozen=True, slots=True)
class FoundCamera:
    """A camera that is connected.

    Attributes:
        name: what it calls itself.
        identity: its lasting name, for the settings.
        backend: what it is read through.
        fault: why it cannot be used now; None where it can, or where only opening would tell.
    """

    name: str
    identity: str
    backend: Backend
    fault: DeviceError | None


def camera_opener(
    settings: CameraSettings,
    machine: Machine = THIS_MACHINE,
    clock: Callable[[], float] = time.monotonic,
    opencv: Any = None,
) -> Opener[Frame]:
    """What opens the camera of the settings; for a supervisor.

    Args:
        settings: which camera, and how.
        machine: where to look.
        clock: monotonic seconds.
        opencv: the library; the installed one by default.
    """

    def opener() -> Source[Frame]:
        backend = settings.backend
        if backend is Backend.AUTO:
            backend = _fitting(settings.identity, machine)
        if backend is Backend.PICAMERA2:
            return open_picamera2(settings.identity, settings.mode, machine, clock)
        if backend is Backend.GSTREAMER:
            return open_gstreamer(settings.identity, settings.mode, clock, opencv)
        if backend is Backend.V4L2:
            return open_v4l2(settings.identity, settings.mode, machine, clock, opencv)
        if settings.playback is None:
            raise DeviceUnusableError(
                "No recording is chosen.", "Name one, or choose another camera in the settings."
            )
        return open_recording_camera(settings.playback, clock)

    return opener


def list_cameras(machine: Machine = THIS_MACHINE, opencv: Any = None) -> list[FoundCamera]:
    """The cameras that are connected, without opening them."""
    return [*_jetson_sensors(machine, opencv), *_pi_modules(), *_v4l2_cameras(machine)]


def _fitting(identity: str, machine: Machine) -> Backend:
    """The backend of an identity, or of the first camera of the machine.

    Raises:
        DeviceError: a Raspberry Pi has no other camera, and its module's library tells why.
    """
    if identity:
        if identity.startswith(_LIBCAMERA_IDS):
            return Backend.PICAMERA2
        return Backend.V4L2 if identity.startswith("/") else Backend.GSTREAMER
    if machine.is_jetson and csi_sensors_of_jetson(machine):
        return Backend.GSTREAMER
    try:
        return Backend.PICAMERA2 if camera_modules() else Backend.V4L2
    except DeviceError as fault:
        if machine.is_raspberry_pi and not cameras(machine):
            # Never as an unusable one: a camera may be plugged into USB at any time.
            raise DeviceError(fault.args[0], fault.advice) from fault
        return Backend.V4L2


def _jetson_sensors(machine: Machine, opencv: Any) -> list[FoundCamera]:
    names = csi_sensors_of_jetson(machine) if machine.is_jetson else []
    return [
        FoundCamera(
            name,
            identity_of_sensor(number),
            Backend.GSTREAMER,
            _fault_of(partial(require_gstreamer, opencv)),
        )
        for number, name in enumerate(names)
    ]


def _pi_modules() -> list[FoundCamera]:
    """The camera modules of a Pi; none where picamera2 is not there or tells of none."""
    try:
        modules = camera_modules()
    except DeviceError:
        return []
    return [
        FoundCamera(str(module.get("Model", "")), str(module["Id"]), Backend.PICAMERA2, None)
        for module in modules
    ]


def _v4l2_cameras(machine: Machine) -> list[FoundCamera]:
    found = []
    for node in cameras(machine):
        fault = _fault_of(partial(require_usable, node.path, machine))
        if fault is None and set(machine.holders(node.path)) - {THE_BOOTH_ITSELF}:
            fault = busy(node.path, machine)
        found.append(FoundCamera(node.name, node.identity, Backend.V4L2, fault))
    return found


def _fault_of(check: Callable[[], None]) -> DeviceError | None:
    try:
        check()
    except DeviceError as fault:
        return fault
    return None
