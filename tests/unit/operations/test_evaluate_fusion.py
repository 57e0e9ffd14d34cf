"""`booth evaluate fusion` on folders that were made for it: clips with action units, and videos."""

import argparse
import json
from pathlib import Path

import numpy as np
import pytest

from appliance.devices.camera.recording import RecordingCamera
from appliance.domain.errors import DataError
from appliance.domain.media import SAMPLE_RATE_HZ
from appliance.operations.evaluation.command import Result, evaluate
from appliance.operations.evaluation.fusion.sounds import SoundStore, samples_of, whole
from appliance.operations.evaluation.fusion.talking import Repair, judge_repairs
from appliance.operations.evaluation.fusion.videos import DevicePath
from appliance.operations.evaluation.ravdess import find_clips, find_videos
from appliance.perception.expression import MODEL_FILE, ExpressionModel
from appliance.perception.face import FaceObserver
from appliance.perception.prosody import loudness_range_db, measure_loudness
from appliance.perception.voice import VoiceModel
from tests.media import grey, tone, write_recording
from tests.sound import voice_activity
from tests.unit.perception.fusion.test_fusion_model import model as fusion_model

_EMOTIONS = (1, 3, 5)  # neutral, happy, angry
_TAKES = 1
_ACTORS = range(1, 6)


def run(data: Path, models_dir: Path, work: Path, **more: object) -> Result:
    options = {"task": "fusion", "data": data, "work": work, "clips": None, "pictures": None}
    return evaluate(argparse.Namespace(**options | more), models_dir, lambda doing, share: None)


@pytest.fixture(scope="module")
def hums(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five actors, whose hum and whose one action unit tell what they act."""
    folder = tmp_path_factory.mktemp("ravdess")
    random = np.random.default_rng(0)
    rows = ["clip,AU01_r,AU12_r"]
    for actor in _ACTORS:
        for emotion in _EMOTIONS:
            for take in range(1, _TAKES + 1):
                name = f"03-01-{emotion:02}-01-01-{take:02}-{actor:02}"
                sound = tone(80 + 60 * emotion + actor, 1.2, SAMPLE_RATE_HZ)
                sound[: len(sound) // 2] += random.normal(0, 0.01, len(sound) // 2)
                path = folder / "audio" / f"{name}.wav"
                path.parent.mkdir(exist_ok=True)
                write_recording(path, sound=sound, sound_rate_hz=SAMPLE_RATE_HZ)
                rows.append(f"{name},{random.uniform(0, 1):.2f},{emotion + random.uniform():.2f}")
    (folder / "action_units.csv").write_text("\n".join(rows), encoding="utf-8")
    return folder


def test_clips_and_action_units_are_judged_fold_by_fold(
    hums: Path, models_dir: Path, tmp_path: Path
) -> None:
    pictures = tmp_path / "pictures"
    result = run(hums, models_dir, tmp_path / "work", pictures=pictures)
    value = json.loads(json.dumps(result.to_json_value()))
    assert (value["task"], value["n"], value["actors"]) == ("fusion", 15, 5)
    assert value["flattering"] is False
    assert value["earlier_project_accuracy"] == 0.185
    assert set(value["modes"]) == {"none", "own voice", "own", "all"}
    for name, mode in value["modes"].items():
        assert set(mode["scores"]) >= {"voice", "face", "fused", "logistic stacking"}
        assert ("early concatenation" in mode["scores"]) is (name != "own voice")
        assert len(mode["lead_over_the_better_one"]) == 5
        assert {len(score["folds"]) for score in mode["scores"].values()} == {5}
    assert value["modes"]["none"]["scores"]["fused"]["accuracy"] > 0.6
    assert list(value["streams"]["shuffled, none"]["fused_by_late_s"]) == [
        *("0.0", "0.5", "1.0", "2.0", "5.0")
    ]
    faces = {name: mode["scores"]["face"]["accuracy"] for name, mode in value["modes"].items()}
    assert faces["own voice"] == faces["none"], "the device has no baseline of faces"
    assert set(value["streams"]["shuffled, none"]["sure_by"]) == {
        *("smoothed window", "window by itself")
    }
    assert value["window_ms"] > 0
    text = result.to_text()
    assert "18.5%" in text
    assert "'not sure'" in text
    drawn = {path.name for path in pictures.iterdir()}
    assert drawn >= {"fusion-not-sure.png", "fusion-out-of-step.png", "fusion-none.png"}


def test_what_was_described_is_kept_for_the_next_run(
    hums: Path, models_dir: Path, tmp_path: Path
) -> None:
    clips = find_clips(hums)
    first = SoundStore(models_dir, tmp_path, clips).of(
        "some", [whole(samples_of(clips[0].path)), whole(np.zeros(10, np.float32))]
    )
    assert first.voiced.tolist() == [True, False]
    second = SoundStore(models_dir, tmp_path, clips).of("some", ())
    assert np.array_equal(first.values, second.values)
    assert np.array_equal(first.range_db, second.range_db)


def test_the_range_of_loudness_is_that_of_speech_without_the_silence_around_it(
    models_dir: Path, sample: Path, hums: Path, tmp_path: Path
) -> None:
    speech = samples_of(sample)[: 3 * SAMPLE_RATE_HZ]
    silence = np.zeros(2 * SAMPLE_RATE_HZ, np.float32)
    padded = np.concatenate([silence, speech, silence])
    store = SoundStore(models_dir, tmp_path, find_clips(hums))
    ranges = store.of("some", [whole(padded), whole(silence)]).range_db
    assert 15 < ranges[0] < 50
    assert loudness_range_db(measure_loudness(padded)) > 60
    assert ranges[1] == 0, "nobody speaks"


def test_videos_go_through_the_devices_own_path(
    models_dir: Path, sample: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "Actor_21"
    folder.mkdir()
    seen = (frame.image for frame in RecordingCamera(sample).frames() if frame.time_s < 2)
    faces = [image for image, _ in zip(seen, range(10), strict=False)]
    speech = np.repeat(samples_of(sample)[: 2 * SAMPLE_RATE_HZ], 48_000 // SAMPLE_RATE_HZ)
    write_recording(folder / "01-01-03-01-01-01-21.mp4", faces, rate_hz=5, sound=speech)
    nobody = [grey(320, 240)] * 10
    write_recording(folder / "01-01-01-01-01-01-21.mp4", nobody, rate_hz=5, sound=speech)
    hum = tone(200, 2.0, 48_000)
    write_recording(folder / "01-01-04-01-01-01-21.mp4", nobody, rate_hz=5, sound=hum)
    write_recording(folder / "02-01-01-01-01-01-21.mp4", nobody, rate_hz=5)
    assert [clip.path.name[:8] for clip in find_videos(tmp_path)] == [
        "01-01-01",
        "01-01-03",
        "01-01-04",
    ]
    value = run(tmp_path, models_dir, tmp_path / "work").to_json_value()
    # A hum is no voice to the device.
    assert (value["n"], value["voice"]["n"], value["face"]["n"]) == (2, 2, 1)
    assert value["flattering"] is False, "the models have not heard actor 21"
    assert not (tmp_path / "work").exists()


def test_whom_fusion_alone_was_fitted_on_flatters_too(models_dir: Path, tmp_path: Path) -> None:
    fusion = fusion_model(tmp_path, speakers=np.array(["ravdess-23"]))
    expression = ExpressionModel(models_dir / MODEL_FILE)
    voice = VoiceModel(models_dir)
    path = DevicePath(FaceObserver(models_dir), expression, voice_activity(), voice, fusion)
    assert {"ravdess-01", "ravdess-23"} <= path.speakers


def test_shifted_clips_are_found_out(models_dir: Path, tmp_path: Path) -> None:
    clips = tmp_path / "clips"
    clips.mkdir()
    write_recording(clips / "nobody.mp4", [grey(320, 240)] * 5, rate_hz=5)
    repairs = judge_repairs(clips, FaceObserver(models_dir), (25.0, 5.0), lambda doing, share: None)
    assert [(one.name, one.looks_hz) for one in repairs] == [("nobody.mp4", 25), ("nobody.mp4", 5)]
    assert set(repairs[0].found_s.values()) == {None}
    assert repairs[0].line().startswith("nobody.mp4, 25 looks a second: -2 s not known")
    with pytest.raises(DataError, match="No recording"):
        judge_repairs(tmp_path, FaceObserver(models_dir), (5.0,), lambda doing, share: None)


def test_what_is_left_of_a_shift_is_told_by_how_the_clip_was_itself() -> None:
    repair = Repair("one.mp4", 25, {-1.0: -1.3, 0.0: -0.28, 1.0: None})
    assert repair.to_json_value()["left_s"] == {"-1.0": -0.02, "0.0": 0.0, "1.0": None}


@pytest.mark.parametrize("missing", ["clips", "table", "actors"])
def test_what_is_missing_is_told(
    hums: Path, models_dir: Path, tmp_path: Path, missing: str
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    for path in sorted((hums / "audio").iterdir()) if missing != "clips" else []:
        if missing != "actors" or path.stem.endswith(("01", "02")):
            (data / path.name).symlink_to(path)
    if missing != "table":
        (data / "action_units.csv").symlink_to(hums / "action_units.csv")
    told = {"clips": "No clip", "table": "no 'action_units.csv'", "actors": "2 actors"}
    with pytest.raises(DataError, match=told[missing]):
        run(data, models_dir, tmp_path / "work")
