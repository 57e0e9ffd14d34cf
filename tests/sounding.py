"""A microphone that gives certain sound."""

import threading
from collections.abc import Mapping
from typing import Any

from appliance.domain.media import AudioBlock, FloatArray


class Sounding:
    """A microphone that gives certain sound, over and over."""

    def __init__(self, samples: FloatArray) -> None:
        self._samples = samples
        self._place = 0
        self._never = threading.Event()
        self.closed = False

    def read(self) -> AudioBlock | None:
        self._never.wait(0.002)
        if not len(self._samples):
            return None
        part = self._samples[self._place : self._place + 1600]
        self._place = (self._place + 1600) % len(self._samples)
        return AudioBlock(0.0, part)

    def close(self) -> None:
        self.closed = True

    def complaint(self) -> str | None:
        return None

    def details(self) -> Mapping[str, Any]:
        return {}
