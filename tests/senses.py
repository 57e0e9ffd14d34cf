"""Perception for the tests: the booth's own, but for the words, which a script gives."""

from pathlib import Path

from appliance.coaching.language import load_language
from appliance.domain.media import AudioBlock
from appliance.domain.observations import Word
from appliance.interview.pipeline import Senses
from appliance.perception.face import FaceObserver
from appliance.perception.speech.transcriber import (
    PartialWords,
    SpeechEvent,
    Transcriber,
    Utterance,
)
from appliance.perception.voice_activity import VoiceUpdate
from tests.sound import voice_activity


class ScriptedTranscriber:
    """Gives known words, each `delay_s` after it was spoken, as a streaming recogniser would."""

    engine = "script"
    language = "en"

    def __init__(self, words: tuple[Word, ...], delay_s: float = 0.0) -> None:
        self._words = words
        self._delay_s = delay_s
        self._given = 0

    def accept(self, block: AudioBlock, voice: VoiceUpdate) -> list[SpeechEvent]:
        events = self._until(block.end_s - self._delay_s)
        going_on = [
            PartialWords(word.text, word.start_s)
            for word in self._words
            if word.start_s <= block.end_s - self._delay_s < word.end_s
        ]
        return [*events, *going_on]

    def finish(self, voice: VoiceUpdate) -> list[SpeechEvent]:
        events = self._until(float("inf"))
        self.reset()
        return events

    def reset(self) -> None:
        self._given = 0

    def _until(self, time_s: float) -> list[SpeechEvent]:
        due = tuple(word for word in self._words[self._given :] if word.end_s <= time_s)
        self._given += len(due)
        return [Utterance(due)] if due else []


def light_senses(models_dir: Path, transcriber: Transcriber) -> Senses:
    """Senses without the models of expression and voice."""
    return Senses(
        face=FaceObserver(models_dir),
        expression=None,
        activity=voice_activity(),
        transcriber=transcriber,
        voice=None,
        fillers=load_language("en").filled_pauses,
    )
