"""Samples of picture and sound, each carrying its own time."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

SAMPLE_RATE_HZ = 16_000
"""Every `AudioBlock` has this rate: what speech recognition and voice activity expect."""

FloatArray = npt.NDArray[np.float32]
ImageArray = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture.

    Attributes:
        time_s: when it was taken, in seconds on the clock of its source.
        image: (height, width, 3) uint8, RGB, upright.
    """

    time_s: float
    image: ImageArray


@dataclass(frozen=True, slots=True)
class AudioBlock:
    """A stretch of sound: mono, 16 kHz.

    Attributes:
        time_s: time of the first sample, in seconds on the clock of its source.
        samples: (n,) float32 in -1..1.
    """

    time_s: float
    samples: FloatArray

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return len(self.samples) / SAMPLE_RATE_HZ

    @property
    def end_s(self) -> float:
        """Time just after the last sample, in seconds."""
        return self.time_s + self.duration_s
