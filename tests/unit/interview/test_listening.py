"""An answer taken in while it is given: as that of a recording, however fast the machine is."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from appliance.devices.buffers import BlockQueue, LatestFrame
from appliance.devices.camera.recording import RecordingCamera
from appliance.devices.microphone.recording import RecordingMicrophone
from appliance.domain.errors import ModelError
from appliance.domain.health import Status
from appliance.domain.media import SAMPLE_RATE_HZ, AudioBlock, Frame
from appliance.domain.observations import FaceObservation, Observations, Word
from appliance.interview.listening import Listeners, Listening, Load, Media
from appliance.interview.pipeline import Heard, Pipeline, Senses, feed
from tests.devices import ManualClock
from tests.senses import ScriptedTranscriber, light_senses
from tests.sound import in_blocks, silence, white_noise
from tests.waiting import until

_LENGTH_S = 6.0
_FRAMES_HZ = 4.0
_WORDS = (Word("It", 1.0, 1.2, 0.9), Word("works", 1.3, 1.8, 0.9))


class Booth:
    """Live media from a recording, at a pace that the test sets."""

    def __init__(self, senses: Senses, sample: Path) -> None:
        self.clock = ManualClock()
        self.media = Media(LatestFrame(), BlockQueue(most_s=60.0), self.clock)
        self.heard: list[Heard] = []
        self.seen: list[FaceObservation] = []
        self.listening = Listening(
            senses, self.media, Listeners(self.heard.append, self.seen.append)
        )
        self._began_s = self.clock.now
        self._blocks = _first(sample, _LENGTH_S + 0.2)
        self._frames = (
            f for f in RecordingCamera(sample, _FRAMES_HZ).frames() if f.time_s < _LENGTH_S
        )

    def plays(self) -> None:
        """The whole answer and a little more, each sample when its time has come."""
        ahead: Frame | None = next(self._frames, None)
        for block in self._blocks:
            while ahead is not None and ahead.time_s <= block.end_s:
                self._shows(ahead)
                ahead = next(self._frames, None)
            self.clock.now = self._began_s + block.end_s
            self.media.blocks.put(replace(block, time_s=self._began_s + block.time_s))

    def _shows(self, frame: Frame) -> None:
        """A frame, which is looked at where it is time to."""
        self.clock.now = self._began_s + frame.time_s
        looked = len(self.seen)
        self.media.frames.put(replace(frame, time_s=self.clock.now))
        if self.listening.load().face_rate_hz > _FRAMES_HZ:
            until(lambda: len(self.seen) > looked)

    def ends(self) -> Observations:
        """The person is done at `_LENGTH_S`."""
        self.clock.now = self._began_s + _LENGTH_S
        return self.listening.end({}, ())


@pytest.fixture
def senses(models_dir: Path) -> Senses:
    return light_senses(models_dir, ScriptedTranscriber(_WORDS))


@pytest.fixture
def booth(senses: Senses, sample: Path) -> Iterator[Booth]:
    booth = Booth(senses, sample)
    yield booth
    booth.listening.cancel()


def _first(sample: Path, seconds: float) -> list[AudioBlock]:
    whole = np.concatenate([block.samples for block in RecordingMicrophone(sample).blocks()])
    return list(in_blocks(whole[: round(seconds * SAMPLE_RATE_HZ)]))


def _first_silence(seconds: float) -> list[AudioBlock]:
    return list(in_blocks(silence(seconds)))


def test_live_and_recorded_give_the_same_observations(
    booth: Booth, senses: Senses, models_dir: Path, sample: Path
) -> None:
    booth.listening.begin()
    booth.plays()
    live = booth.ends()
    recorded = Pipeline(light_senses(models_dir, ScriptedTranscriber(_WORDS)))
    frames = [f for f in RecordingCamera(sample, _FRAMES_HZ).frames() if f.time_s < _LENGTH_S]
    feed(recorded, iter(frames), iter(_first(sample, _LENGTH_S)), lambda _: None)
    expected = recorded.finish({}, ())
    assert live.transcript == expected.transcript
    assert live.faces == pytest.approx(expected.faces)
    assert [span.start_s for span in live.speech] == pytest.approx(
        [span.start_s for span in expected.speech], abs=1e-6
    )
    assert live.duration_s == pytest.approx(expected.duration_s)


def test_captions_come_while_the_answer_is_given(booth: Booth) -> None:
    booth.listening.begin()
    booth.plays()
    until(lambda: any(heard.words for heard in booth.heard))
    assert [word.text for heard in booth.heard for word in heard.words] == ["It", "works"]


def test_a_machine_with_time_recognises_what_was_likely_said(
    booth: Booth, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_ahead: list[bool] = []
    hear = Pipeline.hear

    def noting(pipeline: Pipeline, block: AudioBlock, *, ahead: bool) -> Heard:
        asked_ahead.append(ahead)
        return hear(pipeline, block, ahead=ahead)

    monkeypatch.setattr(Pipeline, "hear", noting)
    booth.listening.begin()
    for count, block in enumerate(_first_silence(6), 1):
        booth.clock.now += block.duration_s
        booth.media.blocks.put(replace(block, time_s=booth.clock.now - block.duration_s))
        # The clock stands still while it is worked on, which so takes no time.
        until(lambda count=count: len(booth.heard) == count)  # type: ignore[misc]
    booth.listening.cancel()
    assert all(asked_ahead)


def test_what_came_before_the_answer_is_not_part_of_it(booth: Booth, sample: Path) -> None:
    for block in _first(sample, 3.0):
        booth.media.blocks.put(replace(block, time_s=booth.clock.now - 5.0 + block.time_s))
    booth.listening.begin()
    until(lambda: booth.media.blocks.waiting_s == 0)
    booth.clock.now += 3.0
    seen = booth.listening
    ended = threading.Event()
    result: list[Observations] = []

    def end() -> None:
        result.append(seen.end({"picture": "There is no camera."}, ()))
        ended.set()

    threading.Thread(target=end).start()
    until(lambda: seen._end_s is not None)  # the clock may go on only then
    booth.clock.now += 2.0
    assert ended.wait(30)
    assert result[0].speech == ()
    assert result[0].transcript is None
    assert result[0].missing == {"picture": "There is no camera."}


def test_a_slow_machine_looks_less_often_and_hears_everything(
    booth: Booth, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_hear = threading.Event()
    hear = Pipeline.hear

    asked_ahead: list[bool] = []

    def slowly(pipeline: Pipeline, block: AudioBlock, *, ahead: bool) -> Heard:
        may_hear.wait(30)
        asked_ahead.append(ahead)
        return hear(pipeline, block, ahead=ahead)

    monkeypatch.setattr(Pipeline, "hear", slowly)
    booth.listening.begin()
    booth.plays()
    assert booth.listening.load().waiting_s > 5.0
    while booth.listening.load().face_rate_hz > 1.0:
        _let_it_halve(booth)
    may_hear.set()
    seen = booth.ends()
    assert seen.transcript is not None
    assert seen.duration_s == pytest.approx(_LENGTH_S, abs=0.11)
    assert len(booth.heard) == len(_first(sample, _LENGTH_S))
    assert not any(asked_ahead[1:-3]), "there is no time for work that may be in vain"


def _let_it_halve(booth: Booth) -> None:
    rate_hz = booth.listening.load().face_rate_hz
    booth.clock.now += 1.5
    until(lambda: booth.listening.load().face_rate_hz < rate_hz)


def test_what_is_said_in_a_pause_is_no_part_of_the_answer(
    booth: Booth, senses: Senses, models_dir: Path, sample: Path
) -> None:
    del senses
    booth.listening.begin()
    first, second = _first(sample, 4.0)[:20], _first(sample, 4.0)[20:]
    for block in first:
        booth.media.blocks.put(replace(block, time_s=booth.clock.now + block.time_s))
    booth.clock.now += 2.0
    booth.listening.pause()
    booth.listening.pause()
    booth.media.blocks.put(AudioBlock(booth.clock.now + 1.0, white_noise(1.0, 0.3)))
    booth.clock.now += 30.0
    booth.listening.resume()
    booth.listening.resume()
    for block in second:
        booth.media.blocks.put(replace(block, time_s=booth.clock.now + block.time_s - 2.0))
    booth.clock.now += 2.0
    booth.media.blocks.put(AudioBlock(booth.clock.now, np.zeros(1600, np.float32)))
    seen = booth.listening.end({}, ())
    whole = Pipeline(light_senses(models_dir, ScriptedTranscriber(_WORDS)))
    feed(whole, iter(()), iter(_first(sample, 4.0)), lambda _: None)
    expected = whole.finish({}, ())
    assert seen.duration_s == pytest.approx(4.0)
    assert [s.start_s for s in seen.speech] == pytest.approx([s.start_s for s in expected.speech])
    assert seen.transcript == expected.transcript


def test_an_answer_may_end_in_a_pause(booth: Booth, sample: Path) -> None:
    booth.listening.begin()
    for block in _first(sample, 2.0):
        booth.media.blocks.put(replace(block, time_s=booth.clock.now + block.time_s))
    booth.clock.now += 2.0
    booth.listening.pause()
    booth.clock.now += 60.0
    booth.media.blocks.put(AudioBlock(booth.clock.now, np.zeros(1600, np.float32)))
    assert booth.listening.end({}, ()).duration_s == pytest.approx(2.0)


def test_a_model_that_fails_is_told_at_the_end_and_before(
    booth: Booth, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Pipeline, __: AudioBlock, *, ahead: bool) -> Heard:
        raise ModelError("The model failed.")

    monkeypatch.setattr(Pipeline, "hear", fail)
    booth.listening.begin()
    booth.media.blocks.put(AudioBlock(booth.clock.now, np.zeros(1600, np.float32)))
    until(lambda: booth.listening.fault is not None)
    with pytest.raises(ModelError, match="The model failed"):
        booth.ends()


def test_a_forgotten_answer_is_dropped_and_not_understood(booth: Booth) -> None:
    booth.listening.begin()
    booth.plays()
    booth.listening.forget()
    assert booth.listening.end({}) == Observations(0.0)


def test_a_cancelled_answer_ends_at_once_and_can_be_begun_anew(
    booth: Booth, senses: Senses, sample: Path
) -> None:
    booth.listening.begin()
    booth.plays()
    booth.listening.cancel()
    again = Booth(senses, sample)
    again.listening.begin()
    again.plays()
    seen = again.ends()
    assert seen.transcript is not None
    assert seen.transcript.words == _WORDS


@pytest.mark.parametrize(
    ("load", "status", "words"),
    [
        (Load(0.2, 0.3, 10.0, 0.1), Status.HEALTHY, "20% of the time goes to sound"),
        (Load(1.4, 0.1, 1.0, 9.0), Status.WARNING, "needs 1.4 s for a second of sound"),
        (Load(0.7, 0.4, 2.5, 3.0), Status.WARNING, "looked at 2.5 times a second"),
    ],
)
def test_the_load_is_told_in_words(load: Load, status: Status, words: str) -> None:
    health = load.health()
    assert health.status is status
    assert words in health.message
    assert bool(health.advice) == (status is Status.WARNING)
