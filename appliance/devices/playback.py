"""How a recording is played as camera and microphone."""

from dataclasses import dataclass
from pathlib import Path


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
