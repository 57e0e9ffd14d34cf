"""`booth bench`: real stages on a real recording, and real answers to a real booth."""

from argparse import Namespace
from pathlib import Path

import numpy as np
import pytest

from appliance.devices.microphone.recording import RecordingMicrophone
from appliance.devices.recording import probe
from appliance.domain.media import SAMPLE_RATE_HZ
from appliance.operations.bench.command import bench
from appliance.operations.bench.recording import write_answer
from appliance.operations.bench.running_booth import BenchError, running_booth
from appliance.operations.bench.stages import measure_stages
from tests.coaches import coach_of
from tests.kiosk import WORDS
from tests.senses import ScriptedTranscriber, light_senses


def test_an_answer_ends_in_silence_with_the_picture_standing_still(
    sample: Path, tmp_path: Path
) -> None:
    clip = tmp_path / "answer.mkv"
    write_answer(sample, clip, 3.0, 2.0)
    assert probe(clip).duration_s == pytest.approx(5.0, abs=0.2)
    sound = np.concatenate([block.samples for block in RecordingMicrophone(clip).blocks()])
    assert np.abs(sound[: 3 * SAMPLE_RATE_HZ]).max() > 0.05
    assert np.abs(sound[round(3.1 * SAMPLE_RATE_HZ) :]).max() < 0.001


def test_each_stage_that_there_is_was_called_and_took_its_time(
    sample: Path, tmp_path: Path, models_dir: Path
) -> None:
    clip = tmp_path / "answer.mkv"
    write_answer(sample, clip, 3.0, 1.0)
    senses = light_senses(models_dir, ScriptedTranscriber(WORDS))
    stages = {one.name: one for one in measure_stages(clip, senses, coach_of())}
    assert set(stages) == {"face", "voice activity", "speech recognition", "coaching", "everything"}
    assert stages["face"].calls == 20, "five looks a second"
    assert stages["face"].mean_ms > 0
    parts = sum(one.total_s for name, one in stages.items() if name != "everything")
    assert parts <= stages["everything"].total_s
    assert stages["everything"].share == pytest.approx(stages["everything"].total_s / 4, rel=0.1)


@pytest.mark.slow
def test_the_wait_for_scores_is_measured_on_a_booth_that_runs(
    sample: Path, models_dir: Path
) -> None:
    senses = light_senses(models_dir, ScriptedTranscriber(WORDS))
    done: list[tuple[str, float]] = []
    found = bench(
        Namespace(answers=1),
        sample,
        (senses, coach_of()),
        lambda doing, share: done.append((doing, share)),
    )
    assert found.waits is not None
    (wait_ms,) = found.waits.waits_ms
    assert wait_ms > 0
    assert found.waits.most_memory_mb > 100
    assert 0 < found.waits.processor < 16
    assert [doing for doing, _ in done] == ["Measuring the stages", "Starting a booth", "Answering"]
    text = found.to_text()
    assert "1 answers that were ended 1.5 s after the last word" in text
    told = found.to_json_value()["answers"]
    assert told["median_ms"] == told["p95_ms"] == told["longest_ms"] == wait_ms


def test_a_booth_that_does_not_start_is_told(tmp_path: Path) -> None:
    with pytest.raises(BenchError, match="did not start"), running_booth(tmp_path / "missing.mkv"):
        pytest.fail("it did")
