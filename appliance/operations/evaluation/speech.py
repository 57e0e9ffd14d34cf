"""How many words the recogniser gets wrong, and how fast it is."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from appliance.devices.microphone.recording import RecordingMicrophone
from appliance.domain.errors import DataError
from appliance.operations.evaluation.figures import Figures
from appliance.operations.evaluation.progress import Progress, with_progress
from appliance.perception.speech.transcriber import SpeechEvent, Transcriber, Utterance
from appliance.perception.speech.word_errors import edit_distance, normalised_words
from appliance.perception.voice_activity import VoiceActivity

TRANSCRIPTS = "transcripts.tsv"
_LAYOUT = f"'{TRANSCRIPTS}' has a line for each clip: its file name, a tab, what is said."


@dataclass(frozen=True, slots=True)
class Spoken:
    """A clip and the words that are said in it, as `normalised_words` gives them, at least one."""

    path: Path
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SpeechResult:
    """How the recogniser did.

    Attributes:
        engine: which.
        language: such as "en".
        clips: how many.
        words: that are said in them.
        errors: words that it heard otherwise, missed, or added.
        sound_s: length of the clips.
        work_s: time that it took to decode and recognise them.
    """

    engine: str
    language: str
    clips: int
    words: int
    errors: int
    sound_s: float
    work_s: float

    @property
    def word_error_rate(self) -> float:
        """Errors per word that is said."""
        return self.errors / self.words

    @property
    def real_time_factor(self) -> float:
        """Seconds of work for a second of sound: below 1 is faster than people speak."""
        return self.work_s / self.sound_s if self.sound_s else 0.0

    def to_json_value(self) -> dict[str, Any]:
        """What `--json` prints."""
        return {
            "task": "speech",
            "n": self.clips,
            "wer": round(self.word_error_rate, 4),
            "words": self.words,
            "errors": self.errors,
            "sound_s": round(self.sound_s, 3),
            "real_time_factor": round(self.real_time_factor, 4),
            "engine": self.engine,
            "language": self.language,
        }

    def named_figures(self) -> dict[str, Figures]:
        """Nothing: words are not classes."""
        return {}

    def to_text(self) -> str:
        """For a person."""
        return (
            f"Speech: {self.clips} clips, {self.words} words, {self.sound_s:.0f} s of sound\n"
            f"{self.engine}, language {self.language}\n"
            f"  word error rate {self.word_error_rate:.1%}: "
            f"{self.errors} words heard otherwise, missed or added\n"
            f"  real-time factor {self.real_time_factor:.2f}: "
            f"{60 * self.real_time_factor:.0f} s of work for a minute of sound"
        )


def find_spoken(folder: Path) -> list[Spoken]:
    """The clips that a folder's `transcripts.tsv` lists.

    Raises:
        DataError: there is no such folder or list, or a line of it is not as expected.
    """
    if not folder.is_dir():
        raise DataError(f"There is no folder '{folder}'.", f"Name one with a '{TRANSCRIPTS}'.")
    path = folder / TRANSCRIPTS
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise DataError(f"'{path}' cannot be read: {reason}.", _LAYOUT) from error
    except UnicodeDecodeError as error:
        raise DataError(f"'{path}' is not text in UTF-8.", _LAYOUT) from error
    spoken = [
        _from_line(folder, line, f"Line {number} of '{path}'")
        for number, line in enumerate(lines, start=1)
        if line.strip()
    ]
    if not spoken:
        raise DataError(f"'{path}' lists no clips.", _LAYOUT)
    return spoken


def _from_line(folder: Path, line: str, place: str) -> Spoken:
    name, tab, text = line.partition("\t")
    words = tuple(normalised_words(text))
    if not (name and tab and words):
        raise DataError(f"{place} has no name or no words.", _LAYOUT)
    if not (folder / name).is_file():
        raise DataError(f"{place} names '{name}', which is not there.", _LAYOUT)
    return Spoken(folder / name, words)


def evaluate_speech(
    spoken: list[Spoken],
    activity: VoiceActivity,
    transcriber: Transcriber,
    progress: Progress,
    clock: Callable[[], float] = time.perf_counter,
) -> SpeechResult:
    """Transcribe each clip as the device would: voice activity first, then the recogniser.

    Raises:
        RecordingError: a clip cannot be decoded.
    """
    errors, sound_s, work_s = 0, 0.0, 0.0
    for clip in with_progress(spoken, "Listening", progress):
        start_s = clock()
        heard, length_s = _transcribe(clip.path, activity, transcriber)
        work_s += clock() - start_s
        sound_s += length_s
        errors += edit_distance(clip.words, normalised_words(heard))
    return SpeechResult(
        engine=transcriber.engine,
        language=transcriber.language,
        clips=len(spoken),
        words=sum(len(clip.words) for clip in spoken),
        errors=errors,
        sound_s=sound_s,
        work_s=work_s,
    )


def _transcribe(path: Path, activity: VoiceActivity, transcriber: Transcriber) -> tuple[str, float]:
    """The words of a clip as one line, and its length in seconds."""
    events: list[SpeechEvent] = []
    end_s = 0.0
    for block in RecordingMicrophone(path).blocks():
        events += transcriber.accept(block, activity.accept(block).sure())
        end_s = block.end_s
    events += transcriber.finish(activity.finish())
    words = [word.text for event in events if isinstance(event, Utterance) for word in event.words]
    return " ".join(words), end_s
