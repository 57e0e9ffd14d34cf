"""`booth analyse` on what is no recording, damaged, silent, or only half there."""

import os
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from appliance.cli import DONE, FAILED
from tests.commands import Run, one_line
from tests.media import grey, tone, write_recording


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: None, "There is no recording"),
        (lambda path: path.mkdir(), "is a folder"),
        (lambda path: path.write_text("hello\n" * 99), "damaged or no recording"),
        (lambda path: path.touch(), "0 bytes"),
    ],
)
def test_what_is_no_recording_gives_one_line_and_exit_code_one(
    booth: Run, tmp_path: Path, make: Callable[[Path], object], says: str
) -> None:
    clip = tmp_path / "clip.mp4"
    make(clip)
    result = booth("analyse", clip, "--out", tmp_path / "out")
    assert result.code == FAILED
    assert one_line(result)
    assert says in result.err
    assert result.out == ""
    assert not (tmp_path / "out").exists()


def test_a_file_that_stops_before_its_index_gives_one_line(booth: Run, tmp_path: Path) -> None:
    whole = write_recording(tmp_path / "whole.mp4", [grey(64, 48)] * 50, sound=tone(440, 2))
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole.read_bytes()[:1000])
    result = booth("analyse", cut)
    assert (result.code, one_line(result)) == (FAILED, True)


def test_a_recording_that_breaks_off_is_reported_as_far_as_it_goes(
    booth: Run, tmp_path: Path
) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (20, 120, 160, 3), np.uint8)
    whole = write_recording(tmp_path / "whole.mkv", [*noise] * 10, sound=tone(440, 8), codec="ffv1")
    cut = tmp_path / "cut.mkv"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    result = booth("analyse", cut, "--json")
    assert result.code == DONE
    (note,) = result.report["notes"]
    assert note == "The picture breaks off at 3 s of 8 s."
    assert result.report["face"]["samples"][-1]["time_s"] == pytest.approx(3, abs=0.5)


@pytest.mark.data
def test_a_recording_with_damaged_places_is_read_to_its_end(
    booth: Run, clips: Path, tmp_path: Path
) -> None:
    content = bytearray((clips / "address.mp4").read_bytes())
    places = np.random.default_rng(0).integers(len(content) // 10, len(content) * 9 // 10, 300)
    for place in places:
        content[place] ^= 0xFF
    (tmp_path / "scratched.mp4").write_bytes(content)
    result = booth("analyse", tmp_path / "scratched.mp4", "--json")
    assert result.code == DONE
    assert result.report["duration_s"] > 18
    assert "Deepwater" in result.report["transcript"]["text"] or result.report["notes"]


@pytest.mark.data
def test_video_without_sound_leaves_what_is_heard_unrated(
    booth: Run, clips: Path, tmp_path: Path
) -> None:
    mute = _copy_streams(clips / "address.mp4", tmp_path / "mute.mp4", "video")
    result = booth("analyse", mute, "--json")
    assert result.code == DONE
    assert result.report["voice"] is None
    assert result.report["transcript"] is None
    assert result.measure("pace")["reason"] == "The recording has no sound."
    assert result.measure("facing_camera")["value"] > 80


@pytest.mark.data
def test_sound_without_video_leaves_what_is_seen_unrated(booth: Run, shared_data: Path) -> None:
    clip = next(iter(sorted((shared_data / "librispeech").glob("*.flac"))))
    result = booth("analyse", clip, "--json")
    assert result.code == DONE
    assert result.report["face"] is None
    assert result.measure("facing_camera")["reason"] == "The recording has no picture."
    assert result.report["transcript"]["words"]


def _copy_streams(source: Path, target: Path, kind: str) -> Path:
    with av.open(str(source)) as reader, av.open(str(target), "w") as writer:
        stream = next(s for s in reader.streams if s.type == kind)
        copy = writer.add_stream_from_template(stream)
        for packet in reader.demux(stream):
            if packet.dts is not None:
                packet.stream = copy
                writer.mux(packet)
    return target


@pytest.mark.parametrize("level", [0.0, 1e-4])
def test_a_silent_clip_without_a_face_is_said_to_be_so(
    booth: Run, tmp_path: Path, level: float
) -> None:
    hiss = (level * np.random.default_rng(0).standard_normal(3 * 48_000)).astype(np.float32)
    clip = write_recording(tmp_path / "empty.mp4", [grey(320, 240)] * 75, sound=hiss)
    result = booth("analyse", clip, "--json")
    assert result.code == DONE
    assert result.measure("pace")["reason"] == "We heard no speech."
    assert result.report["transcript"]["words"] == []
    assert result.report["face"]["visible_ratio"] == 0
    assert result.measure("facing_camera")["reason"] == "We did not see a face."
    assert result.report["advice"]["strengths"] == []


def test_a_name_that_is_too_long_gives_one_line(booth: Run) -> None:
    result = booth("analyse", "x" * 300)
    assert (result.code, one_line(result)) == (FAILED, True)
    assert "There is no recording" in result.err


def test_a_pipe_is_no_recording(booth: Run, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    result = booth("analyse", tmp_path / "pipe.mp4")
    assert (result.code, one_line(result)) == (FAILED, True)
    assert "a device or a pipe" in result.err
