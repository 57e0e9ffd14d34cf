"""One recording in place of camera and microphone, both from one beginning."""

import threading
from collections.abc import Callable
from pathlib import Path

from appliance.devices.camera.playback import open_recording_camera
from appliance.devices.microphone.playback import open_recording_microphone
from appliance.devices.playback import Playback
from appliance.devices.source import Source
from appliance.domain.media import AudioBlock, Frame

_OPENING_S = 0.3
"""Both have so long to open before the recording begins."""

_TOGETHER_S = 2.0
"""What is opened within this of each other belongs together."""


class Simulation:
    """Opens a recording as a camera and as a microphone.

    Args:
        path: a recording with picture, sound or both.
        clock: monotonic seconds.
        repeats: it begins again at its end.
    """

    def __init__(self, path: Path, clock: Callable[[], float], *, repeats: bool = True) -> None:
        self._path = path
        self._clock = clock
        self._repeats = repeats
        self._lock = threading.Lock()
        self._begins_s: float | None = None

    def camera(self) -> Source[Frame]:
        """Open its picture; raises as every opener does."""
        return open_recording_camera(self._playback(), self._clock)

    def microphone(self) -> Source[AudioBlock]:
        """Open its sound; raises as every opener does."""
        return open_recording_microphone(self._playback(), self._clock)

    def _playback(self) -> Playback:
        now_s = self._clock()
        with self._lock:
            if self._begins_s is None or now_s - self._begins_s > _TOGETHER_S:
                self._begins_s = now_s + _OPENING_S
            return Playback(self._path, repeats=self._repeats, begins_s=self._begins_s)
