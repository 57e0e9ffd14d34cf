"""From media to observations, also when words come late and senses are missing."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from appliance.coaching.language import load_language
from appliance.devices.camera.recording import RecordingCamera
from appliance.devices.microphone.recording import RecordingMicrophone
from appliance.domain.media import SAMPLE_RATE_HZ, AudioBlock, Frame
from appliance.domain.observations import Observations, Word
from appliance.interview.pipeline import Pipeline, Senses, feed
from appliance.perception.expression import EXPRESSIONS, MODEL_FILE, ExpressionModel
from appliance.perception.face import FaceObserver
from appliance.perception.fusion.model import FusionModel
from appliance.perception.speech.transcriber import SpeechEvent, Transcriber
from appliance.perception.voice import VoiceModel
from appliance.perception.voice_activity import VoiceSegment, VoiceUpdate
from appliance.perception.voice_description import VoiceBaseline
from tests.senses import ScriptedTranscriber, light_senses
from tests.sound import in_blocks, silence, voice_activity

WORDS = (
    Word("behind,", 8.3, 8.8, 0.9),
    Word("um,", 9.4, 9.9, 0.3),  # it sounds from 8.99 to 9.54
    Word("and", 9.95, 10.15, 0.9),
    Word("Uh,", 16.6, 16.6, 0.3),  # it sounds from 15.98 to 16.43
    Word("So", 16.9, 17.1, 0.9),
)


@pytest.fixture(scope="module")
def face(models_dir: Path) -> FaceObserver:
    return FaceObserver(models_dir)


def _observe(
    transcriber: Transcriber,
    face: FaceObserver,
    models_dir: Path,
    frames: Iterator[Frame],
    blocks: Iterator[AudioBlock],
    *,
    expression: ExpressionModel | None = None,
    fusion: FusionModel | None = None,
) -> Observations:
    senses = Senses(
        face=face,
        expression=expression,
        activity=voice_activity(),
        transcriber=transcriber,
        voice=VoiceModel(models_dir),
        fillers=load_language("en").filled_pauses,
        fusion=fusion,
    )
    pipeline = Pipeline(senses)
    reached: list[float] = []
    feed(pipeline, frames, blocks, reached.append)
    assert reached == sorted(reached), "frames and blocks are merged by time"
    return pipeline.finish({}, ())


@pytest.mark.parametrize("delay_s", [0.0, 2.0, 1000.0])
def test_an_um_counts_once_however_late_its_word_comes(
    face: FaceObserver, models_dir: Path, sample: Path, delay_s: float
) -> None:
    transcriber = ScriptedTranscriber(WORDS, delay_s)
    blocks = RecordingMicrophone(sample).blocks()
    seen = _observe(transcriber, face, models_dir, iter(()), blocks)
    early = [pause for pause in seen.filled_pauses if pause.start_s < 20]
    assert [round(pause.start_s) for pause in early] == [9, 16]
    assert {pause.source for pause in early} <= {"transcript", "sound"}
    assert seen.transcript is not None
    assert seen.transcript.words == WORDS


def test_pictures_alone_give_faces_and_no_transcript(
    face: FaceObserver, models_dir: Path, sample: Path
) -> None:
    frames = (frame for frame in RecordingCamera(sample).frames() if frame.time_s < 2)
    seen = _observe(ScriptedTranscriber((), 0.0), face, models_dir, frames, iter(()))
    assert len(seen.faces) == 10
    assert all(look.toward_camera for look in seen.faces)
    assert seen.transcript is None
    assert seen.speech == ()
    assert seen.expressions == (), "nobody asked for expressions"
    assert seen.fusion == (), "nor for fusion"


def test_what_a_face_shows_is_estimated_where_it_is_wanted(
    face: FaceObserver, models_dir: Path, sample: Path
) -> None:
    model = ExpressionModel(models_dir / MODEL_FILE)

    def shown() -> Observations:
        frames = (frame for frame in RecordingCamera(sample).frames() if frame.time_s < 2)
        transcriber = ScriptedTranscriber((), 0.0)
        return _observe(transcriber, face, models_dir, frames, iter(()), expression=model)

    seen = shown()
    assert [one.time_s for one in seen.expressions] == [look.time_s for look in seen.faces]
    for one in seen.expressions:
        assert tuple(one.probabilities) == EXPRESSIONS
        assert sum(one.probabilities.values()) == pytest.approx(1)
        assert 0 < one.quality <= 1
    assert shown().expressions == seen.expressions


def test_face_and_voice_are_put_together_where_that_is_wanted(
    face: FaceObserver, models_dir: Path, sample: Path
) -> None:
    frames = (frame for frame in RecordingCamera(sample).frames() if frame.time_s < 8)
    blocks = (block for block in RecordingMicrophone(sample).blocks() if block.end_s < 8)
    seen = _observe(
        ScriptedTranscriber((), 0.0),
        face,
        models_dir,
        frames,
        blocks,
        expression=ExpressionModel(models_dir / MODEL_FILE),
        fusion=FusionModel(models_dir),
    )
    assert [one.start_s for one in seen.fusion] == [0.5 * index for index in range(10)]
    assert {one.sources for one in seen.fusion} == {("face", "voice")}
    assert not any(one.own_baseline for one in seen.fusion), "nobody's own voice is known"
    for one in seen.fusion:
        assert sum(one.probabilities.values()) == pytest.approx(1)


def test_everything_heard_lies_on_the_recordings_clock(
    face: FaceObserver, models_dir: Path, sample: Path
) -> None:
    blocks = RecordingMicrophone(sample).blocks()
    seen = _observe(ScriptedTranscriber((), 0.0), face, models_dir, iter(()), blocks)
    assert seen.duration_s == pytest.approx(50.3, abs=0.1)
    assert seen.speech[0].start_s == pytest.approx(0.8, abs=0.1)
    assert seen.speech[-1].end_s == pytest.approx(49.3, abs=0.1)
    for before, after in pairwise(seen.prosody):
        assert before.start_s + len(before.pitch_hz) * before.hop_s <= after.start_s + 0.02
    assert all(window.end_s <= seen.duration_s for window in seen.voice)


def test_without_a_voice_model_nothing_is_estimated_from_the_voice(
    models_dir: Path, sample: Path
) -> None:
    pipeline = Pipeline(light_senses(models_dir, ScriptedTranscriber(())))
    feed(pipeline, iter(()), _first(sample, 8.0), lambda _: None)
    seen = pipeline.finish({}, ())
    assert seen.voice == ()
    assert seen.prosody, "how the voice went is measured nonetheless"


def test_each_block_tells_what_is_new(models_dir: Path, sample: Path) -> None:
    words = (Word("Hello", 1.0, 1.55, 0.9), Word("there", 1.6, 1.95, 0.9))
    pipeline = Pipeline(light_senses(models_dir, ScriptedTranscriber(words)))
    told = [pipeline.hear(block) for block in _first(sample, 3.0)]
    assert [word for heard in told for word in heard.words] == list(words)
    assert {heard.partial for heard in told if 1.0 < heard.end_s < 1.5} == {"Hello"}
    assert not told[0].speaking
    assert all(heard.speaking for heard in told if 1.2 < heard.end_s < 1.9)


class _Curious(ScriptedTranscriber):
    """Notes which segments it was told of before they had ended."""

    def __init__(self) -> None:
        super().__init__(())
        self.likely: list[VoiceSegment] = []

    def accept(self, block: AudioBlock, voice: VoiceUpdate) -> list[SpeechEvent]:
        self.likely += [voice.likely] if voice.likely else []
        return super().accept(block, voice)


@pytest.mark.parametrize("ahead", [True, False])
def test_a_segment_is_told_of_before_it_has_ended_only_where_there_is_time(
    models_dir: Path, sample: Path, *, ahead: bool
) -> None:
    curious = _Curious()
    pipeline = Pipeline(light_senses(models_dir, curious))
    for block in in_blocks(np.concatenate([b.samples for b in _first(sample, 6.0)] + [silence(2)])):
        pipeline.hear(block, ahead=ahead)
    assert bool(curious.likely) is ahead


def test_a_voice_is_estimated_while_somebody_still_speaks(models_dir: Path, sample: Path) -> None:
    senses = light_senses(models_dir, ScriptedTranscriber(()))
    baseline = VoiceBaseline()
    pipeline = Pipeline(replace(senses, voice=VoiceModel(models_dir), baseline=baseline))
    for block in _first(sample, 8.0):
        pipeline.hear(block)
    while_speaking = baseline.count
    seen = pipeline.finish({}, ())
    assert while_speaking >= 2
    assert len(seen.voice) >= 4
    learned, until_s = 0, 0.0
    for window in seen.voice:
        if window.start_s >= until_s - 0.1:
            learned, until_s = learned + 1, window.end_s
    assert baseline.count == learned < len(seen.voice), "what is heard twice is learned once"
    starts_s = [window.start_s for window in seen.voice]
    assert starts_s == sorted(starts_s)
    assert all(window.end_s - window.start_s == pytest.approx(3) for window in seen.voice)


def test_an_answer_that_was_told_is_held_no_longer(models_dir: Path, sample: Path) -> None:
    pipeline = Pipeline(light_senses(models_dir, ScriptedTranscriber(WORDS)))
    feed(pipeline, iter(()), _first(sample, 5.0), lambda _: None)
    told = pipeline.finish({}, ())
    assert told.speech
    assert told.prosody
    again = pipeline.finish({}, ())
    assert (again.speech, again.prosody) == ((), ())


def test_an_abandoned_answer_leaves_nothing_to_the_next(models_dir: Path, sample: Path) -> None:
    senses = light_senses(models_dir, ScriptedTranscriber(WORDS))
    abandoned = Pipeline(senses)
    for block in _first(sample, 5.0):
        abandoned.hear(block)
    abandoned.abandon()
    assert abandoned.finish({}, ()).speech == ()
    fresh, again = Pipeline(senses), Pipeline(light_senses(models_dir, ScriptedTranscriber(WORDS)))
    for pipeline in (fresh, again):
        feed(pipeline, iter(()), _first(sample, 5.0), lambda _: None)
    assert fresh.finish({}, ()) == again.finish({}, ())


def _first(sample: Path, seconds: float) -> Iterator[AudioBlock]:
    whole = np.concatenate([block.samples for block in RecordingMicrophone(sample).blocks()])
    return in_blocks(whole[: round(seconds * SAMPLE_RATE_HZ)])
