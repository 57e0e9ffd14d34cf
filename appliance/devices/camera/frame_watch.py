"""Tells a living camera from one whose picture stands still, and from one that sees nothing."""

from enum import Enum

import numpy as np

from appliance.domain.media import Frame, ImageArray

_STEP_PX = 16
"""Every so many pixels are looked at first: some thousand of a picture of 1280x720."""

_BLACK_MEAN, _BLACK_SPREAD = 16.0, 8.0
"""Grey levels of 255. Black is 16 in video levels (ITU-R BT.601); noise spreads it a little."""

_FEWEST_FRAMES = 5
"""Two equal pictures with a long gap between them are no evidence yet."""


class Sight(Enum):
    """What the last frames show."""

    LIVING = "living"
    BLACK = "black"
    FROZEN = "frozen"


class FrameWatch:
    """Looks at each frame of a live camera; not meant for recordings, which may well stand still.

    A sensor's noise makes each picture differ from the one before, so pictures that are exactly
    the same come from a driver or a camera that hangs. Black ones are no evidence of that: a
    covered lens may give nothing but zeros, and a lens may be covered on purpose.

    Args:
        patience_s: seconds of such frames after which they count.
    """

    def __init__(self, patience_s: float = 2.0) -> None:
        self._patience_s = patience_s
        self._last: Frame | None = None
        self._same_since_s = 0.0
        self._same_frames = 0
        self._black_since_s: float | None = None

    def see(self, frame: Frame) -> Sight:
        """Judge a frame together with those before it."""
        if self._is_same(frame):
            self._same_frames += 1
        else:
            self._same_since_s, self._same_frames = frame.time_s, 1
        self._last = frame
        if _is_black(frame):
            if self._black_since_s is None:
                self._black_since_s = frame.time_s
            long = frame.time_s - self._black_since_s >= self._patience_s
            return Sight.BLACK if long else Sight.LIVING
        self._black_since_s = None
        long = frame.time_s - self._same_since_s >= self._patience_s
        return Sight.FROZEN if long and self._same_frames >= _FEWEST_FRAMES else Sight.LIVING

    def _is_same(self, frame: Frame) -> bool:
        """Whether no pixel differs from the last frame; the whole is compared only on suspicion."""
        if self._last is None:
            return False
        sample, last_sample = _sample(frame), _sample(self._last)
        return np.array_equal(sample, last_sample) and np.array_equal(frame.image, self._last.image)


def _sample(frame: Frame) -> ImageArray:
    return frame.image[::_STEP_PX, ::_STEP_PX]


def _is_black(frame: Frame) -> bool:
    sample = _sample(frame)
    return bool(sample.mean() < _BLACK_MEAN and sample.std() < _BLACK_SPREAD)
