"""Sound to the loudspeaker, by the program aplay.

A program and no library: it can be ended at any moment, and a PortAudio that stays open would keep
the microphone's list of devices as it was.
"""

import shutil
from collections.abc import Sequence
from typing import Protocol

from appliance.devices.speaker.job import Finished, Job
from appliance.devices.speaker.sound import Sound
from appliance.domain.errors import DeviceError, DeviceUnusableError

_OPENING_S = 10.0


class Player(Protocol):
    """Plays sound. One thread uses it."""

    def missing(self) -> str | None:
        """The program that is needed and not installed; from any thread."""
        ...

    def play(self, sound: Sound, job: Job) -> None:
        """Play all of it; return when it was heard.

        Raises:
            CancelledJobError: the job was cancelled.
            DeviceUnusableError: there is nothing to play with.
            DeviceError: it was not played.
        """
        ...


class AplayPlayer:
    """Plays by aplay.

    Args:
        device: ALSA's name of the output, such as "plughw:1,0"; None takes the default.
        command: the program.
        opening_s: how much longer than the sound it may take, in seconds.
    """

    def __init__(
        self,
        device: str | None = None,
        command: Sequence[str] = ("aplay",),
        opening_s: float = _OPENING_S,
    ) -> None:
        output = [] if device is None else [f"--device={device}"]
        self._command = [*command, "--quiet", *output, "-"]
        self._opening_s = opening_s

    def missing(self) -> str | None:
        """The program, where it is not installed."""
        return None if shutil.which(self._command[0]) else self._command[0]

    def play(self, sound: Sound, job: Job) -> None:
        """Play all of it; see `Player`."""
        limit_s = sound.duration_s + self._opening_s
        done = job.run(self._command, sound.to_wav(), limit_s)
        if done.code != 0:
            raise _fault(done)


def _fault(done: Finished) -> DeviceError:
    """Say what aplay means. It prints a line for each layer; the last is its own."""
    words = done.words.lower()
    if "busy" in words:
        return DeviceError(
            "The loudspeaker is in use by another program.", "End the program that uses it."
        )
    if "permission denied" in words:
        return DeviceUnusableError(
            "This user may not use the loudspeaker.",
            "Run 'sudo usermod -aG audio USER' for the user of the booth, then restart it.",
        )
    if "no such device" in words:
        return DeviceUnusableError("The loudspeaker was unplugged.", "Plug it in again.")
    if "no such file or directory" in words or "cannot find card" in words:
        return DeviceUnusableError(
            "There is no loudspeaker: the system has no sound card for output.",
            "Plug in a loudspeaker, and look for it with 'aplay -l'.",
        )
    if "connection refused" in words:
        return DeviceError("The sound server does not run.", "Restart the booth.")
    last = done.words.strip().rpartition("\n")[2] or f"exit code {done.code}"
    return DeviceError(f"aplay could not play: {last}.", "Try 'aplay -l' and 'speaker-test'.")
