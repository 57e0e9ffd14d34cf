"""Says questions aloud, one at a time, and never holds anybody up."""

import logging
import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from enum import Enum
from typing import Any

from appliance.devices.speaker.job import CancelledJobError, Job
from appliance.devices.speaker.player import AplayPlayer, Player
from appliance.devices.speaker.sound import Sound
from appliance.devices.speaker.voices import EspeakVoice, HibariVoice, Voice
from appliance.domain.errors import BoothError, DeviceError, DeviceUnusableError
from appliance.domain.health import Health, Status

_NAME = "speaker"
_log = logging.getLogger(__name__)


class Ending(str, Enum):
    """How saying something ended."""

    SAID = "said"
    CANCELLED = "cancelled"
    FAILED = "failed"
    OFF = "off"


OnEnd = Callable[[Ending], None]
"""Takes the ending: on the speaker's thread, or before `say` returns where the speaker is off."""


class Saying:
    """Something that is said, or will be, or was. Any thread may use it."""

    def __init__(self, text: str, language: str, on_end: OnEnd | None) -> None:
        self.text = text
        self.language = language
        self.job = Job()
        self._on_end = on_end
        self._ended = threading.Event()
        self._ending: Ending | None = None

    @property
    def ending(self) -> Ending | None:
        """How it ended; None while it has not."""
        return self._ending

    def cancel(self) -> None:
        """Fall silent at once; does nothing where it has ended."""
        self.job.cancel()

    def wait(self, timeout_s: float) -> Ending | None:
        """Wait for its end; None if that does not come in time."""
        self._ended.wait(timeout_s)
        return self._ending

    def end(self, ending: Ending) -> None:
        """Note how it ended, and tell."""
        self._ending = ending
        self._ended.set()
        if self._on_end is None:
            return
        try:
            self._on_end(ending)
        except Exception:  # noqa: BLE001  # theirs must not silence the next sentence
            _log.exception("Whoever waited for the speaker failed.")


class Speaker:
    """Speaks by the first voice that can, in a thread of its own. It is off until it is started.

    Nothing here raises: what goes wrong is in `health`, and captions are there in any case. Every
    sentence is a new try, so a loudspeaker that was plugged in works at the next one.

    Args:
        voices: the best one first.
        player: plays what they make.
    """

    def __init__(self, voices: Sequence[Voice] | None = None, player: Player | None = None) -> None:
        self._voices = (HibariVoice(), EspeakVoice()) if voices is None else tuple(voices)
        self._player = AplayPlayer() if player is None else player
        self._lock = threading.Lock()
        self._waiting: queue.SimpleQueue[Saying | None] = queue.SimpleQueue()
        self._worker: threading.Thread | None = None
        self._newest: Saying | None = None
        self._fault: Health | None = None
        self._last_error: str | None = None
        self._voice: str | None = None
        self._said = 0

    def start(self) -> None:
        """Switch on; does nothing where it is on."""
        with self._lock:
            if self._worker is not None:
                return
            self._waiting = queue.SimpleQueue()
            self._worker = threading.Thread(
                target=self._work, args=(self._waiting,), name=f"booth-{_NAME}", daemon=True
            )
            self._worker.start()

    def stop(self, timeout_s: float = 5.0) -> bool:
        """Fall silent and switch off; return whether that was done in time."""
        with self._lock:
            worker, self._worker = self._worker, None
            if self._newest is not None:
                self._newest.cancel()
            self._waiting.put(None)
        if worker is None:
            return True
        worker.join(timeout_s)
        return not worker.is_alive()

    def say(self, text: str, language: str, on_end: OnEnd | None = None) -> Saying:
        """Begin to say something, and return at once. What was being said is cancelled.

        Args:
            text: of a few sentences.
            language: such as "en" or "pt-br".
            on_end: told once how it ended.
        """
        saying = Saying(text, language, on_end)
        with self._lock:
            on = self._worker is not None
            if on:
                if self._newest is not None:
                    self._newest.cancel()
                self._newest = saying
                self._waiting.put(saying)
        if not on:
            saying.end(Ending.OFF)
        return saying

    def cancel(self) -> None:
        """Fall silent."""
        with self._lock:
            if self._newest is not None:
                self._newest.cancel()

    def health(self) -> Health:
        """How it did at its last sentence."""
        with self._lock:
            figures: dict[str, Any] = {
                "voice": self._voice,
                "said": self._said,
                "last_error": self._last_error,
            }
            on, fault = self._worker is not None, self._fault
        if not on:
            return Health(_NAME, Status.SKIPPED, "The speaker is off.", details=figures)
        if fault is not None:
            return replace(fault, details=figures)
        if not figures["said"]:
            return self._unheard(figures)
        return Health(_NAME, Status.HEALTHY, "The speaker works.", details=figures)

    def _unheard(self, figures: Mapping[str, Any]) -> Health:
        missing = self._player.missing()
        if missing is not None:
            words = f"The program {missing} is not installed."
            return Health(_NAME, Status.CRITICAL, words, "Run ./setup.sh again.", figures)
        words = "The speaker has not said anything yet."
        return Health(_NAME, Status.UNKNOWN, words, details=figures)

    def _work(self, waiting: "queue.SimpleQueue[Saying | None]") -> None:
        for voice in self._voices:
            voice.prepare()
        while (saying := waiting.get()) is not None:
            saying.end(self._try(saying))

    def _try(self, saying: Saying) -> Ending:
        try:
            saying.job.go_on()
            if not saying.text.strip():
                return Ending.SAID
            self._player.play(self._sound(saying), saying.job)
        except CancelledJobError:
            return Ending.CANCELLED
        except BoothError as error:
            return self._failed(error)
        except Exception as error:  # noqa: BLE001  # a voice may raise anything
            return self._failed(
                DeviceError(f"The speaker failed: {type(error).__name__}: {error}.")
            )
        with self._lock:
            self._fault = None
            self._said += 1
        return Ending.SAID

    def _sound(self, saying: Saying) -> Sound:
        """By the first voice that can say it."""
        fault = DeviceError(f"There is no voice for the language '{saying.language}'.")
        for voice in self._voices:
            if not voice.speaks(saying.language):
                continue
            try:
                sound = voice.synthesise(saying.text, saying.language, saying.job)
            except DeviceError as error:
                fault = error
                continue
            with self._lock:
                self._voice = voice.name
            return sound
        raise fault

    def _failed(self, error: BoothError) -> Ending:
        grave = isinstance(error, DeviceUnusableError)
        status = Status.CRITICAL if grave else Status.WARNING
        with self._lock:
            self._fault = Health(_NAME, status, error.args[0], error.advice)
            self._last_error = error.args[0]
        return Ending.FAILED
