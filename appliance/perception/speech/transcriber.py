"""What every speech recogniser does."""

from dataclasses import dataclass
from typing import Protocol

from appliance.domain.media import AudioBlock
from appliance.domain.observations import Word
from appliance.perception.voice_activity import VoiceUpdate


@dataclass(frozen=True, slots=True)
class PartialWords:
    """What seems to be being said; the next event of the same speech replaces it.

    Attributes:
        text: all words of the utterance so far; empty where they were no words after all.
        start_s: when the utterance began.
    """

    text: str
    start_s: float


@dataclass(frozen=True, slots=True)
class Utterance:
    """Words that will not change any more, at least one, in order of time."""

    words: tuple[Word, ...]

    @property
    def start_s(self) -> float:
        """Start of the first word."""
        return self.words[0].start_s

    @property
    def end_s(self) -> float:
        """End of the last word."""
        return self.words[-1].end_s


SpeechEvent = PartialWords | Utterance


class Transcriber(Protocol):
    """Turns a stream of sound into words.

    Each block goes to voice activity first, then here with what that found: one engine works on
    every block and takes from voice activity what is no noise, another works on whole segments.
    Blocks may have any length; where one does not follow the one before, words do not run across.
    Words of one stream never overlap and never go back in time. Use it from one thread at a time.

    Attributes:
        engine: "vosk" or "whisper".
        language: such as "en".
    """

    engine: str
    language: str

    def accept(self, block: AudioBlock, voice: VoiceUpdate) -> list[SpeechEvent]:
        """Take the next block of sound, and what voice activity said of it."""
        ...

    def finish(self, voice: VoiceUpdate) -> list[SpeechEvent]:
        """The sound has ended: take voice activity's last word, give the rest, and be as new."""
        ...

    def reset(self) -> None:
        """Forget everything heard: the same sound then gives the same words again."""
        ...
