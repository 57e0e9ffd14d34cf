"""Somebody before the camera and the microphone of a booth, who may walk away."""

import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np

from appliance.devices.camera.selection import Backend, CameraSettings, camera_opener
from appliance.devices.microphone.selection import MicrophoneSettings, microphone_opener
from appliance.devices.playback import Playback
from appliance.devices.source import Source
from appliance.domain.media import AudioBlock, Frame

T = TypeVar("T")


class LeapingClock:
    """Monotonic seconds, of which a test can let many pass at once.

    Attributes:
        ahead_s: how many passed without anybody waiting.
    """

    def __init__(self) -> None:
        self.ahead_s = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.ahead_s

    def leaps(self, seconds: float) -> None:
        self.ahead_s += seconds


class Somebody:
    """A recording that plays as camera and microphone, until its person walks away.

    Args:
        sample: of somebody who speaks.
        clock: by which samples are stamped.
    """

    def __init__(self, sample: Path, clock: LeapingClock) -> None:
        playback = Playback(sample, repeats=True)
        self._see = camera_opener(CameraSettings(Backend.RECORDING, playback=playback))
        self._hear = microphone_opener(MicrophoneSettings(playback=playback))
        self._clock = clock
        self._gone = threading.Event()

    def camera(self) -> Source[Frame]:
        """Open the camera."""
        return _Watched(self._see(), self._seen)

    def microphone(self) -> Source[AudioBlock]:
        """Open the microphone."""
        return _Watched(self._hear(), self._heard)

    def comes(self) -> None:
        self._gone.clear()

    def walks_away(self) -> None:
        """From now on there is an empty room, and silence."""
        self._gone.set()

    def _seen(self, frame: Frame) -> Frame:
        image = np.full_like(frame.image, 128) if self._gone.is_set() else frame.image
        return Frame(frame.time_s + self._clock.ahead_s, image)

    def _heard(self, block: AudioBlock) -> AudioBlock:
        samples = np.zeros_like(block.samples) if self._gone.is_set() else block.samples
        return AudioBlock(block.time_s + self._clock.ahead_s, samples)


class _Watched(Generic[T]):
    """A device whose samples are changed on their way."""

    def __init__(self, source: Source[T], changed: Callable[[T], T]) -> None:
        self._source = source
        self._changed = changed

    def read(self) -> T | None:
        sample = self._source.read()
        return None if sample is None else self._changed(sample)

    def close(self) -> None:
        self._source.close()

    def complaint(self) -> str | None:
        return self._source.complaint()

    def details(self) -> Mapping[str, Any]:
        return self._source.details()
