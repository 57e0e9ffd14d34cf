"""Word errors over a folder of clips, with known words and with the real recogniser."""

from pathlib import Path

import pytest

from appliance.domain.errors import DataError
from appliance.domain.media import SAMPLE_RATE_HZ, AudioBlock
from appliance.domain.observations import Word
from appliance.operations.evaluation.speech import evaluate_speech, find_spoken
from appliance.perception.speech.transcriber import SpeechEvent, Utterance
from appliance.perception.voice_activity import VoiceUpdate
from tests.media import tone, write_recording
from tests.sound import voice_activity


class FiveWords:
    """Hears the same in every clip, two words at the first block and three at the end."""

    engine = "script"
    language = "en"

    def __init__(self) -> None:
        self._begun = False

    def accept(self, block: AudioBlock, voice: VoiceUpdate) -> list[SpeechEvent]:
        if self._begun:
            return []
        self._begun = True
        return [_utterance("The cat")]

    def finish(self, voice: VoiceUpdate) -> list[SpeechEvent]:
        self.reset()
        return [_utterance("sat on it.")]

    def reset(self) -> None:
        self._begun = False


def _utterance(text: str) -> Utterance:
    return Utterance(tuple(Word(word, 0.0, 0.1, 0.9) for word in text.split()))


def _folder(folder: Path, *said: str) -> Path:
    lines = []
    for number, text in enumerate(said, start=1):
        sound = tone(200, 1.0, SAMPLE_RATE_HZ)
        write_recording(folder / f"{number}.wav", sound=sound, sound_rate_hz=SAMPLE_RATE_HZ)
        lines.append(f"{number}.wav\t{text}\n")
    (folder / "transcripts.tsv").write_text("".join(lines) + "\n", encoding="utf-8")
    return folder


def test_errors_are_counted_over_all_words_and_time_over_all_sound(tmp_path: Path) -> None:
    spoken = find_spoken(_folder(tmp_path, "THE CAT SAT ON IT", "a cat sat on it", "the cat sat"))
    ticks = iter([0.0, 0.5, 10.0, 10.5, 20.0, 20.5])
    done: list[float] = []
    result = evaluate_speech(
        spoken,
        voice_activity(),
        FiveWords(),
        lambda doing, share: done.append(share),
        clock=lambda: next(ticks),
    )
    assert result.to_json_value() == {
        "task": "speech",
        "n": 3,
        "wer": round(3 / 13, 4),  # one other word, two too many
        "words": 13,
        "errors": 3,
        "sound_s": 3.0,
        "real_time_factor": 0.5,
        "engine": "script",
        "language": "en",
    }
    assert done == pytest.approx([1 / 3, 2 / 3, 1])
    assert "word error rate 23.1%" in result.to_text()
    assert "30 s of work for a minute of sound" in result.to_text()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("1.wav\n", "Line 1 of .* no name or no words"),
        ("1.wav\thello\n2.wav\tthere\n", "Line 2 of .* names '2.wav', which is not there"),
        ("\n", "lists no clips"),
        ("\tnobody\n", "no name"),
    ],
)
def test_a_list_that_is_not_laid_out_so_is_refused(tmp_path: Path, content: str, says: str) -> None:
    _folder(tmp_path, "hello")
    (tmp_path / "transcripts.tsv").write_text(content)
    with pytest.raises(DataError, match=says):
        find_spoken(tmp_path)


def test_a_folder_without_a_list_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"transcripts\.tsv' cannot be read: no such file"):
        find_spoken(tmp_path)
    with pytest.raises(DataError, match="There is no folder"):
        find_spoken(tmp_path / "missing")
    (tmp_path / "transcripts.tsv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match="UTF-8"):
        find_spoken(tmp_path)
