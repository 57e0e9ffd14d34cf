"""The voice models estimate along a segment, by themselves and against a person's own baseline."""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from appliance.devices.microphone.recording import RecordingMicrophone
from appliance.domain.errors import ModelError
from appliance.domain.media import SAMPLE_RATE_HZ, AudioBlock, FloatArray
from appliance.operations.evaluation.ravdess import CLASSES
from appliance.perception.voice import VoiceModel, windows
from appliance.perception.voice_description import ENOUGH_WINDOWS, VoiceBaseline


@pytest.fixture(scope="module")
def model(models_dir: Path) -> VoiceModel:
    return VoiceModel(models_dir)


@pytest.fixture(scope="module")
def speech(clips: Path) -> FloatArray:
    blocks = RecordingMicrophone(clips / "address.mp4").blocks()
    return np.concatenate([block.samples for block in blocks])


@pytest.mark.parametrize(
    ("duration_s", "expected"),
    [
        (0.8, [(0, 0.8)]),
        (3.0, [(0, 3)]),
        (4.0, [(0, 3), (1, 4)]),
        (7.2, [(0, 3), (1.4, 4.4), (2.8, 5.8), (4.2, 7.2)]),
    ],
)
def test_windows_cover_a_segment_to_its_end(
    duration_s: float, expected: list[tuple[float, float]]
) -> None:
    spans = [(span.start_s, span.end_s) for span in windows(duration_s)]
    np.testing.assert_allclose(spans, expected)


def test_silence_and_clicks_are_not_judged(model: VoiceModel) -> None:
    assert model.observe(AudioBlock(0.0, np.zeros(SAMPLE_RATE_HZ * 4, np.float32))) == []
    assert model.observe(AudioBlock(0.0, np.zeros(10, np.float32))) == []


@pytest.mark.data
def test_the_shipped_models_estimate_along_real_speech(
    model: VoiceModel, speech: FloatArray, show: Callable[[str], None]
) -> None:
    assert model.classes == CLASSES
    assert model.speakers == {f"ravdess-{actor:02}" for actor in range(1, 21)}
    start = time.process_time()
    observations = model.observe(AudioBlock(7.0, speech))
    milliseconds = (time.process_time() - start) * 1000 / len(observations)
    show(f"a window of 3 s: {milliseconds:.0f} ms of processor time")
    assert observations[0].start_s == 7.0
    assert observations[-1].end_s == pytest.approx(7.0 + len(speech) / SAMPLE_RATE_HZ)
    assert len(observations) == 13
    for observation in observations:
        assert sum(observation.probabilities.values()) == pytest.approx(1)
        assert 0.3 < observation.quality <= 1


@pytest.mark.data
def test_a_persons_baseline_counts_from_ten_windows_on(
    model: VoiceModel, speech: FloatArray
) -> None:
    starts = range(0, len(speech) - 2 * SAMPLE_RATE_HZ, SAMPLE_RATE_HZ)
    described = [model.describe(speech[start : start + 2 * SAMPLE_RATE_HZ]) for start in starts]
    window = described[0][np.newaxis]
    alone = model.predict(window)
    baseline = VoiceBaseline()
    for description in described[: ENOUGH_WINDOWS - 1]:
        baseline.add(description)
        np.testing.assert_array_equal(model.predict(window, baseline), alone)
    baseline.add(described[ENOUGH_WINDOWS - 1])
    against_own = model.predict(window, baseline)
    assert not np.allclose(against_own, alone, atol=1e-3)
    assert against_own.sum() == pytest.approx(1)


def test_a_baseline_of_one_quiet_manner_alone_is_never_enough() -> None:
    lively, still = VoiceBaseline(), VoiceBaseline()
    for window in range(2 * ENOUGH_WINDOWS):
        lively.add(np.zeros(3, np.float32), still=float(window % 2))
        still.add(np.zeros(3, np.float32), still=0.7)
    assert lively.enough
    assert not still.enough
    for _ in range(4 * ENOUGH_WINDOWS):
        still.add(np.zeros(3, np.float32), still=0.2)
    assert still.enough, "they have been heard in other manners, too"


def test_a_copy_of_a_baseline_goes_its_own_way() -> None:
    first = VoiceBaseline()
    for _ in range(ENOUGH_WINDOWS):
        first.add(np.ones(3, np.float32))
    second = first.copy()
    second.add(np.full(3, 100, np.float32), still=1.0)
    centre, scale = np.zeros(3), np.ones(3)
    seen = np.ones((1, 3), np.float32)
    assert (first.count, second.count) == (ENOUGH_WINDOWS, ENOUGH_WINDOWS + 1)
    of_first, of_second = (one.relative(seen, centre, scale) for one in (first, second))
    assert not np.allclose(of_first, of_second)


def test_what_overlaps_a_window_that_was_learned_is_not_new() -> None:
    baseline = VoiceBaseline()
    assert baseline.is_new(0.0)
    baseline.add(np.zeros(3, np.float32), until_s=3.0)
    assert [baseline.is_new(start_s) for start_s in (1.5, 2.8, 2.95, 3.0)] == [
        *(False, False, True, True)
    ]
    assert baseline.copy().is_new(0.0), "the next answer has its own time"


def test_in_noise_a_voice_is_heard_against_everybody(models_dir: Path, sample: Path) -> None:
    model = VoiceModel(models_dir)
    blocks = [block.samples for block in RecordingMicrophone(sample).blocks()]
    samples = np.concatenate(blocks)[SAMPLE_RATE_HZ : 4 * SAMPLE_RATE_HZ]
    baseline = VoiceBaseline()
    for _ in range(ENOUGH_WINDOWS):
        baseline.add(model.describe(samples))
    noise = np.random.default_rng(0).normal(0, 0.1, len(samples)).astype(np.float32)
    (clear,) = model.observe(AudioBlock(0.0, samples), baseline)
    (noisy,) = model.observe(AudioBlock(0.0, samples + noise), baseline)
    (alone,) = model.observe(AudioBlock(0.0, samples + noise))
    assert clear.own_baseline
    assert not noisy.own_baseline
    assert noisy.probabilities == alone.probabilities


def test_files_that_were_not_trained_together_are_refused(models_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "voice_forest.npz").write_bytes((models_dir / "voice_forest.npz").read_bytes())
    with np.load(models_dir / "voice_vote.npz") as file:
        arrays = {name: file[name] for name in file}
    arrays["speakers"] = np.array(["ravdess-01"])
    np.savez(tmp_path / "voice_vote.npz", **arrays)
    with pytest.raises(ModelError, match="were not trained together"):
        VoiceModel(models_dir, tmp_path)
