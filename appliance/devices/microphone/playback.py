"""A recording as a live microphone: its sound at the pace at which it was made."""

import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import replace
from typing import Any

from appliance.devices.microphone.recording import RecordingMicrophone
from appliance.devices.playback import Playback, end_of
from appliance.devices.recording import probe
from appliance.domain.errors import (
    DeviceUnusableError,
    RecordingError,
    RecordingNotFoundError,
)
from appliance.domain.media import AudioBlock

_BLOCK_S = 0.1


def open_recording_microphone(
    playback: Playback,
    clock: Callable[[], float],
    wait: Callable[[float], object] = time.sleep,
) -> "RecordedSound":
    """Open a recording as a microphone.

    Args:
        playback: what to play, and how.
        clock: monotonic seconds, on which the blocks are stamped.
        wait: waits for so many seconds.

    Raises:
        DeviceUnusableError: there is no such recording, it has no sound, or sound cannot be played
            at that speed.
    """
    if playback.speed not in {None, 1.0}:
        raise DeviceUnusableError(
            f"Sound cannot be played at {playback.speed:g} times its speed.",
            "Choose 1, or as fast as it is read.",
        )
    try:
        return RecordedSound(playback, clock, wait)
    except (RecordingError, RecordingNotFoundError) as error:
        raise DeviceUnusableError(error.args[0], error.advice) from error


class RecordedSound:
    """A recording that plays; made by `open_recording_microphone`."""

    def __init__(
        self, playback: Playback, clock: Callable[[], float], wait: Callable[[float], object]
    ) -> None:
        self._playback = playback
        self._clock = clock
        self._wait = wait
        self._recording = RecordingMicrophone(playback.path, _BLOCK_S)
        self._length_s = probe(playback.path).duration_s or 0.0
        self._blocks = self._timed_blocks()
        self._next: AudioBlock | None = next(self._blocks, None)
        if self._next is None:
            raise RecordingError(
                f"'{playback.path}' has no sound.", "Choose a recording of a voice."
            )

    def read(self) -> AudioBlock | None:
        """Return the next block when its last sample was made; None where that is later.

        A reader that is late gets all blocks: sound is never passed over.

        Raises:
            EndOfRecordingError: the recording is over.
        """
        if self._next is None:
            raise end_of(self._recording.fault)
        if not self._playback.wait_for(self._next.end_s, self._clock, self._wait):
            return None
        block, self._next = self._next, next(self._blocks, None)
        return block

    def close(self) -> None:
        """Let go of the file."""
        self._blocks.close()
        self._next = None

    def complaint(self) -> str | None:
        """What was wrong with the sound of the recording."""
        return self._recording.fault

    def details(self) -> Mapping[str, Any]:
        """The recording and the pace at which it is played."""
        return self._playback.details()

    def _timed_blocks(self) -> Generator[AudioBlock, None, None]:
        """The blocks with their times on the clock."""
        playback = self._playback
        begins_s = self._clock() if playback.begins_s is None else playback.begins_s
        while True:
            end_s: float | None = None
            for block in self._recording.blocks():
                end_s = block.end_s
                yield replace(block, time_s=begins_s + block.time_s)
            if end_s is None or not playback.repeats:
                return
            begins_s += max(end_s, self._length_s)
