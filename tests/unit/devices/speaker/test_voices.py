"""The real voices: what they say can be understood, and what they cannot say they refuse."""

import struct
import sys

import numpy as np
import pytest
import soxr

from appliance.devices.speaker.job import CancelledJobError, Job
from appliance.devices.speaker.sound import Sound, from_wav, levelled
from appliance.devices.speaker.voices import EspeakVoice, HibariVoice, Voice
from appliance.domain.errors import DeviceError, DeviceUnusableError
from appliance.domain.media import SAMPLE_RATE_HZ
from appliance.perception.speech.transcriber import Utterance
from appliance.perception.speech.whisper import WhisperTranscriber, packaged_model_dir
from appliance.perception.speech.word_errors import edit_distance, normalised_words
from tests.sound import in_blocks, silence
from tests.unit.perception.speech.conftest import transcribe

QUESTION = "Tell me about a time when you had to solve a difficult problem with your team."


def _heard(sound: Sound, whisper: WhisperTranscriber) -> list[str]:
    levels = sound.samples / np.float32(32_768)
    samples = np.asarray(soxr.resample(levels, sound.rate_hz, SAMPLE_RATE_HZ), np.float32)
    blocks = in_blocks(np.concatenate([silence(0.5), samples, silence(1.5)]))
    events = transcribe(whisper, blocks)
    return normalised_words(
        " ".join(w.text for event in events if isinstance(event, Utterance) for w in event.words)
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("voice", "rate_hz"),
    [(HibariVoice(), 24_000), (EspeakVoice(), 22_050)],
    ids=["hibari", "espeak"],
)
def test_a_question_is_understood_word_for_word(voice: Voice, rate_hz: int) -> None:
    sound = voice.synthesise(QUESTION, "en", Job())
    assert sound.rate_hz == rate_hz
    assert 3 < sound.duration_s < 8
    whisper = WhisperTranscriber(packaged_model_dir())
    words = normalised_words(QUESTION)
    assert edit_distance(words, _heard(from_wav(sound.to_wav()), whisper)) <= 1


def test_no_voice_is_louder_than_another() -> None:
    for voice in (HibariVoice(), EspeakVoice()):
        sound = voice.synthesise("Hello there.", "en", Job())
        assert np.abs(sound.samples).max() == pytest.approx(0.8 * 32_767, abs=2)


def test_hibari_speaks_english_alone() -> None:
    hibari = HibariVoice()
    assert [hibari.speaks(language) for language in ("en", "en-US", "en_gb")] == [True] * 3
    assert [hibari.speaks(language) for language in ("es", "eng", "", "-v")] == [False] * 4


def test_hibari_says_the_same_twice() -> None:
    hibari = HibariVoice()
    first, second = (hibari.synthesise("Next question.", "en", Job()) for _ in range(2))
    assert np.array_equal(first.samples, second.samples)


def test_what_hibari_cannot_read_it_refuses() -> None:
    hibari = HibariVoice()
    with pytest.raises(DeviceError, match="nothing to say"):
        hibari.synthesise("日本語", "en", Job())


def test_hibari_stops_between_two_sentences() -> None:
    hibari = HibariVoice()
    job = Job()
    job.cancel()
    with pytest.raises(CancelledJobError):
        hibari.synthesise("One. Two.", "en", job)


def test_without_hibari_english_is_left_to_the_next_voice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "hibari", None)
    hibari = HibariVoice()
    hibari.prepare()
    assert not hibari.speaks("en")
    with pytest.raises(DeviceUnusableError, match="cannot be loaded"):
        hibari.synthesise("Hello.", "en", Job())


@pytest.mark.parametrize("language", ["en", "en_US", "es", "pt-br", "de", "ko"])
def test_espeak_speaks_many_languages(language: str) -> None:
    sound = EspeakVoice().synthesise("1 2 3", language, Job())
    assert sound.duration_s > 0.5
    assert np.abs(sound.samples).max() > 20_000


def test_espeak_takes_nothing_for_an_option_or_a_command() -> None:
    voice = EspeakVoice()
    assert voice.synthesise("-w /tmp/x; $(reboot) --help", "en", Job()).duration_s > 1
    assert not any(voice.speaks(bad) for bad in ("", "-w", "../en", "en en", "en;ls"))


def test_espeak_reads_more_than_a_line() -> None:
    one = EspeakVoice().synthesise("Hello.", "en", Job())
    two = EspeakVoice().synthesise("Hello.\n\nHello, and welcome.", "en", Job())
    assert two.duration_s > 1.5 * one.duration_s


def test_a_language_without_a_voice_is_named() -> None:
    with pytest.raises(DeviceError, match="no voice for the language 'zz'"):
        EspeakVoice().synthesise("Hello.", "zz", Job())


def test_a_machine_without_espeak_says_so() -> None:
    with pytest.raises(DeviceUnusableError, match="espeak-missing cannot be run: No such file"):
        EspeakVoice(command=("espeak-missing",)).synthesise("Hello.", "en", Job())


def test_a_streamed_wav_that_does_not_know_its_length_is_read_to_its_end() -> None:
    wav = bytearray(Sound(np.arange(10, dtype=np.int16), 8_000).to_wav())
    wav[40:44] = struct.pack("<I", 0x7FFFF000)
    sound = from_wav(bytes(wav) + b"\1")
    assert (len(sound.samples), sound.rate_hz) == (10, 8_000)


@pytest.mark.parametrize("data", [b"", b"RIFF", b"RIFF\0\0\0\0WAVEfmt ", b"ID3" + bytes(100)])
def test_what_is_no_wav_is_refused(data: bytes) -> None:
    with pytest.raises(DeviceError, match="no sound"):
        from_wav(data)


def test_silence_stays_silence() -> None:
    assert not levelled(np.zeros(5, np.float32), 8_000).samples.any()
    assert levelled(np.zeros(0, np.float32), 8_000).duration_s == 0
