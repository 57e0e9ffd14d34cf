import os
import shutil
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from appliance.domain.errors import ModelError
from appliance.domain.media import SAMPLE_RATE_HZ, AudioBlock, FloatArray
from appliance.domain.observations import Span
from appliance.perception.speech.transcriber import PartialWords, SpeechEvent, Utterance
from appliance.perception.speech.vosk import VoskTranscriber, _Stream
from appliance.perception.voice_activity import VoiceUpdate
from tests.sound import hum, in_blocks, silence, spoken, voice_activity, white_noise
from tests.unit.perception.speech.conftest import transcribe

PAUSE_S = 2.0


@pytest.fixture(scope="module")
def sentence() -> FloatArray:
    return spoken("안녕하세요. 저는 한국에서 왔습니다. 오늘 날씨가 아주 좋습니다.", "ko")


def utterances(events: list[SpeechEvent]) -> list[Utterance]:
    return [event for event in events if isinstance(event, Utterance)]


def test_words_arrive_while_a_person_speaks_and_the_end_is_found(
    vosk: VoskTranscriber, sentence: FloatArray
) -> None:
    spoken_until_s = 0.5 + len(sentence) / SAMPLE_RATE_HZ
    sound = np.concatenate([silence(0.5), sentence, silence(PAUSE_S)])
    activity = voice_activity()
    arrived = [
        (block.end_s, event)
        for block in in_blocks(sound, 0.1)
        for event in vosk.accept(block, activity.accept(block))
    ]

    partial_s = [time_s for time_s, event in arrived if isinstance(event, PartialWords)]
    ((utterance_s, utterance),) = ((t, e) for t, e in arrived if isinstance(e, Utterance))
    assert partial_s[0] < spoken_until_s / 2
    assert len(partial_s) > 5
    assert spoken_until_s < utterance_s < spoken_until_s + PAUSE_S
    assert utterance.start_s == pytest.approx(0.5, abs=0.2)
    assert utterance.end_s == pytest.approx(spoken_until_s, abs=0.2)
    assert len(utterance.words) > 5
    assert all(0 < word.confidence <= 1 for word in utterance.words)
    assert all(word.start_s < word.end_s for word in utterance.words)
    for earlier, later in pairwise(utterance.words):
        assert earlier.end_s <= later.start_s + 1e-3


def test_two_sentences_are_two_utterances_on_the_clock_of_the_media(
    vosk: VoskTranscriber, sentence: FloatArray
) -> None:
    length_s = len(sentence) / SAMPLE_RATE_HZ
    sound = np.concatenate([silence(1), sentence, silence(PAUSE_S), sentence, silence(PAUSE_S)])

    first, second = utterances(transcribe(vosk, in_blocks(sound, start_s=600)))

    assert first.start_s == pytest.approx(601, abs=0.2)
    assert second.start_s == pytest.approx(601 + length_s + PAUSE_S, abs=0.3)


def test_speech_that_the_end_of_the_sound_cuts_off_is_not_lost(
    vosk: VoskTranscriber, sentence: FloatArray
) -> None:
    (utterance,) = utterances(transcribe(vosk, in_blocks(sentence[: 2 * SAMPLE_RATE_HZ])))

    assert utterance.end_s <= 2.0


def test_lost_sound_ends_the_utterance_and_later_times_stay_true(
    vosk: VoskTranscriber, sentence: FloatArray
) -> None:
    before = in_blocks(sentence)
    after = in_blocks(np.concatenate([silence(0.5), sentence]), start_s=60.0)

    first, second = utterances(transcribe(vosk, [*before, *after]))

    assert first.end_s < len(sentence) / SAMPLE_RATE_HZ + 0.2
    assert second.start_s == pytest.approx(60.5, abs=0.3)


@pytest.mark.parametrize(
    "sound",
    [silence(8), *(white_noise(8, level) for level in (0.001, 0.01, 0.05, 0.2)), hum(8)],
    ids=["silence", "faint noise", "soft noise", "noise", "loud noise", "hum"],
)
def test_silence_and_noise_give_no_words(vosk: VoskTranscriber, sound: FloatArray) -> None:
    assert transcribe(vosk, in_blocks(sound)) == []


def test_a_sentence_between_noise_is_all_that_is_heard(
    vosk: VoskTranscriber, sentence: FloatArray
) -> None:
    sound = np.concatenate([white_noise(4, 0.05), sentence, white_noise(4, 0.05, seed=1)])

    words = [w for u in utterances(transcribe(vosk, in_blocks(sound))) for w in u.words]

    assert len(words) > 5
    assert words[0].start_s > 3.8
    assert words[-1].end_s < 4.2 + len(sentence) / SAMPLE_RATE_HZ


def test_after_a_reset_or_an_end_the_same_sound_gives_the_same_words(
    vosk: VoskTranscriber, sentence: FloatArray
) -> None:
    blocks = list(in_blocks(np.concatenate([sentence, silence(PAUSE_S)])))

    first = transcribe(vosk, blocks)
    second = transcribe(vosk, blocks)
    vosk.accept(blocks[10], VoiceUpdate())
    vosk.reset()
    third = transcribe(vosk, blocks)

    assert utterances(first)
    assert first == second == third


def test_nothing_heard_is_nothing_said(vosk: VoskTranscriber) -> None:
    assert vosk.finish(VoiceUpdate()) == []
    assert vosk.accept(AudioBlock(0.0, silence(0)), VoiceUpdate()) == []


def test_a_missing_folder_is_said_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no Vosk model") as caught:
        VoskTranscriber(tmp_path / "nowhere", "ko")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "name",
    [
        "am/final.mdl",
        "conf/model.conf",
        "graph/HCLr.fst",
        "graph/Gr.fst",
        "graph/phones/word_boundary.int",
        "ivector/final.ie",
    ],
)
def test_a_folder_that_is_not_whole_is_refused_before_the_engine_sees_it(
    tmp_path: Path, korean_model_dir: Path, capfd: pytest.CaptureFixture[str], name: str
) -> None:
    model_dir = tmp_path / "vosk-model-small-ko-0.1"
    shutil.copytree(korean_model_dir, model_dir, copy_function=os.symlink)
    (model_dir / name).unlink()

    with pytest.raises(ModelError, match=f"lacks {name}"):
        VoskTranscriber(model_dir, "ko")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("name", ["am/final.mdl", "graph/HCLr.fst", "ivector/final.ie"])
def test_a_damaged_file_does_not_end_the_process(
    tmp_path: Path, korean_model_dir: Path, name: str
) -> None:
    model_dir = tmp_path / "vosk-model-small-ko-0.1"
    shutil.copytree(korean_model_dir, model_dir, copy_function=os.symlink)
    (model_dir / name).unlink()
    (model_dir / name).write_bytes(b"an error page instead of a model")

    with pytest.raises(ModelError, match="damaged"):
        VoskTranscriber(model_dir, "ko")


class _Guesses:
    """A recogniser that guesses a word in the first block, and hears none in the end."""

    def __init__(self) -> None:
        self._blocks = 0

    def AcceptWaveform(self, _: bytes) -> bool:  # noqa: N802 - Vosk's own name
        self._blocks += 1
        return self._blocks == 2

    def PartialResult(self) -> str:  # noqa: N802
        return '{"partial": "huh"}'

    def Result(self) -> str:  # noqa: N802
        return '{"text": ""}'


def test_a_guess_that_was_no_words_after_all_is_taken_back() -> None:
    stream = _Stream(_Guesses(), 5.0)
    voice = VoiceUpdate(voiced=(Span(5.0, 5.5),))
    assert stream.accept(silence(0.5), voice) == [PartialWords("huh", 5.0)]
    assert stream.accept(silence(0.5), VoiceUpdate()) == [PartialWords("", 6.0)]
