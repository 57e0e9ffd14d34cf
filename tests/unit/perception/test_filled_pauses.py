"""An "um" is found whether the recogniser writes it or drops it; words are not taken for one."""

import io
import json
import shutil
import subprocess
import wave
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
import soxr

from appliance.coaching.language import load_language
from appliance.devices.microphone.recording import RecordingMicrophone
from appliance.domain.media import SAMPLE_RATE_HZ, AudioBlock, FloatArray
from appliance.domain.observations import FilledPause, Word
from appliance.perception.filled_pauses import find_filled_pauses, syllables
from appliance.perception.prosody import measure_prosody
from appliance.perception.speech.transcriber import Utterance
from appliance.perception.speech.whisper import WhisperTranscriber, packaged_model_dir
from tests.sound import voice_activity

Speak = Callable[[str], FloatArray]

FILLERS = load_language("en").filled_pauses


@pytest.fixture(scope="session")
def speak() -> Speak:
    """A synthetic voice: "um" and "uh" slow and level, everything else in its usual melody."""
    program = shutil.which("espeak-ng")
    if program is None:
        pytest.skip("needs espeak-ng")

    def spoken(text: str) -> FloatArray:
        manner = 'range="0%" rate="60%"' if text in {"um", "uh", "er"} else 'range="80%"'
        ssml = f"<speak><prosody {manner}>{text},</prosody></speak>"
        command = [program, "-m", "-v", "en-us", "-s", "140", "--stdout", ssml]
        done = subprocess.run(command, capture_output=True, check=True)
        with wave.open(io.BytesIO(done.stdout)) as file:
            samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)
            rate_hz = file.getframerate()
        sound = soxr.resample(samples.astype(np.float32) / 32768, rate_hz, SAMPLE_RATE_HZ)
        loud = np.flatnonzero(np.abs(sound) > 0.01)
        trimmed: FloatArray = sound[loud[0] : loud[-1] + 1]
        return trimmed

    return spoken


def silence(seconds: float) -> FloatArray:
    random = np.random.default_rng(1)
    return random.normal(0, 1e-3, round(seconds * SAMPLE_RATE_HZ)).astype(np.float32)


def lasting(sound: FloatArray) -> float:
    return len(sound) / SAMPLE_RATE_HZ


def find(sound: FloatArray, words: Sequence[Word], start_s: float = 0.0) -> list[FilledPause]:
    block = AudioBlock(start_s, sound)
    return find_filled_pauses(measure_prosody(block), block, words, FILLERS)


def listen(path: Path) -> AudioBlock:
    blocks = list(RecordingMicrophone(path).blocks())
    return AudioBlock(blocks[0].time_s, np.concatenate([block.samples for block in blocks]))


def still_sound(seconds: float, glide: float = 0.0, hz: float = 120.0) -> FloatArray:
    """A hum of many harmonics whose pitch rises by `glide` semitones a second."""
    times = np.arange(round(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    phase = 2 * np.pi * np.cumsum(hz * 2 ** (glide * times / 12)) / SAMPLE_RATE_HZ
    waves = [np.sin(number * phase + number**2) / number for number in range(1, 25)]
    result: FloatArray = (0.1 * np.sum(waves, axis=0)).astype(np.float32)
    return result


# ---------------------------------------------------------------- in the words


@pytest.mark.parametrize("text", ["um", "Um,", "UH...", "erm?", " hmm"])
def test_a_written_um_counts_whatever_its_case_and_punctuation(text: str) -> None:
    words = [Word("so", 0.2, 0.4, 0.9), Word(text, 0.5, 0.8, 0.6)]
    found = find(silence(1.0), words)
    assert [(p.start_s, p.end_s, p.source, p.confidence) for p in found] == [
        (0.5, 0.8, "transcript", 0.6)
    ]


@pytest.mark.parametrize("text", ["umbrella", "the", "her", "I'm", "summer"])
def test_words_that_contain_an_um_are_words(text: str) -> None:
    assert find(silence(1.0), [Word(text, 0.3, 0.7, 0.9)]) == []


def test_another_language_brings_its_own_list() -> None:
    block = AudioBlock(0.0, silence(1.0))
    words = [Word("Este,", 0.3, 0.7, 0.9), Word("um", 0.7, 0.9, 0.9)]
    found = find_filled_pauses(measure_prosody(block), block, words, frozenset({"este", "eh"}))
    assert [pause.text for pause in found] == ["Este,"]


def test_a_word_on_the_border_of_two_segments_is_counted_once() -> None:
    words = [Word("um", 0.8, 1.4, 0.9)]
    first, second = find(silence(1.0), words), find(silence(1.0), words, start_s=1.0)
    assert len(first) + len(second) == 1


# ---------------------------------------------------------------- in the sound


def test_a_steady_hum_is_found_where_it_is() -> None:
    sound = np.concatenate([silence(0.5), still_sound(0.5), silence(0.5)])
    (found,) = find(sound, [], start_s=30.0)
    assert found.source == "sound"
    assert found.start_s == pytest.approx(30.5, abs=0.08)
    assert found.end_s == pytest.approx(31.0, abs=0.08)
    assert found.confidence > 0.8


@pytest.mark.parametrize(
    "sound",
    [still_sound(0.13), still_sound(0.6, glide=20), still_sound(0.6, glide=-20), silence(0.6) * 50],
    ids=["too short", "rising", "falling", "noise"],
)
def test_what_is_short_or_moves_or_has_no_pitch_is_not(sound: FloatArray) -> None:
    assert find(np.concatenate([silence(0.5), sound, silence(0.5)]), []) == []


def test_a_wobbling_voice_is_less_sure_than_a_still_one() -> None:
    gap = silence(0.4)
    (still,) = find(np.concatenate([gap, still_sound(0.5), gap]), [])
    (moving,) = find(np.concatenate([gap, still_sound(0.5, glide=-5), gap]), [])
    assert 0.5 < moving.confidence < still.confidence


def test_an_um_that_was_both_written_and_heard_is_one() -> None:
    sound = np.concatenate([silence(0.5), still_sound(0.6), silence(0.5)])
    (found,) = find(sound, [Word("um", 0.4, 0.9, 0.7)])
    assert (found.source, found.start_s) == ("transcript", 0.4)


@pytest.mark.parametrize("word_s", [(0.2, 0.3), (1.2, 1.2), (1.15, 1.5)])
def test_an_um_whose_written_time_is_a_little_off_is_still_one(
    word_s: tuple[float, float],
) -> None:
    sound = np.concatenate([silence(0.5), still_sound(0.5), silence(1.0)])
    others = [Word("so", 0.0, 0.1, 0.9), Word("then", 1.6, 1.9, 0.9)]
    (found,) = find(sound, [others[0], Word("um", *word_s, 0.2), others[1]])
    assert found.source == "transcript"
    assert found.start_s <= word_s[0] < found.end_s
    assert found.start_s < 0.6
    assert found.end_s > 0.9
    assert found.confidence > 0.5


def test_an_um_on_each_side_of_a_word_are_two() -> None:
    sound = np.concatenate([silence(0.5), still_sound(0.4), silence(0.6)])
    words = [Word("so", 0.95, 1.0, 0.9), Word("um", 1.05, 1.2, 0.5)]
    assert [pause.source for pause in find(sound, words)] == ["sound", "transcript"]


def test_a_written_um_without_any_length_still_has_a_place() -> None:
    (found,) = find(silence(1.0), [Word("um", 0.5, 0.5, 0.5)])
    assert found.start_s == 0.5 < found.end_s


def test_an_empty_block_holds_nothing() -> None:
    assert find(np.zeros(0, np.float32), []) == []


@pytest.mark.parametrize("filler", ["um", "uh", "er"])
@pytest.mark.parametrize("gap_s", [0.05, 0.3])
def test_an_um_that_the_recogniser_dropped_is_heard(
    speak: Speak, filler: str, gap_s: float
) -> None:
    before, um, after = speak("I spoke to the team"), speak(filler), speak("about it")
    gap = silence(gap_s)
    sound = np.concatenate([silence(0.3), before, gap, um, gap, after, silence(0.3)])
    said_s = 0.3 + lasting(before) + gap_s
    after_s = said_s + lasting(um) + gap_s
    words = [Word("team", said_s - gap_s - 0.3, said_s - gap_s, 0.9)]
    words += [Word("about", after_s, after_s + 0.3, 0.9)]
    (found,) = find(sound, words)
    assert found.start_s == pytest.approx(said_s, abs=0.15)
    # The nasal of "um" may be too short to count for itself.
    assert said_s + lasting(um) / 3 < found.end_s < said_s + lasting(um) + 0.1


def test_an_um_swallowed_by_the_times_of_the_next_word_is_heard(speak: Speak) -> None:
    before, um, after = speak("I spoke to the team"), speak("um"), speak("about it")
    sound = np.concatenate([silence(0.3), before, um, after, silence(0.3)])
    said_s = 0.3 + lasting(before)
    after_s = said_s + lasting(um)
    words = [Word("team", said_s - 0.3, said_s, 0.9), Word("about", said_s, after_s + 0.35, 0.9)]
    (found,) = find(sound, words)
    assert said_s - 0.1 < found.start_s < found.end_s < after_s + 0.1


def test_the_long_vowel_of_a_word_belongs_to_the_word(speak: Speak) -> None:
    before, word = speak("it was very"), speak("long")
    sound = np.concatenate([silence(0.3), before, word, speak("and hard"), silence(0.3)])
    start_s = 0.3 + lasting(before)
    assert find(sound, [Word("long", start_s, start_s + lasting(word), 0.9)]) == []


def test_speech_without_an_um_has_none(speak: Speak) -> None:
    text = "We looked at the numbers, found the mistake, and wrote to every customer on the list."
    sound = np.concatenate([silence(0.3), speak(text), silence(0.3)])
    words = text.split()
    each_s = (lasting(sound) - 0.6) / len(words)
    heard = [
        Word(word, 0.3 + each_s * index, 0.3 + each_s * (index + 1), 0.9)
        for index, word in enumerate(words)
    ]
    assert find(sound, heard) == []


@pytest.mark.data
def test_people_who_read_aloud_without_fillers_are_not_told_of_any(shared_data: Path) -> None:
    """The words are the true ones, laid out by their syllables over the sound: rough times."""
    folder = shared_data / "librispeech"
    lines = (folder / "transcripts.tsv").read_text().splitlines()
    false_alarms, minutes = 0, 0.0
    for line in lines:
        name, text = line.split("\t")
        block = listen(folder / name)
        track = measure_prosody(block)
        lengths = np.cumsum([0, *(syllables(word) for word in text.split())])
        loud = np.flatnonzero(np.array(track.loudness_dbfs) > max(track.loudness_dbfs) - 35)
        times = 0.01 * loud[np.round(lengths / lengths[-1] * (len(loud) - 1)).astype(int)]
        words = [
            Word(word, times[index], times[index + 1], 1.0)
            for index, word in enumerate(text.split())
        ]
        false_alarms += len(find_filled_pauses(track, block, words, FILLERS))
        minutes += block.duration_s / 60
    assert minutes > 4
    assert false_alarms / minutes < 1.0


@pytest.mark.data
@pytest.mark.slow
def test_with_whispers_words_read_speech_has_at_most_one_false_alarm_in_two_minutes(
    shared_data: Path,
) -> None:
    transcriber, activity = WhisperTranscriber(packaged_model_dir()), voice_activity()
    false_alarms, minutes = 0, 0.0
    paths = [*(shared_data / "librispeech").glob("*.flac"), shared_data / "clips" / "address.mp4"]
    for path in sorted(paths):
        block = listen(path)
        heard, ended = activity.accept(block), activity.finish()
        events = [*transcriber.accept(block, heard), *transcriber.finish(ended)]
        words = [word for event in events if isinstance(event, Utterance) for word in event.words]
        for segment in heard.ended + ended.ended:
            part = AudioBlock(segment.start_s, segment.samples)
            false_alarms += len(find_filled_pauses(measure_prosody(part), part, words, FILLERS))
        minutes += block.duration_s / 60
    assert minutes > 4.5
    assert false_alarms / minutes < 0.5


@pytest.mark.parametrize(
    ("text", "count"),
    [("I", 1), ("time", 1), ("table", 2), ("explosion", 3), ("11", 4), ("hmm", 1), ("안녕", 2)],
)
def test_syllables_are_about_right(text: str, count: int) -> None:
    assert syllables(text) == count


@pytest.mark.data
def test_five_fillers_of_the_sample_are_heard_without_any_words(sample: Path) -> None:
    truth = json.loads((sample.parent / "answer.json").read_text())["fillers"]
    block = listen(sample)
    found = find_filled_pauses(measure_prosody(block), block, [], FILLERS)
    for filler in truth:
        assert any(
            pause.start_s < filler["end_s"] and pause.end_s > filler["start_s"] for pause in found
        )
    assert len(found) <= len(truth) + 2
