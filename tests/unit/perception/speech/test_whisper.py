import logging
import re
import shutil
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from appliance.devices.microphone.recording import RecordingMicrophone
from appliance.domain.errors import ModelError
from appliance.domain.media import SAMPLE_RATE_HZ, AudioBlock, FloatArray
from appliance.domain.observations import Span, Word
from appliance.perception.speech.transcriber import PartialWords, Utterance
from appliance.perception.speech.whisper import WhisperTranscriber, packaged_model_dir
from appliance.perception.speech.word_errors import edit_distance, normalised_words
from appliance.perception.voice_activity import VoiceSegment, VoiceUpdate
from tests.sound import hum, in_blocks, silence, spoken, voice_activity, white_noise
from tests.unit.perception.speech.conftest import transcribe

REFERENCE = Path(__file__).parents[3] / "data" / "address_reference.txt"


def words_of(whisper: WhisperTranscriber, sound: FloatArray) -> list[Word]:
    events = transcribe(whisper, in_blocks(sound))
    return [word for event in events if isinstance(event, Utterance) for word in event.words]


def words_of_recording(whisper: WhisperTranscriber, path: Path) -> list[Word]:
    events = transcribe(whisper, RecordingMicrophone(path).blocks())
    return [word for event in events if isinstance(event, Utterance) for word in event.words]


def text_of(words: list[Word]) -> str:
    return " ".join(word.text for word in words)


def test_a_sentence_becomes_words_once_its_segment_has_ended(whisper: WhisperTranscriber) -> None:
    sound = np.concatenate([silence(1), spoken("My team shipped it on Monday."), silence(2)])
    activity = voice_activity()
    arrived = [
        (block.end_s, event)
        for block in in_blocks(sound, start_s=50.0)
        for event in whisper.accept(block, activity.accept(block))
    ]

    (_, (_, utterance)) = arrived  # the first is what was likely said
    assert isinstance(utterance, Utterance)
    assert normalised_words(text_of(list(utterance.words)))[-2:] == ["on", "monday"]
    assert utterance.start_s == pytest.approx(51, abs=0.2)
    assert utterance.end_s < 54


def test_what_was_likely_said_is_told_at_once_and_not_recognised_again(
    whisper: WhisperTranscriber,
) -> None:
    sound = np.concatenate([silence(1), spoken("My team shipped it on Monday."), silence(2)])
    activity = voice_activity()
    updates = [activity.accept(block) for block in in_blocks(sound)]
    (likely,) = [update.likely for update in updates if update.likely]
    (ended,) = [segment for update in updates for segment in update.ended]
    nothing = AudioBlock(0.0, silence(0))

    (partial,) = whisper.accept(nothing, VoiceUpdate(likely=likely))
    # Had it listened again, it would have heard no word in this silence.
    unheard = replace(ended, samples=silence(len(ended.samples) / SAMPLE_RATE_HZ))
    (final,) = whisper.accept(nothing, VoiceUpdate(ended=(unheard,)))
    (alone,) = whisper.accept(nothing, VoiceUpdate(ended=(ended,)))

    assert isinstance(partial, PartialWords)
    assert isinstance(final, Utterance)
    assert partial.text == text_of(list(final.words))
    assert partial.start_s == final.start_s
    assert final == alone


def test_a_guess_that_was_no_words_after_all_is_taken_back(whisper: WhisperTranscriber) -> None:
    nothing, sound = AudioBlock(0.0, silence(0)), spoken("My team shipped it")
    likely = VoiceSegment(5.0, sound, (Span(5.0, 6.0),))
    (guess,) = whisper.accept(nothing, VoiceUpdate(likely=likely))
    unheard = VoiceSegment(5.0, silence(3.0), (Span(5.0, 6.0),))
    (taken_back,) = whisper.accept(nothing, VoiceUpdate(ended=(unheard,)))
    assert isinstance(guess, PartialWords)
    assert guess.text
    assert taken_back == PartialWords("", 5.0)


def test_somebody_who_goes_on_is_heard_anew(whisper: WhisperTranscriber) -> None:
    first, whole = spoken("My team shipped it"), spoken("My team shipped it on Monday.")
    nothing = AudioBlock(0.0, silence(0))
    likely, ended = (
        VoiceSegment(5.0, sound, (Span(5.0, 5.0 + len(sound) / SAMPLE_RATE_HZ),))
        for sound in (first, whole)
    )

    whisper.accept(nothing, VoiceUpdate(likely=likely))
    (utterance,) = whisper.accept(nothing, VoiceUpdate(ended=(ended,)))

    assert isinstance(utterance, Utterance)
    assert normalised_words(text_of(list(utterance.words)))[-1] == "monday"


def test_um_and_uh_are_written_down(whisper: WhisperTranscriber) -> None:
    sound = spoken("I was, um, the team lead. Uh, we had, um, three weeks, and, uh, it worked.")

    words = normalised_words(text_of(words_of(whisper, sound)))

    assert [word for word in words if word in {"um", "uh"}] == ["um", "uh", "um", "uh"]


@pytest.mark.parametrize(
    "sound",
    [
        silence(5),
        silence(0.4),
        white_noise(5, 0.001),
        white_noise(5, 0.05),
        white_noise(20, 0.05, seed=1),
        white_noise(0.5, 0.05),
        white_noise(5, 0.3),
        hum(5),
        hum(12, 60),
        hum(5, 120),
        np.concatenate([silence(2), white_noise(1, 0.1), silence(2)]),
    ],
)
def test_no_words_are_made_of_noise_even_if_it_is_taken_for_speech(
    whisper: WhisperTranscriber, sound: FloatArray
) -> None:
    block = AudioBlock(0.0, sound)
    segment = VoiceSegment(0.0, sound, (Span(0.0, block.end_s),))

    assert whisper.accept(block, VoiceUpdate(ended=(segment,))) == []
    assert words_of(whisper, sound) == []


def test_two_runs_give_the_same_words(whisper: WhisperTranscriber) -> None:
    sound = spoken("We asked every customer, and then, um, we changed the plan.")

    first = words_of(whisper, sound)
    whisper.reset()

    assert first
    assert words_of(whisper, sound) == first


def test_a_folder_that_is_not_whole_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"lacks model\.bin"):
        WhisperTranscriber(tmp_path)


def test_damaged_weights_are_said_in_one_sentence(tmp_path: Path) -> None:
    shutil.copytree(packaged_model_dir(), tmp_path / "model")
    (tmp_path / "model" / "model.bin").write_bytes(b"no weights")

    with pytest.raises(ModelError, match="damaged") as caught:
        WhisperTranscriber(tmp_path / "model")
    assert "\n" not in str(caught.value)


@pytest.mark.data
def test_a_public_speech_is_understood(whisper: WhisperTranscriber, clips: Path) -> None:
    words = words_of_recording(whisper, clips / "address.mp4")
    text = text_of(words)

    for expected in (r"April 20th", r"explosion", r"Deepwater Horizon", r"(11|[Ee]leven) workers"):
        assert re.search(expected, text), text
    expected_words = normalised_words(REFERENCE.read_text(encoding="utf-8"))
    rate = edit_distance(expected_words, normalised_words(text)) / len(expected_words)
    logging.getLogger(__name__).info("address.mp4: word error rate %.3f", rate)
    assert rate < 0.15


@pytest.mark.data
def test_words_lie_in_the_sound_in_order_and_not_across_pauses(
    whisper: WhisperTranscriber, clips: Path
) -> None:
    words = words_of_recording(whisper, clips / "address.mp4")

    assert words[0].start_s >= 0
    assert words[-1].end_s <= 20.02
    assert all(word.start_s <= word.end_s for word in words)
    assert all(0 <= word.confidence <= 1 for word in words)
    assert all(earlier.end_s <= later.start_s + 1e-9 for earlier, later in pairwise(words))
    pauses = [Span(6.0, 7.2), Span(8.1, 8.5), Span(15.8, 16.6), Span(18.4, 19.2)]
    for word in words:
        assert not any(pause.overlap_s(Span(word.start_s, word.end_s)) for pause in pauses), word


@pytest.mark.data
@pytest.mark.slow
def test_read_sentences_are_understood_without_a_false_um(
    whisper: WhisperTranscriber, shared_data: Path
) -> None:
    folder = shared_data / "librispeech"
    lines = (folder / "transcripts.tsv").read_text(encoding="utf-8").splitlines()
    errors = count = 0
    sound_s = 0.0
    fillers: list[str] = []
    started_s = time.perf_counter()
    for line in lines:
        name, reference = line.split("\t")
        blocks = list(RecordingMicrophone(folder / name).blocks())
        sound_s += blocks[-1].end_s
        heard = normalised_words(text_of(words_of_recording(whisper, folder / name)))
        expected = normalised_words(reference)
        errors += edit_distance(expected, heard)
        count += len(expected)
        fillers += [word for word in heard if re.fullmatch(r"u+m+|u+h+|h+m+", word)]
    factor = (time.perf_counter() - started_s) / sound_s
    logging.getLogger(__name__).info(
        "LibriSpeech, %d utterances: word error rate %.3f (%d of %d), real-time factor %.3f",
        *(len(lines), errors / count, errors, count, factor),
    )

    assert len(lines) == 40
    assert errors / count < 0.08
    assert fillers == []
