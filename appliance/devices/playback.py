"""How a recording is played as camera and microphone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from appliance.domain.errors import EndOfRecordingError

READ_TIMEOUT_S = 0.2
"""How long a read waits for its sample."""


@dataclass(frozen=True, slots=True)
class Playback:
    """How a recording is played.

    Attributes:
        path: the recording.
        rate_hz: frames a second that are handed on.
        speed: how many times faster than it was taken; None plays as fast as it is read. Sound can
            be played at 1 or None alone.
        repeats: it begins again at its end.
        begins_s: when its first moment is, on the clock it is played by, so that picture and sound
            of one recording can be played together; None for when it is opened.
    """

    path: Path
    rate_hz: float = 15.0
    speed: float | None = 1.0
    repeats: bool = False
    begins_s: float | None = None

    def details(self) -> Mapping[str, Any]:
        """The recording and the pace at which it is played."""
        return {
            "backend": "recording",
            "device": self.path.name,
            "identity": str(self.path),
            "speed": self.speed,
        }

    def wait_for(
        self, due_s: float, clock: Callable[[], float], wait: Callable[[float], object]
    ) -> bool:
        """Wait for a sample's time, but not for long; whether it has come.

        Args:
            due_s: when it is to be handed on.
            clock: monotonic seconds.
            wait: waits for so many seconds.
        """
        ahead_s = due_s - clock() if self.speed is not None else 0.0
        if ahead_s > 0:
            wait(min(ahead_s, READ_TIMEOUT_S))
        return ahead_s <= READ_TIMEOUT_S


def end_of(fault: str | None) -> EndOfRecordingError:
    """What a reader is told after the last sample.

    Args:
        fault: what was wrong with the recording; None if nothing was.
    """
    return EndOfRecordingError(f"The recording is over. {fault or ''}".rstrip())
