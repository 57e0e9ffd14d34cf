"""How loud the sound is now, for the meter on the screen."""

import math
import threading
from dataclasses import dataclass

import numpy as np

from appliance.domain.media import AudioBlock

FLOOR_DBFS = -90.0
"""What 16 bits can tell apart from silence."""

_FALL_DB_PER_S = 20.0
_FULL = 32767 / 32768


@dataclass(frozen=True, slots=True)
class Level:
    """A level relative to full scale.

    Attributes:
        rms_dbfs: of the newest block, `FLOOR_DBFS` to 0.
        peak_dbfs: the highest of late; it falls by 20 dB a second.
        clips: the newest block reaches full scale: it is too loud.
    """

    rms_dbfs: float = FLOOR_DBFS
    peak_dbfs: float = FLOOR_DBFS
    clips: bool = False


class LevelMeter:
    """Follows the level of sound. One thread hears, any may look."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._level = Level()

    @property
    def level(self) -> Level:
        """The level of the newest block."""
        with self._lock:
            return self._level

    def hear(self, block: AudioBlock) -> None:
        """Take the next block."""
        if not len(block.samples):
            return
        peak = float(np.abs(block.samples).max())
        with self._lock:
            fallen_dbfs = self._level.peak_dbfs - _FALL_DB_PER_S * block.duration_s
            self._level = Level(
                rms_dbfs=rms_dbfs(block),
                peak_dbfs=max(_dbfs(peak), fallen_dbfs, FLOOR_DBFS),
                clips=peak >= _FULL,
            )

    def clear(self) -> None:
        """Be as new."""
        with self._lock:
            self._level = Level()


def rms_dbfs(block: AudioBlock) -> float:
    """Root mean square of a block relative to full scale, `FLOOR_DBFS` to 0."""
    return _dbfs(math.sqrt(float(np.mean(np.square(block.samples, dtype=np.float64)))))


def _dbfs(amplitude: float) -> float:
    return max(FLOOR_DBFS, 20 * math.log10(amplitude)) if amplitude > 0 else FLOOR_DBFS
