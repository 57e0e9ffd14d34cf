"""What all live cameras share: the mode they are asked for, and frames made of their pictures."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from appliance.devices.camera.frame_watch import FrameWatch, Sight
from appliance.domain.errors import DeviceError
from appliance.domain.media import Frame, ImageArray

READ_TIMEOUT_S = 0.2
"""How long a read waits for a picture."""

_OLDEST_STAMP_S = 1.0
"""A picture is handed on within this; a stamp that is older is of another clock."""

_QUARTER_TURN_DEG = 90


@dataclass(frozen=True, slots=True)
class CameraMode:
    """What a live camera is asked for; it may give something near it.

    Attributes:
        width_px: of the picture as the sensor gives it.
        height_px: likewise.
        rate_hz: pictures a second.
        rotation_deg: clockwise turn that makes the picture upright: 0, 90, 180 or 270.
    """

    width_px: int = 1280
    height_px: int = 720
    rate_hz: int = 15
    rotation_deg: int = 0


class LiveFrames:
    """Makes frames of what a driver gives: upright, on the booth's clock, and watched.

    Args:
        mode: of the camera.
        clock: monotonic seconds.
    """

    def __init__(self, mode: CameraMode, clock: Callable[[], float]) -> None:
        self._turns = -(mode.rotation_deg // _QUARTER_TURN_DEG) % 4
        self._clock = clock
        self._watch = FrameWatch()
        self._last_s = 0.0
        self._black = False

    def frame(self, image: ImageArray, *stamps_s: float) -> Frame:
        """Make a frame; its time is the first of the stamps that can be right, else now.

        Args:
            image: (height, width, 3) uint8, RGB, as the sensor gives it.
            stamps_s: when it was taken, by the driver, in seconds on clocks that may be ours.

        Raises:
            DeviceError: the picture stands still.
        """
        now_s = self._clock()
        credible = (stamp for stamp in stamps_s if 0 <= now_s - stamp <= _OLDEST_STAMP_S)
        self._last_s = max(self._last_s, next(credible, now_s))
        frame = Frame(self._last_s, np.ascontiguousarray(np.rot90(image, self._turns)))
        sight = self._watch.see(frame)
        self._black = sight is Sight.BLACK
        if sight is Sight.FROZEN:
            raise DeviceError(
                "The camera sends the same picture again and again.",
                "If this does not pass by itself, unplug the camera and plug it in again.",
            )
        return frame

    def complaint(self) -> str | None:
        """What is wrong with the pictures; any thread may ask."""
        return "The picture is black. Is the lens covered?" if self._black else None
