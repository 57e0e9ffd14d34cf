"""A USB camera, through OpenCV's Video4Linux backend."""

import os
from collections.abc import Callable, Mapping
from typing import Any

from appliance.devices.camera.live import READ_TIMEOUT_S, CameraMode, LiveFrames
from appliance.devices.camera.machine import THE_BOOTH_ITSELF, Machine
from appliance.devices.camera.nodes import VideoNode, busy, find_camera, require_usable
from appliance.domain.errors import DeviceError
from appliance.domain.media import Frame

_BUFFERS = 2
"""One that fills while one is read; more would only make pictures older."""

_UNCOMPRESSED_PX = 640 * 480
"""USB 2 carries larger pictures at a useful rate only compressed."""


def open_v4l2(
    identity: str,
    mode: CameraMode,
    machine: Machine,
    clock: Callable[[], float],
    opencv: Any = None,
) -> "V4l2Camera":
    """Open a camera.

    Args:
        identity: its lasting name, such as /dev/v4l/by-id/...; empty for the first camera.
        mode: what to ask it for.
        machine: where to look.
        clock: monotonic seconds, as `time.monotonic`, on which drivers stamp their pictures.
        opencv: the library; the installed one by default.

    Raises:
        DeviceError: it is not there, or another program uses it.
        DeviceUnusableError: this user may not open it, or it is no camera.
    """
    opencv = opencv or _opencv()
    node = find_camera(identity, machine)
    require_usable(node.path, machine)
    capture = opencv.VideoCapture(str(node.path), opencv.CAP_V4L2)
    if not capture.isOpened():
        raise busy(node.path, machine)
    try:
        _configure(capture, mode, opencv)
        # Starts the stream. A camera may take longer than this waits for its first picture.
        capture.grab()
        return V4l2Camera(node, capture, LiveFrames(mode, clock), machine, opencv)
    except BaseException:
        capture.release()
        raise


class V4l2Camera:
    """An open USB camera; made by `open_v4l2`."""

    def __init__(
        self, node: VideoNode, capture: Any, frames: LiveFrames, machine: Machine, opencv: Any
    ) -> None:
        self._node = node
        self._capture = capture
        self._frames = frames
        self._machine = machine
        self._opencv = opencv
        self._details = {
            "backend": "v4l2",
            "device": node.name,
            "identity": node.identity,
            "width_px": int(capture.get(opencv.CAP_PROP_FRAME_WIDTH)),
            "height_px": int(capture.get(opencv.CAP_PROP_FRAME_HEIGHT)),
            "rate_hz": round(capture.get(opencv.CAP_PROP_FPS), 2),
        }

    def read(self) -> Frame | None:
        """Return the next frame, or None where none came in time.

        Raises:
            DeviceError: it was unplugged, stopped, or sends the same picture again and again.
        """
        try:
            # Unlike `read`, which waits for whole seconds, this takes a time limit.
            _, ready = self._opencv.VideoCapture.waitAny(
                [self._capture], timeoutNs=int(READ_TIMEOUT_S * 1e9)
            )
            came, picture = self._capture.retrieve() if len(ready) else (False, None)
        except self._opencv.error as error:
            raise self._fault() from error
        if not came or picture is None or not picture.size:
            if not self._node.path.exists():
                raise self._fault()
            return None
        stamp_s = self._capture.get(self._opencv.CAP_PROP_POS_MSEC) / 1000
        rgb = self._opencv.cvtColor(picture, self._opencv.COLOR_BGR2RGB)
        return self._frames.frame(rgb, stamp_s)

    def close(self) -> None:
        """Let go of the camera."""
        self._capture.release()

    def complaint(self) -> str | None:
        """What is wrong with the pictures."""
        return self._frames.complaint()

    def details(self) -> Mapping[str, Any]:
        """Name, identity, size and rate."""
        return self._details

    def _fault(self) -> DeviceError:
        """Why pictures do not come any more."""
        if not self._node.path.exists():
            return DeviceError("The camera was unplugged.", "Plug it in again.")
        if self._machine.holders(self._node.path) != [THE_BOOTH_ITSELF]:
            return busy(self._node.path, self._machine)
        return DeviceError("The camera stopped sending pictures.", "Plug it in again.")


def _configure(capture: Any, mode: CameraMode, opencv: Any) -> None:
    """Ask for a mode; a camera that does not have it gives what it has."""
    if mode.width_px * mode.height_px > _UNCOMPRESSED_PX:
        capture.set(opencv.CAP_PROP_FOURCC, opencv.VideoWriter.fourcc(*"MJPG"))
    capture.set(opencv.CAP_PROP_FRAME_WIDTH, mode.width_px)
    capture.set(opencv.CAP_PROP_FRAME_HEIGHT, mode.height_px)
    capture.set(opencv.CAP_PROP_FPS, mode.rate_hz)
    capture.set(opencv.CAP_PROP_BUFFERSIZE, _BUFFERS)


def _opencv() -> Any:
    # Seconds that opening waits for a first picture; 10 by default, and whole seconds only. It is
    # read at the first use. CAP_PROP_READ_TIMEOUT_MSEC does not reach this backend.
    os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", "1")
    import cv2  # noqa: PLC0415  # slow to load, and not needed for recordings

    return cv2
