"""When an answer is over by itself; nobody is cut off."""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.devices.microphone.recording import RecordingMicrophone
from appliance.domain.media import SAMPLE_RATE_HZ
from appliance.domain.observations import Word
from appliance.interview.end_of_answer import EndOfAnswer, Hint, Patience
from appliance.interview.pipeline import Heard, Pipeline
from tests.senses import ScriptedTranscriber, light_senses
from tests.sound import in_blocks, silence

_LAST_WORD_S = 49.3
_OPEN = frozenset({"and", "because", "um"})


class Speaker:
    """Speaks and is silent, a tenth of a second at a time."""

    def __init__(self, patience: Patience | None = None) -> None:
        self.end = EndOfAnswer(patience or Patience(), _OPEN)
        self.now_s = 0.0
        self.hints: list[Hint] = []

    def speaks(self, seconds: float, last_word: str = "done") -> None:
        self._go(seconds, speaking=True)
        self._hear(Heard(self.now_s, True, (Word(last_word, 0, 1, 1.0),), ""))

    def is_silent(self, seconds: float) -> None:
        self._go(seconds, speaking=False)

    def _go(self, seconds: float, *, speaking: bool) -> None:
        for _ in range(round(seconds * 10)):
            self.now_s += 0.1
            self._hear(Heard(self.now_s, speaking, (), ""))

    def _hear(self, heard: Heard) -> None:
        self.end.hear(heard)
        if not self.hints or self.hints[-1] is not self.end.hint:
            self.hints.append(self.end.hint)


def test_a_long_silence_is_asked_about_and_then_ends_it() -> None:
    speaker = Speaker()
    speaker.speaks(20)
    speaker.is_silent(3.5)
    assert speaker.end.hint is Hint.NONE
    speaker.is_silent(1.0)
    assert (speaker.end.hint, speaker.end.is_over) == (Hint.STILL_THINKING, False)
    speaker.is_silent(4.0)
    assert speaker.end.is_over


def test_who_goes_on_after_being_asked_is_heard() -> None:
    speaker = Speaker()
    speaker.speaks(20)
    speaker.is_silent(7)
    speaker.speaks(5)
    speaker.is_silent(7)
    assert speaker.hints == [Hint.NONE, Hint.STILL_THINKING, Hint.NONE, Hint.STILL_THINKING]
    assert not speaker.end.is_over


def test_who_has_hardly_begun_may_think_as_long_as_they_like() -> None:
    speaker = Speaker()
    speaker.is_silent(60)
    speaker.speaks(2)
    speaker.is_silent(60)
    assert (speaker.end.hint, speaker.end.is_over) == (Hint.NONE, False)


@pytest.mark.parametrize("word", ["and", "Because,", "um..."])
def test_a_sentence_that_goes_on_is_waited_for_longer(word: str) -> None:
    speaker = Speaker()
    speaker.speaks(20, word)
    speaker.is_silent(7.5)
    assert speaker.end.hint is Hint.NONE
    speaker.is_silent(4.0)
    assert not speaker.end.is_over
    speaker.is_silent(1.0)
    assert speaker.end.is_over


def test_a_partial_word_tells_that_the_sentence_goes_on() -> None:
    speaker = Speaker()
    speaker.speaks(20)
    speaker.end.hear(Heard(speaker.now_s, True, (), "i did it because"))
    speaker.is_silent(7.5)
    assert speaker.end.hint is Hint.NONE


def test_longer_silences_for_who_needs_them() -> None:
    speaker = Speaker(Patience().longer(2.0))
    speaker.speaks(20)
    speaker.is_silent(7.5)
    assert speaker.end.hint is Hint.NONE
    speaker.is_silent(8.0)
    assert not speaker.end.is_over
    speaker.is_silent(1.0)
    assert speaker.end.is_over


def test_at_its_greatest_length_it_ends_with_the_sentence() -> None:
    speaker = Speaker()
    speaker.speaks(165)
    assert speaker.end.hint is Hint.NEARLY_OVER
    speaker.speaks(25)
    speaker.is_silent(0.5)
    assert not speaker.end.is_over, "that was a breath"
    speaker.is_silent(0.3)
    assert speaker.end.is_over


def test_at_its_greatest_length_a_sentence_that_goes_on_is_waited_for() -> None:
    speaker = Speaker()
    speaker.speaks(185, "because")
    speaker.is_silent(1.2)
    assert not speaker.end.is_over
    speaker.is_silent(0.4)
    assert speaker.end.is_over


def test_far_beyond_the_greatest_length_a_breath_ends_it() -> None:
    speaker = Speaker()
    speaker.speaks(205)
    assert not speaker.end.is_over
    speaker.is_silent(0.1)
    assert speaker.end.is_over


def test_a_voice_that_never_breathes_is_ended() -> None:
    speaker = Speaker()
    speaker.speaks(219)
    assert not speaker.end.is_over
    speaker.speaks(2)
    assert speaker.end.is_over


def test_sound_that_was_lost_is_no_silence() -> None:
    speaker = Speaker()
    speaker.speaks(20)
    speaker.now_s += 30.0
    speaker.is_silent(1.0)
    assert speaker.end.hint is Hint.NONE


@given(
    turns=st.lists(
        st.tuples(st.floats(0.2, 30.0), st.floats(0.1, 3.9), st.sampled_from(["and", "done"])),
        max_size=20,
    )
)
def test_pauses_below_the_limit_never_end_an_answer(
    turns: list[tuple[float, float, str]],
) -> None:
    speaker = Speaker(Patience(most_s=1e9))
    for spoken_s, quiet_s, word in turns:
        speaker.speaks(spoken_s, word)
        speaker.is_silent(quiet_s)
    assert not speaker.end.is_over


@pytest.fixture(scope="module")
def real_answer(models_dir: Path, sample: Path) -> list[Heard]:
    """What is known after each block of the packaged answer, and of the silence after it."""
    whole = np.concatenate([block.samples for block in RecordingMicrophone(sample).blocks()])
    assert len(whole) / SAMPLE_RATE_HZ > _LAST_WORD_S
    pipeline = Pipeline(light_senses(models_dir, ScriptedTranscriber(())))
    return [pipeline.hear(block) for block in in_blocks(np.concatenate([whole, silence(15.0)]))]


def _over_s(answer: list[Heard], patience: Patience) -> float:
    end = EndOfAnswer(patience, frozenset())
    for heard in answer:
        end.hear(heard)
        if end.is_over:
            return heard.end_s
    return float("inf")


def test_a_real_answer_is_heard_to_its_last_word(real_answer: list[Heard]) -> None:
    assert _over_s(real_answer, Patience()) == pytest.approx(_LAST_WORD_S + 8.0, abs=0.7)


def test_no_greatest_length_cuts_a_real_sentence(real_answer: list[Heard], sample: Path) -> None:
    phrases = json.loads(sample.with_suffix(".json").read_text(encoding="utf-8"))["phrases"]
    starts = [0, *(n + 1 for n, phrase in enumerate(phrases) if phrase["text"].endswith("."))]
    sentences = [
        (phrases[first]["start_s"], phrases[after - 1]["end_s"])
        for first, after in pairwise(starts)
    ]
    assert len(sentences) == 8
    for most_s in np.arange(5.0, 49.0, 0.5):
        over_s = _over_s(real_answer, Patience(most_s=float(most_s)))
        assert not any(begin_s + 0.2 < over_s < end_s - 0.2 for begin_s, end_s in sentences)
