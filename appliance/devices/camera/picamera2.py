"""The camera module of a Raspberry Pi, through its picamera2 library.

picamera2 opens a camera once for all; the booth asks it for one mode and a few buffers.
"""

import importlib
import os
import time
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import suppress
from typing import Any

from appliance.devices.camera.live import READ_TIMEOUT_S, CameraMode, LiveFrames
from appliance.devices.machine import THE_BOOTH_ITSELF, Machine
from appliance.domain.errors import DeviceError, DeviceUnusableError
from appliance.domain.media import Frame

_FORMAT = "BGR888"
"""libcamera names formats by their place in a word: this one is red, green, blue in memory
(Picamera2 manual, 4.2.2.2)."""

_BUFFERS = 3
"""One that fills, one that waits, one that is read; a video configuration has 6 by default."""

_ON_USB = "/usb"
"""Part of the ids that libcamera gives to USB cameras; those are for V4L2."""


def camera_modules() -> list[dict[str, Any]]:
    """What picamera2 tells of each camera module, in the order of the ids.

    Raises:
        DeviceError: libcamera does not answer.
        DeviceUnusableError: picamera2 is not installed, or does not load.
    """
    return [module for _, module in _modules(_library())]


def open_picamera2(
    identity: str, mode: CameraMode, machine: Machine, clock: Callable[[], float]
) -> "Picamera2Camera":
    """Open a camera module.

    Args:
        identity: its libcamera id, such as /base/soc/i2c0mux/i2c@1/imx219@10; empty for the first.
        mode: what to ask it for.
        machine: where to look for who uses it.
        clock: monotonic seconds, as `time.monotonic`.

    Raises:
        DeviceError: it is not connected, or another program uses it.
        DeviceUnusableError: picamera2 is not installed, or does not load.
    """
    library = _library()
    number, module = _find(library, identity)
    camera = _acquire(library, number, machine)
    frame_us = round(1_000_000 / mode.rate_hz)
    try:
        configuration = camera.create_video_configuration(
            main={"size": (mode.width_px, mode.height_px), "format": _FORMAT},
            buffer_count=_BUFFERS,
            controls={"FrameDurationLimits": (frame_us, frame_us)},
        )
        camera.configure(configuration)
        camera.start()
        stream = camera.stream_configuration("main")
    except Exception as error:
        camera.close()
        raise DeviceError(
            f"The camera module does not start: {error}.", "Check its ribbon cable."
        ) from error
    details = {
        "backend": "picamera2",
        "device": str(module.get("Model", "camera module")),
        "identity": str(module["Id"]),
        "width_px": int(stream["size"][0]),
        "height_px": int(stream["size"][1]),
        "rate_hz": mode.rate_hz,
    }
    return Picamera2Camera(camera, LiveFrames(mode, clock), clock, details)


class Picamera2Camera:
    """An open camera module; made by `open_picamera2`."""

    def __init__(
        self,
        camera: Any,
        frames: LiveFrames,
        clock: Callable[[], float],
        details: Mapping[str, Any],
    ) -> None:
        self._camera = camera
        self._frames = frames
        self._clock = clock
        self._details = details
        self._job: Any = None
        self._closed = False

    def read(self) -> Frame | None:
        """Return the next frame, or None where none came in time.

        Raises:
            DeviceError: it failed, or sends the same picture again and again.
        """
        camera = self._camera
        try:
            if self._job is None:
                self._job = camera.capture_request(wait=False)
            try:
                request = camera.wait(self._job, timeout=READ_TIMEOUT_S)
            except FutureTimeoutError:
                return None  # the job goes on waiting, and the next read with it
            self._job = None
            try:
                image = request.make_array("main")
                taken_ns = request.get_metadata().get("SensorTimestamp", 0)
            finally:
                request.release()
        except Exception as error:
            raise DeviceError(
                f"The camera module failed: {error}.", "Check its ribbon cable."
            ) from error
        return self._frames.frame(image, *self._stamps_s(taken_ns / 1e9))

    def close(self) -> None:
        """Let go of the camera, also where it does not send any more."""
        if self._closed:
            return
        self._closed = True
        camera, job = self._camera, self._job
        try:
            camera.cancel_all_and_flush()
            if job is not None:
                with suppress(CancelledError, FutureTimeoutError):
                    request = camera.wait(job, timeout=READ_TIMEOUT_S)
                    request.release()
        finally:
            camera.close()

    def complaint(self) -> str | None:
        """What is wrong with the pictures."""
        return self._frames.complaint()

    def details(self) -> Mapping[str, Any]:
        """Name, identity, size and rate."""
        return self._details

    def _stamps_s(self, taken_s: float) -> tuple[float, float]:
        """A sensor's time stamp on our clock, by what libcamera says of it and by what it does.

        Documented is the time since the start with sleep (CLOCK_BOOTTIME); a Pi's driver gives
        the time without it (https://bugs.libcamera.org/show_bug.cgi?id=254). They differ only
        after the machine has slept.
        """
        asleep_s = time.clock_gettime(time.CLOCK_BOOTTIME) - time.clock_gettime(
            time.CLOCK_MONOTONIC
        )
        return taken_s - asleep_s, taken_s


def _library() -> Any:
    try:
        return importlib.import_module("picamera2")
    except ModuleNotFoundError as error:
        raise DeviceUnusableError(
            f"The library of the Pi's camera module cannot be loaded: {error}.",
            "Install it with `sudo apt install python3-picamera2` and run setup.sh again.",
        ) from error
    except Exception as error:  # built against another numpy, a part of it raises ValueError
        raise DeviceUnusableError(
            f"The library of the Pi's camera module cannot be loaded: {error}.",
            "It does not fit the booth's other libraries: run setup.sh again, which brings parts "
            "that do.",
        ) from error


def _modules(library: Any) -> list[tuple[int, dict[str, Any]]]:
    """The camera modules with the numbers under which they are opened."""
    try:
        cameras = library.Picamera2.global_camera_info()
    except Exception as error:
        raise DeviceError(
            f"libcamera does not tell which cameras there are: {error}.", "Restart the Pi."
        ) from error
    return [
        (number, camera) for number, camera in enumerate(cameras) if _ON_USB not in camera["Id"]
    ]


def _find(library: Any, identity: str) -> tuple[int, dict[str, Any]]:
    for number, module in _modules(library):
        if identity in {"", module["Id"]}:
            return number, module
    raise DeviceError(
        f"The camera module '{identity}' is not there."
        if identity
        else "No camera module is connected.",
        "Switch the Pi off, check both ends of the ribbon cable, and start it again.",
    )


def _acquire(library: Any, number: int, machine: Machine) -> Any:
    """Open a camera.

    It is made in two steps because picamera2, where it cannot open one, leaves a pipe behind:
    opened anew every few seconds, the booth would run out of file descriptors.
    """
    camera = library.Picamera2.__new__(library.Picamera2)
    try:
        camera.__init__(camera_num=number)
    except Exception as error:
        _close_pipe(camera)
        nodes = [*machine.dev.glob("media*"), *machine.dev.glob("video*")]
        others = [name for name in machine.holders(*nodes) if name != THE_BOOTH_ITSELF]
        held = f"; {' and '.join(others)} may be using it" if others else ""
        raise DeviceError(
            f"The camera module cannot be opened{held}.",
            "Close other programs that use the camera, or check its ribbon cable.",
        ) from error
    return camera


def _close_pipe(camera: Any) -> None:
    """Close the pipe of a camera that did not open, if it is still open and is that pipe."""
    with suppress(AttributeError, OSError):
        reader, writer = camera.notifyme_r, camera.notifyme_w
        if os.fstat(reader).st_ino == os.fstat(writer).st_ino:
            os.close(writer)
            camera.notifymeread.close()
