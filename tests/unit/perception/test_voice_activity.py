import math
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from appliance.devices.microphone.recording import RecordingMicrophone
from appliance.domain.media import SAMPLE_RATE_HZ, AudioBlock, FloatArray
from appliance.domain.observations import Span
from appliance.perception.speech_probability import SpeechProbability
from appliance.perception.voice_activity import VoiceSegment, _Stretch, speech_runs
from tests.sound import hum, in_blocks, silence, spoken, voice_activity, white_noise

LONGEST_S = 28
SENTENCE = "our manager wanted a new plan for monday"


def segments_of(blocks: Iterable[AudioBlock]) -> list[VoiceSegment]:
    activity = voice_activity()
    ended = [segment for block in blocks for segment in activity.accept(block).ended]
    return [*ended, *activity.finish().ended]


def with_faint_noise(*parts: FloatArray) -> FloatArray:
    sound = np.concatenate(parts)
    return sound + white_noise(len(sound) / SAMPLE_RATE_HZ, 0.001)


@pytest.mark.parametrize(
    "sound",
    [
        silence(5),
        white_noise(5, 0.001),
        white_noise(5, 0.05),
        white_noise(5, 0.3),
        hum(5),
        np.concatenate([silence(1), white_noise(0.02, 0.5), silence(1)]),
    ],
    ids=["silence", "faint noise", "noise", "loud noise", "hum", "click"],
)
def test_what_is_no_voice_is_not_taken_for_one(sound: FloatArray) -> None:
    activity = voice_activity()
    for block in in_blocks(sound):
        update = activity.accept(block)
        assert not update.voiced
        assert not update.ended
        assert not activity.speaking
    assert not activity.finish().ended


def test_a_tone_that_sets_in_is_no_segment() -> None:
    assert segments_of(in_blocks(hum(5, 120))) == []


def test_a_pause_is_found_where_it_is_but_does_not_tear_the_sentence() -> None:
    voice = spoken(SENTENCE)
    length_s = len(voice) / SAMPLE_RATE_HZ
    sound = with_faint_noise(silence(1), voice, silence(0.4), voice, silence(2))

    (segment,) = segments_of(in_blocks(sound))

    truth = (Span(1, 1 + length_s), Span(1.4 + length_s, 1.4 + 2 * length_s))
    assert len(segment.speech) == 2
    for found, true in zip(segment.speech, truth, strict=True):
        assert found.start_s == pytest.approx(true.start_s, abs=0.064)
        assert found.end_s == pytest.approx(true.end_s, abs=0.1)
    assert segment.start_s < segment.speech[0].start_s
    assert segment.end_s > segment.speech[-1].end_s


def test_speech_after_a_long_pause_is_another_segment_given_as_soon_as_it_is_known() -> None:
    voice = spoken(SENTENCE)
    first_end_s = 0.5 + len(voice) / SAMPLE_RATE_HZ
    sound = with_faint_noise(silence(0.5), voice, silence(1.5), voice, silence(0.5))
    activity = voice_activity()

    given_s = [b.end_s for b in in_blocks(sound) for _ in activity.accept(b).ended]

    assert len(given_s) == 1
    assert first_end_s + 1.0 < given_s[0] < first_end_s + 1.5
    assert len(activity.finish().ended) == 1


def test_a_segment_holds_exactly_the_sound_of_its_time() -> None:
    sound = with_faint_noise(silence(1), spoken(SENTENCE), silence(2))

    (segment,) = segments_of(in_blocks(sound, start_s=100.0))

    first = round((segment.start_s - 100) * SAMPLE_RATE_HZ)
    np.testing.assert_array_equal(segment.samples, sound[first : first + len(segment.samples)])


@pytest.mark.parametrize("block_s", [0.01, 0.0333, 0.5, 60])
def test_how_the_sound_is_cut_into_blocks_changes_nothing(block_s: float) -> None:
    voice = spoken(SENTENCE)
    sound = with_faint_noise(silence(0.7), voice, silence(1.3), voice)

    expected, found = segments_of(in_blocks(sound, 0.1)), segments_of(in_blocks(sound, block_s))

    assert len(found) == len(expected) == 2
    for one, other in zip(expected, found, strict=True):
        assert one.start_s == pytest.approx(other.start_s)
        assert [s.end_s for s in one.speech] == pytest.approx([s.end_s for s in other.speech])
        np.testing.assert_array_equal(one.samples, other.samples)


def test_lost_sound_ends_the_segment_and_later_times_stay_true() -> None:
    voice = spoken(SENTENCE)
    before = list(in_blocks(with_faint_noise(silence(0.5), voice)))
    after = list(in_blocks(with_faint_noise(silence(0.5), voice, silence(0.5)), start_s=20.0))

    first, second = segments_of([*before, *after])

    assert first.end_s <= before[-1].end_s + 1e-6
    assert second.speech[0].start_s == pytest.approx(20.5, abs=0.064)


def test_an_uneven_clock_is_not_taken_for_lost_sound() -> None:
    voice = spoken(SENTENCE)
    blocks = in_blocks(with_faint_noise(silence(0.5), voice, silence(1.5)))
    uneven = [AudioBlock(b.time_s + 0.01 * (i % 3), b.samples) for i, b in enumerate(blocks)]

    assert len(segments_of(uneven)) == 1


def test_somebody_who_never_pauses_is_cut_into_segments_that_whisper_can_hear() -> None:
    voice = spoken(" and ".join([SENTENCE] * 35))
    assert len(voice) / SAMPLE_RATE_HZ > 2 * LONGEST_S

    segments = segments_of(in_blocks(voice, 0.5))

    assert len(segments) >= 3
    assert all(len(segment.samples) <= LONGEST_S * SAMPLE_RATE_HZ for segment in segments)
    np.testing.assert_array_equal(np.concatenate([s.samples for s in segments]), voice)
    for earlier, later in pairwise(segments):
        assert later.start_s == pytest.approx(earlier.end_s)


def test_the_booth_knows_whether_somebody_is_speaking_now() -> None:
    voice = spoken(SENTENCE)
    activity = voice_activity()

    activity.accept(AudioBlock(0.0, with_faint_noise(silence(0.5))))
    assert not activity.speaking
    activity.accept(AudioBlock(0.5, voice[:16_000]))
    assert activity.speaking
    activity.accept(AudioBlock(1.5, with_faint_noise(silence(0.5))))
    assert not activity.speaking


def test_speech_is_told_at_once_and_covers_what_the_segment_then_says() -> None:
    sound = with_faint_noise(silence(0.5), spoken(SENTENCE), silence(1.5))
    activity = voice_activity()
    updates = [activity.accept(block) for block in in_blocks(sound)]

    voiced = [span for update in updates for span in update.voiced]
    (segment,) = (segment for update in updates for segment in update.ended)

    spoken_s = sum(span.duration_s for span in segment.speech)
    covered_s = sum(span.overlap_s(other) for span in segment.speech for other in voiced)
    assert covered_s > 0.9 * spoken_s
    assert updates[8].voiced, "speech from 0.5 s on is not known of by 0.9 s"


def test_after_a_reset_the_same_sound_gives_the_same_segments() -> None:
    sound = with_faint_noise(silence(0.5), spoken(SENTENCE))
    activity = voice_activity()

    def listen() -> list[tuple[float, float, tuple[Span, ...]]]:
        for block in in_blocks(sound):
            activity.accept(block)
        return [(s.start_s, s.end_s, s.speech) for s in activity.finish().ended]

    first = listen()
    activity.accept(AudioBlock(0.0, sound[:20_000]))
    activity.reset()
    assert not activity.speaking
    assert listen() == first
    assert len(first) == 1


@pytest.mark.parametrize("length", [0, 1, 511, 512])
def test_sound_that_is_hardly_there_gives_nothing(length: int) -> None:
    assert segments_of([AudioBlock(0.0, np.zeros(length, np.float32))]) == []
    assert voice_activity().finish().ended == ()


@pytest.mark.data
def test_the_pauses_of_a_real_speech_are_found(clips: Path) -> None:
    segments = segments_of(RecordingMicrophone(clips / "address.mp4").blocks())

    speech = [span for segment in segments for span in segment.speech]
    pauses = [(a.end_s, b.start_s) for a, b in pairwise(speech)]
    # Where the level stays 32 dB below the loudest 20 ms for over 0.25 s: after "spill",
    # "citizens", "20th", "BP", "rig", "Louisiana" and "lives".
    quiet = (
        *((3.02, 3.50), (5.82, 7.22), (7.98, 8.58), (10.44, 10.76)),
        *((12.88, 13.48), (15.64, 16.68), (18.28, 19.28)),
    )
    counted = [pause for pause in pauses if pause[1] - pause[0] > 0.25]
    assert len(counted) == len(quiet)
    for (found_start_s, found_end_s), (start_s, end_s) in zip(counted, quiet, strict=True):
        assert found_start_s == pytest.approx(start_s, abs=0.12)
        assert found_end_s == pytest.approx(end_s, abs=0.05)


def test_a_short_dip_does_not_end_speech_and_a_longer_one_does() -> None:
    voice = [1.0] * 10

    assert speech_runs([*voice, 0.4, 0.4, *voice]) == [(0, 22)]
    assert speech_runs([*voice, 0.1, 0.1, 0.1, *voice]) == [(0, 23)]
    assert speech_runs([*voice, 0.1, 0.1, 0.1, 0.1, *voice]) == [(0, 10), (14, 24)]


def test_the_fading_end_of_a_probability_is_not_speech() -> None:
    assert speech_runs([0.0, *[1.0] * 5, 0.7, 0.6, 0.4, 0.2, 0.0]) == [(1, 6)]


def test_three_chunks_are_no_speech() -> None:
    assert speech_runs([0.0, 1.0, 1.0, 1.0, 0.0]) == []
    assert speech_runs([]) == []


def test_a_pause_within_a_sentence_has_likely_ended_it_until_somebody_goes_on() -> None:
    voice = spoken(SENTENCE)
    sound = with_faint_noise(silence(1), voice, silence(0.8), voice, silence(2))
    activity = voice_activity()
    updates = [activity.accept(block) for block in in_blocks(sound)]
    likely = [update.likely for update in updates if update.likely]
    (ended,) = [segment for update in updates for segment in update.ended]
    assert len(likely) == 2
    assert likely[0].end_s < 1.5 + len(voice) / SAMPLE_RATE_HZ
    assert likely[1].start_s == ended.start_s
    np.testing.assert_array_equal(likely[1].samples, ended.samples)


def test_what_goes_on_or_has_ended_within_a_block_has_not_likely_ended() -> None:
    voice = spoken(SENTENCE)
    sound = with_faint_noise(silence(1), voice, silence(0.8), voice, silence(2))
    update = voice_activity().accept(AudioBlock(0.0, sound))
    assert len(update.ended) == 1
    assert update.likely is None


@pytest.mark.parametrize("block_s", [0.02, 0.1, 3.3])
def test_windows_are_given_while_somebody_speaks_whatever_the_blocks(block_s: float) -> None:
    voice = np.concatenate([spoken(SENTENCE)] * 4)
    sound = with_faint_noise(silence(1), voice, silence(2))
    activity = voice_activity()
    given = [
        (block.end_s, window)
        for block in in_blocks(sound, block_s)
        for window in activity.accept(block).windows
    ]
    end_s = 1 + len(voice) / SAMPLE_RATE_HZ
    first_s = given[0][1].time_s
    assert first_s == pytest.approx(1 - 0.13, abs=0.1)
    for number, (known_s, window) in enumerate(given[:-1]):
        assert window.time_s == pytest.approx(first_s + 1.5 * number)
        assert len(window.samples) == 3 * SAMPLE_RATE_HZ
        assert known_s < window.end_s + 1.0 + block_s
        first = round(window.time_s * SAMPLE_RATE_HZ)
        np.testing.assert_array_equal(window.samples, sound[first : first + len(window.samples)])
    assert given[-1][1].end_s == pytest.approx(end_s, abs=0.3)
    assert len(given) == 1 + math.ceil((end_s - first_s - 3 - 0.25) / 1.5)


def test_a_word_is_one_window_as_long_as_it_is() -> None:
    voice = spoken("absolutely")
    activity = voice_activity()
    sound = AudioBlock(0.0, with_faint_noise(silence(1), voice, silence(2)))
    (window,) = (activity.accept(sound) + activity.finish()).windows
    assert window.time_s < 1
    assert window.end_s == pytest.approx(1 + len(voice) / SAMPLE_RATE_HZ, abs=0.2)


def test_windows_go_on_across_a_cut() -> None:
    voice = np.concatenate([spoken(SENTENCE)] * 18)
    sound = with_faint_noise(voice, silence(2))
    activity = voice_activity()
    update = activity.accept(AudioBlock(0.0, sound))
    assert len(update.ended) > 1, "it was cut"
    starts_s = [window.time_s for window in update.windows]
    assert np.diff(starts_s[:-1]) == pytest.approx(1.5)
    assert len(starts_s) > 20


class _Scripted:
    """Says how likely speech is, chunk by chunk."""

    def __init__(self, *parts: tuple[float, float]) -> None:
        self._values = iter([p for seconds, p in parts for _ in range(round(seconds / 0.032))])

    def reset(self) -> None:
        """There is nothing to forget."""

    def of(self, _: FloatArray) -> float:
        return next(self._values, 0.0)


def test_what_is_never_surely_speech_is_not_held_for_windows() -> None:
    likely = _Scripted((4.0, 0.95), (120.0, 0.6), (4.0, 0.95))
    stretch = _Stretch(cast("SpeechProbability", likely), 0.0)
    given = [
        (block.end_s, window)
        for block in in_blocks(np.zeros(130 * SAMPLE_RATE_HZ, np.float32))
        for window in stretch.accept(block.samples).windows
    ]
    assert [round(window.time_s) for _, window in given] == [0, 1, 123, 125, 125]
    assert all(known_s - window.end_s < 1.5 for known_s, window in given)
