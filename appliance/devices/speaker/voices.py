"""Voices: a natural one for English, and a plain one for every language."""

import importlib
import importlib.util
import re
import shutil
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from appliance.devices.speaker.job import CancelledJobError, Job
from appliance.devices.speaker.sound import Sound, from_wav, levelled
from appliance.domain.errors import DeviceError, DeviceUnusableError

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{1,8})*")
_LIMIT_S = 15.0

# espeak-ng knocks at the sound server even where it only writes, and a server that hangs would take
# the voice with it: so it is sent where nobody answers, and fails at once.
_NO_SOUND_SERVER = {"PULSE_SERVER": "unix:/dev/null/none"}


class Voice(Protocol):
    """Turns text into sound. One thread uses it."""

    name: str

    def prepare(self) -> None:
        """Load what takes time, so that the first sentence need not wait for it; never raises."""
        ...

    def speaks(self, language: str) -> bool:
        """Whether it may be tried for a language, such as "en" or "pt-br"."""
        ...

    def synthesise(self, text: str, language: str, job: Job) -> Sound:
        """Turn text into sound.

        Raises:
            CancelledJobError: the job was cancelled.
            DeviceError: it cannot say this.
        """
        ...


class HibariVoice:
    """The voice of the package hibari-tts: English, natural, by a model inside the package."""

    name = "hibari"

    def __init__(self) -> None:
        self._engine: Any = None
        self._broken = False

    def prepare(self) -> None:
        """Load the model; where that fails, it speaks nothing from now on."""
        if self._engine is not None or self._broken:
            return
        try:
            # Its packaged voice and no other: the others would be fetched from the network.
            self._engine = importlib.import_module("hibari").Hibari()
        except Exception:  # noqa: BLE001  # onnxruntime raises what it likes
            self._broken = True

    def speaks(self, language: str) -> bool:
        """English, unless it cannot be loaded."""
        self.prepare()
        return not self._broken and _normal(language).partition("-")[0] == "en"

    def synthesise(self, text: str, language: str, job: Job) -> Sound:  # noqa: ARG002
        """Turn text into sound, sentence by sentence; a job is left between two."""
        self.prepare()
        if self._broken:
            raise DeviceUnusableError("hibari cannot be loaded.", "Run ./setup.sh again.")
        parts = []
        try:
            for part in self._engine.stream(text, seed=0):
                job.go_on()
                parts.append(part)
        except CancelledJobError:
            raise
        except Exception as error:
            raise DeviceError(f"hibari cannot say this: {error}.") from error
        samples = np.concatenate([np.zeros(0, np.float32), *parts])
        if not samples.any():
            raise DeviceError("hibari finds nothing to say in this.")
        return levelled(samples, int(self._engine.sample_rate))


class EspeakVoice:
    """The voice of the program espeak-ng: plain, in over a hundred languages.

    Args:
        rate_wpm: words a minute.
        command: the program.
    """

    name = "espeak-ng"

    def __init__(self, rate_wpm: int = 160, command: Sequence[str] = ("espeak-ng",)) -> None:
        self._command = command
        self._rate_wpm = rate_wpm

    def prepare(self) -> None:
        """Do nothing; it starts at once."""

    def speaks(self, language: str) -> bool:
        """Whatever looks like a language; the program itself knows which there are."""
        return _LANGUAGE.fullmatch(_normal(language)) is not None

    def synthesise(self, text: str, language: str, job: Job) -> Sound:
        """Turn text into sound. The text goes through a pipe: no shell and no option sees it."""
        wanted = _normal(language)
        arguments = ["--stdin", "--stdout", "-b", "1", "-v", wanted, "-s", str(self._rate_wpm)]
        command = [*self._command, *arguments]
        done = job.run(command, text.encode(), _LIMIT_S, _NO_SOUND_SERVER)
        if "voice does not exist" in done.words:
            raise DeviceError(f"There is no voice for the language '{wanted}'.")
        if done.code != 0 or not done.output:
            words = done.words.strip() or f"exit code {done.code}"
            raise DeviceError(f"espeak-ng failed: {words}.", "Run ./setup.sh again.")
        return from_wav(done.output)


def installed_voices() -> list[str]:
    """Names of the voices that this machine has, the best first."""
    found = [HibariVoice.name] if importlib.util.find_spec("hibari") is not None else []
    return [*found, *([EspeakVoice.name] if shutil.which("espeak-ng") else [])]


def _normal(language: str) -> str:
    return language.casefold().replace("_", "-")
