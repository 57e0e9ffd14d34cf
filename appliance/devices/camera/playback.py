"""A recording as a live camera: its frames at the pace at which they were taken."""

import time
from collections.abc import Callable, Generator, Mapping
from typing import Any

from appliance.devices.camera.recording import RecordingCamera
from appliance.devices.playback import READ_TIMEOUT_S, Playback, end_of
from appliance.devices.recording import probe
from appliance.domain.errors import (
    DeviceUnusableError,
    RecordingError,
    RecordingNotFoundError,
)
from appliance.domain.media import Frame

_MOST_PASSED_OVER = 15
"""Frames in one read."""


def open_recording_camera(
    playback: Playback,
    clock: Callable[[], float],
    wait: Callable[[float], object] = time.sleep,
) -> "RecordingSource":
    """Open a recording as a camera.

    Args:
        playback: what to play, and how.
        clock: monotonic seconds, on which the frames are stamped.
        wait: waits for so many seconds.

    Raises:
        DeviceUnusableError: there is no such recording, or it has no picture.
    """
    try:
        return RecordingSource(playback, clock, wait)
    except (RecordingError, RecordingNotFoundError) as error:
        raise DeviceUnusableError(error.args[0], error.advice) from error


class RecordingSource:
    """A recording that plays; made by `open_recording_camera`."""

    def __init__(
        self, playback: Playback, clock: Callable[[], float], wait: Callable[[float], object]
    ) -> None:
        self._playback = playback
        self._clock = clock
        self._wait = wait
        self._recording = RecordingCamera(playback.path, playback.rate_hz)
        self._length_s = probe(playback.path).duration_s or 0.0
        self._frames = self._timed_frames()
        self._next: Frame | None = next(self._frames, None)
        if self._next is None:
            raise RecordingError(
                f"'{playback.path}' has no picture.", "Choose a recording of a face."
            )

    def read(self) -> Frame | None:
        """Return the next frame when its time has come; None where that is later.

        A reader that is late gets a frame of now: those in between are passed over, as those of a
        camera are.

        Raises:
            EndOfRecordingError: the recording is over.
        """
        if self._playback.speed is not None:
            self._pass_over_late_ones()
        if self._next is None:
            raise end_of(self._recording.fault)
        if not self._playback.wait_for(self._next.time_s, self._clock, self._wait):
            return None
        frame, self._next = self._next, next(self._frames, None)
        return frame

    def close(self) -> None:
        """Let go of the file."""
        self._frames.close()
        self._next = None

    def complaint(self) -> str | None:
        """What was wrong with the picture of the recording."""
        return self._recording.fault

    def details(self) -> Mapping[str, Any]:
        """The recording and the pace at which it is played."""
        return {**self._playback.details(), "rate_hz": self._playback.rate_hz}

    def _timed_frames(self) -> Generator[Frame, None, None]:
        """The frames with their times on the clock."""
        playback = self._playback
        speed = playback.speed or 1.0
        begins_s = self._clock() if playback.begins_s is None else playback.begins_s
        while True:
            last_s: float | None = None
            for frame in self._recording.frames():
                last_s = frame.time_s
                yield Frame(begins_s + last_s / speed, frame.image)
            if last_s is None or not playback.repeats:
                return
            # As long as picture and sound together, so that they stay together.
            begins_s += max(last_s + 1.0 / playback.rate_hz, self._length_s) / speed

    def _pass_over_late_ones(self) -> None:
        """Drop frames whose time has passed; not without end, for decoding takes time too."""
        for _ in range(_MOST_PASSED_OVER):
            if self._next is None or self._clock() - self._next.time_s < READ_TIMEOUT_S:
                return
            self._next = next(self._frames, None)
