"""The camera connector of a Jetson, through GStreamer and an OpenCV that was built with it."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from appliance.devices.camera.live import READ_TIMEOUT_S, CameraMode, LiveFrames
from appliance.domain.errors import DeviceError, DeviceUnusableError
from appliance.domain.media import Frame

_OPEN_TIMEOUT_S = 5.0

_AT_ONCE_S = READ_TIMEOUT_S / 4
"""A read that fails sooner than this did not wait for a picture: the pipeline has ended."""

_IDENTITY = re.compile(r"nvargus:(\d+)")


def identity_of_sensor(number: int) -> str:
    """The lasting name of the sensor on a Jetson's camera connector `number`."""
    return f"nvargus:{number}"


def pipeline(sensor: int, mode: CameraMode) -> str:
    """The GStreamer pipeline of a sensor: it ends in one buffer that always holds the newest."""
    return (
        f"nvarguscamerasrc sensor-id={sensor} ! "
        f"video/x-raw(memory:NVMM), width={mode.width_px}, height={mode.height_px}, "
        f"format=NV12, framerate={mode.rate_hz}/1 ! "
        "nvvidconv ! video/x-raw, format=BGRx ! videoconvert ! video/x-raw, format=BGR ! "
        "appsink drop=true max-buffers=1 sync=false"
    )


def require_gstreamer(opencv: Any = None) -> None:
    """Say so where OpenCV was built without GStreamer, as PyPI's is.

    Raises:
        DeviceUnusableError: it was.
    """
    opencv = opencv or _opencv()
    if not re.search(r"GStreamer:\s+YES", opencv.getBuildInformation()):
        raise DeviceUnusableError(
            f"OpenCV {opencv.__version__} was built without GStreamer, which a Jetson's camera "
            "connector needs.",
            "Run `pip uninstall opencv-python-headless` in the booth's environment, so that "
            "JetPack's own OpenCV is used.",
        )


def open_gstreamer(
    identity: str, mode: CameraMode, clock: Callable[[], float], opencv: Any = None
) -> "GstreamerCamera":
    """Open a sensor of a Jetson.

    Args:
        identity: as `identity_of_sensor`; empty for the first.
        mode: what to ask it for.
        clock: monotonic seconds.
        opencv: the library; the installed one by default.

    Raises:
        DeviceError: it does not open.
        DeviceUnusableError: OpenCV has no GStreamer, or this is no sensor's identity.
    """
    opencv = opencv or _opencv()
    require_gstreamer(opencv)
    match = _IDENTITY.fullmatch(identity or identity_of_sensor(0))
    if match is None:
        raise DeviceUnusableError(
            f"'{identity}' is no sensor of a Jetson.", "Choose a camera that `booth doctor` lists."
        )
    limits = [
        opencv.CAP_PROP_OPEN_TIMEOUT_MSEC,
        int(_OPEN_TIMEOUT_S * 1000),
        opencv.CAP_PROP_READ_TIMEOUT_MSEC,
        int(READ_TIMEOUT_S * 1000),
    ]
    capture = opencv.VideoCapture(pipeline(int(match[1]), mode), opencv.CAP_GSTREAMER, limits)
    if not capture.isOpened():
        raise DeviceError(
            "The camera on the Jetson's connector does not open: it is not connected, or another "
            "program uses it.",
            "Close other programs that use the camera, or run "
            "`sudo systemctl restart nvargus-daemon`.",
        )
    return GstreamerCamera(match[0], capture, mode, clock, opencv)


class GstreamerCamera:
    """An open sensor of a Jetson; made by `open_gstreamer`."""

    def __init__(
        self,
        identity: str,
        capture: Any,
        mode: CameraMode,
        clock: Callable[[], float],
        opencv: Any,
    ) -> None:
        self._identity = identity
        self._capture = capture
        self._mode = mode
        self._clock = clock
        self._opencv = opencv
        self._frames = LiveFrames(mode, clock)

    def read(self) -> Frame | None:
        """Return the next frame, or None where none came in time.

        Raises:
            DeviceError: the pipeline ended, or sends the same picture again and again.
        """
        asked_s = self._clock()
        try:
            came, picture = self._capture.read()
        except self._opencv.error as error:
            raise _ended() from error
        if not came:
            if self._clock() - asked_s < _AT_ONCE_S:
                raise _ended()
            return None
        return self._frames.frame(self._opencv.cvtColor(picture, self._opencv.COLOR_BGR2RGB))

    def close(self) -> None:
        """Let go of the camera."""
        self._capture.release()

    def complaint(self) -> str | None:
        """What is wrong with the pictures."""
        return self._frames.complaint()

    def details(self) -> Mapping[str, Any]:
        """Name, size and rate."""
        return {
            "backend": "gstreamer",
            "device": "camera connector",
            "identity": self._identity,
            "width_px": self._mode.width_px,
            "height_px": self._mode.height_px,
            "rate_hz": self._mode.rate_hz,
        }


def _ended() -> DeviceError:
    return DeviceError(
        "The camera on the Jetson's connector stopped sending pictures.", "Check its ribbon cable."
    )


def _opencv() -> Any:
    import cv2  # noqa: PLC0415  # slow to load, and not needed for recordings

    return cv2
