"""The voice recipe splits by actor, trains both models, and writes files that the device loads."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from appliance.domain.errors import DataError
from appliance.domain.media import SAMPLE_RATE_HZ, AudioBlock
from appliance.operations.evaluation.ravdess import CLASSES, actor_folds, find_clips
from appliance.perception.voice import VoiceModel
from appliance.perception.voice_features import active_hops
from models_tflite.training.voice import rooms
from models_tflite.training.voice.__main__ import main as train
from tests.media import tone, write_recording


@pytest.fixture(scope="module")
def tiny_ravdess(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six actors who hum each emotion at its own pitch, under RAVDESS names, and a stranger."""
    folder = tmp_path_factory.mktemp("ravdess")
    for actor in range(1, 7):
        for emotion in range(1, 9):
            sound = tone(90 + 30 * emotion + actor, 0.8, SAMPLE_RATE_HZ)
            sound += np.random.default_rng(actor).normal(0, 0.01, len(sound)).astype(np.float32)
            name = f"03-01-{emotion:02}-01-01-01-{actor:02}.wav"
            write_recording(folder / name, sound=sound, sound_rate_hz=SAMPLE_RATE_HZ)
    (folder / "notes.wav").write_bytes(b"not a clip")
    return folder


@pytest.mark.slow
def test_the_recipe_trains_judges_by_actor_and_writes_models_that_load(
    tiny_ravdess: Path, models_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, work = tmp_path / "out", tmp_path / "work"
    arguments = ["--data", str(tiny_ravdess), "--models", str(models_dir), "--out", str(out)]
    arguments += ["--work", str(work), "--trees", "10", "--jobs", "1"]
    assert train(arguments) == 0
    printed = capsys.readouterr().out
    assert "48 clips, 6 actors" in printed
    assert "forest alone: unweighted average recall" in printed
    assert "95% interval" in printed
    assert "noise at 5 dB" in printed
    assert "This flatters" in printed

    model = VoiceModel(models_dir, out)
    assert model.classes == CLASSES
    assert model.speakers == {f"ravdess-{actor:02}" for actor in range(1, 7)}
    assert "ravdess-01" not in VoiceModel(models_dir, work / "fold1").speakers
    (observation,) = model.observe(AudioBlock(0.0, tone(90 + 30 * 5 + 3, 0.8, SAMPLE_RATE_HZ)))
    assert set(observation.probabilities) == set(CLASSES)

    first = {path.name: path.read_bytes() for path in out.iterdir()}
    assert sorted(first) == ["voice_forest.npz", "voice_vote.npz"]
    assert train(arguments) == 0
    assert {path.name: path.read_bytes() for path in out.iterdir()} == first


@pytest.mark.parametrize("noise", rooms.NOISES)
def test_noise_is_as_far_below_the_voice_as_asked(noise: rooms.Noise) -> None:
    voice = np.concatenate([np.zeros(8000, np.float32), 0.1 * tone(200, 1.0, SAMPLE_RATE_HZ)])
    babble = np.random.default_rng(1).normal(size=len(voice)).astype(np.float32)
    noisy = rooms.in_noise(voice, noise, 10.0, babble, rooms.chance("clip", "test"))
    active = np.repeat(active_hops(voice), 160)
    power = np.mean(voice[: len(active)][active] ** 2)
    assert 10 * np.log10(power / np.mean((noisy - voice) ** 2)) == pytest.approx(10, abs=0.01)


def test_a_room_is_the_same_in_every_run_and_never_too_loud() -> None:
    voice = 0.1 * tone(200, 1.0, SAMPLE_RATE_HZ)
    babble = np.random.default_rng(1).normal(size=len(voice)).astype(np.float32)
    for name in "abcdefgh":
        once, again = (
            rooms.elsewhere(voice, babble, rooms.chance(name, "room 0")) for _ in range(2)
        )
        np.testing.assert_array_equal(once, again)
        assert 0 < np.max(np.abs(once)) <= 1
        assert once.shape == voice.shape


def test_no_actor_is_in_both_parts_of_a_fold() -> None:
    actors = np.repeat(np.arange(1, 21), 3)
    folds = actor_folds(actors)
    assert set(actors[folds[0]].tolist()) == {1, 2, 3, 4}
    np.testing.assert_array_equal(np.sum(folds, axis=0), 1)
    for fold in folds:
        assert not set(actors[fold]) & set(actors[~fold])


def test_songs_silent_films_and_other_files_are_left_out(tmp_path: Path) -> None:
    names = (
        "03-01-05-01-02-01-12.wav",  # speech, sound alone
        "03-02-05-01-02-01-12.wav",  # song
        "02-01-05-01-02-01-12.wav",  # film without sound
        "03-01-09-01-02-01-12.wav",  # no such emotion
        "hello.wav",
    )
    for name in names:
        (tmp_path / name).touch()
    (clip,) = find_clips(tmp_path)
    assert (CLASSES[clip.label], clip.actor) == ("angry", 12)


def test_a_folder_without_clips_is_refused_with_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train(["--data", str(tmp_path)]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_a_clip_without_voice_is_named(
    tiny_ravdess: Path, tmp_path: Path, models_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(tiny_ravdess, tmp_path / "clips")
    name = "03-01-01-01-01-02-01.wav"
    silence = np.zeros(SAMPLE_RATE_HZ, np.float32)
    write_recording(tmp_path / "clips" / name, sound=silence, sound_rate_hz=SAMPLE_RATE_HZ)

    code = train(
        ["--data", str(tmp_path / "clips"), "--models", str(models_dir), "--work", str(tmp_path)]
    )

    assert code == 1
    assert f"'{name}' has too little voice to learn from." in capsys.readouterr().err


def test_too_few_actors_are_refused() -> None:
    with pytest.raises(DataError, match="4 actors cannot be split into 5 folds"):
        actor_folds(np.repeat(np.arange(4), 10))
