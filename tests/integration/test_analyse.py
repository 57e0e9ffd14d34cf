"""`booth analyse` as a person runs it: real recordings, real models, the real command."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from appliance.cli import DONE, FAILED, WRONG_USAGE, main
from tests.media import grey, tone, write_recording
from tests.two_hours import Analysed

Run = Callable[..., "Result"]


class Result:
    """What a run of the command left: its exit code and what it printed."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def report(self) -> dict[str, Any]:
        value: dict[str, Any] = json.loads(self.out)
        return value

    def measure(self, name: str) -> dict[str, Any]:
        return next(m for m in self.report["measures"] if m["name"] == name)


@pytest.fixture
def booth(capfd: pytest.CaptureFixture[str]) -> Run:
    """Run the command in this process; usage errors end with SystemExit."""

    def run(*arguments: object) -> Result:
        capfd.readouterr()
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as end:
            code = int(end.code or 0)
        captured = capfd.readouterr()
        return Result(code, captured.out, captured.err)

    return run


def _one_line(result: Result) -> bool:
    return result.err.count("\n") == 1 and result.err.startswith("booth: ")


@pytest.mark.data
@pytest.mark.parametrize(
    "name",
    [
        *(
            f"grid_{clip}.mpg"
            for clip in ("bbaf2n", "brbk7n", "lbax4n", "lrwp9a", "pwij3p", "sbia1a")
        ),
        *(f"1001_DFA_{label}_XX.flv" for label in ("HAP", "SAD", "NEU")),
    ],
)
def test_every_real_clip_becomes_a_report(
    booth: Run, clips: Path, tmp_path: Path, name: str
) -> None:
    result = booth("analyse", clips / name, "--out", tmp_path)
    assert result.code == DONE
    assert result.err == ""
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["face"]["visible_ratio"] == 1
    assert report["transcript"]["words"]
    windows = report["face"]["expression"]
    assert windows[0]["start_s"] == 0
    assert windows[-1]["end_s"] == report["duration_s"]
    for window in windows:
        assert sum(window["probabilities"].values()) == pytest.approx(1, abs=0.005)
    page = (tmp_path / "report.html").read_text()
    assert "Face, estimated and often wrong" in page
    feelings = set(windows[0]["probabilities"]) - {"neutral"}
    assert not any(f">{name}<" in page for name in feelings), "what shows is named, and no feeling"
    assert str(tmp_path / "report.html") in result.out


@pytest.mark.data
def test_the_address_is_understood_seen_and_printed_as_json_alone(booth: Run, clips: Path) -> None:
    result = booth("analyse", clips / "address.mp4", "--json")
    assert result.code == DONE
    assert result.err == ""
    text = result.report["transcript"]["text"]
    for phrase in ("April 20th", "explosion", "Deepwater Horizon"):
        assert phrase in text
    assert "11 workers" in text or "eleven workers" in text.lower()
    assert result.report["face"]["visible_ratio"] > 0.95
    assert result.report["duration_s"] == pytest.approx(20, abs=0.1)
    assert 100 < result.measure("pace")["value"] < 200
    assert result.measure("facing_camera")["value"] > 80
    assert result.measure("filled_pauses")["value"] == 0


@pytest.mark.data
def test_two_runs_give_the_same_bytes(booth: Run, clips: Path, tmp_path: Path) -> None:
    written = []
    for name in ("first", "second"):
        booth("analyse", clips / "grid_bbaf2n.mpg", "--out", tmp_path / name)
        written.append({p.name: p.read_bytes() for p in (tmp_path / name).iterdir()})
    assert written[0] == written[1]


def test_the_demo_finds_what_the_sample_holds(booth: Run, tmp_path: Path, sample: Path) -> None:
    result = booth("demo", "--once", "--out", tmp_path)
    assert result.code == DONE
    lines = result.out.split("\n\n")[0].split("\n")
    assert len(lines) <= 10
    report = json.loads((tmp_path / "report.json").read_text())
    truth = json.loads((sample.parent / "answer.json").read_text())
    found = report["voice"]["filled_pauses"]
    for filler in truth["fillers"]:
        assert any(
            f["start_s"] < filler["end_s"] and f["end_s"] > filler["start_s"] for f in found
        ), filler
    assert len(found) <= len(truth["fillers"]) + 1
    long_pauses = next(m for m in report["measures"] if m["name"] == "long_pauses")["evidence"]
    longest = max(truth["pauses"], key=lambda pause: pause["end_s"] - pause["start_s"])
    assert len(long_pauses) == 1
    assert long_pauses[0]["start_s"] == pytest.approx(longest["start_s"], abs=0.15)
    assert long_pauses[0]["end_s"] == pytest.approx(longest["end_s"], abs=0.15)


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
    assert _one_line(result)
    assert says in result.err
    assert result.out == ""
    assert not (tmp_path / "out").exists()


def test_a_file_that_stops_before_its_index_gives_one_line(booth: Run, tmp_path: Path) -> None:
    whole = write_recording(tmp_path / "whole.mp4", [grey(64, 48)] * 50, sound=tone(440, 2))
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole.read_bytes()[:1000])
    result = booth("analyse", cut)
    assert (result.code, _one_line(result)) == (FAILED, True)


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


@pytest.mark.data
def test_with_two_faces_the_larger_one_is_followed(booth: Run, clips: Path, tmp_path: Path) -> None:
    big = _pictures(clips / "grid_bbaf2n.mpg", 25)
    small = [picture[::2, ::2] for picture in _pictures(clips / "grid_lrwp9a.mpg", 25)]
    both = []
    for left, right in zip(big, small, strict=True):
        picture = np.zeros((left.shape[0], left.shape[1] + right.shape[1], 3), np.uint8)
        picture[:, : left.shape[1]] = left
        picture[: right.shape[0], left.shape[1] :] = right
        both.append(picture)
    result = booth("analyse", write_recording(tmp_path / "two.mp4", both), "--json")
    assert result.code == DONE
    assert result.report["face"]["visible_ratio"] == 1
    for look in result.report["face"]["samples"]:
        assert look["box"]["left"] + look["box"]["width"] / 2 < 2 / 3


@pytest.mark.data
def test_a_face_in_a_4k_picture_is_found(booth: Run, clips: Path, tmp_path: Path) -> None:
    pictures = []
    for picture in _pictures(clips / "address.mp4", 5):
        large = np.full((2160, 3840, 3), 90, np.uint8)
        large[600:1500, 1400:2300] = picture.repeat(2, axis=0).repeat(2, axis=1)
        pictures.append(large)
    clip = write_recording(tmp_path / "4k.mp4", pictures, rate_hz=5)
    result = booth("analyse", clip, "--json")
    assert result.report["face"]["visible_ratio"] == 1


def _pictures(clip: Path, count: int) -> list[np.ndarray[Any, Any]]:
    with av.open(str(clip)) as container:
        frames = container.decode(video=0)
        return [next(frames).to_ndarray(format="rgb24") for _ in range(count)]


@pytest.mark.data
def test_a_folder_that_cannot_be_written_gives_one_line(booth: Run, clips: Path) -> None:
    result = booth("analyse", clips / "grid_bbaf2n.mpg", "--out", "/proc/booth")
    assert (result.code, _one_line(result)) == (FAILED, True)
    assert "could not be written" in result.err


@pytest.mark.data
def test_a_full_disk_gives_one_line_and_leaves_nothing(
    booth: Run, clips: Path, tmp_path: Path
) -> None:
    mount = ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(tmp_path)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a small disk")
    try:
        result = booth("analyse", clips / "grid_bbaf2n.mpg", "--out", tmp_path)
        assert (result.code, _one_line(result)) == (FAILED, True)
        assert "no space left" in result.err
        assert list(tmp_path.iterdir()) == []
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


@pytest.mark.data
def test_a_file_in_the_way_of_the_report_is_said_before_the_work(
    booth: Run, clips: Path, tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").touch()
    result = booth("analyse", clips / "address.mp4", "--out", tmp_path / "notes.txt")
    assert (result.code, _one_line(result)) == (FAILED, True)
    assert "in the way" in result.err


@pytest.mark.data
def test_a_name_that_is_no_text_still_gives_a_report(
    booth: Run, clips: Path, tmp_path: Path
) -> None:
    odd = tmp_path / os.fsdecode(b"caf\xe9\n \x1b[31m.mpg")
    odd.write_bytes((clips / "grid_bbaf2n.mpg").read_bytes())
    result = booth("analyse", odd, "--out", tmp_path / "out")
    assert result.code == DONE
    assert "\x1b" not in result.out
    missing = booth("analyse", tmp_path / os.fsdecode(b"\xe9\x1b\n"))
    assert (missing.code, _one_line(missing)) == (FAILED, True)


def test_a_name_that_is_too_long_gives_one_line(booth: Run) -> None:
    result = booth("analyse", "x" * 300)
    assert (result.code, _one_line(result)) == (FAILED, True)
    assert "There is no recording" in result.err


def test_a_pipe_is_no_recording(booth: Run, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    result = booth("analyse", tmp_path / "pipe.mp4")
    assert (result.code, _one_line(result)) == (FAILED, True)
    assert "a device or a pipe" in result.err


@pytest.mark.data
def test_an_analysis_leaves_nothing_in_the_home_but_a_font_cache(
    clips: Path, tmp_path: Path
) -> None:
    """Libraries that keep a diary of their use, to send it some day, are not for this booth."""
    environment = {**os.environ, "HOME": str(tmp_path)}
    for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "MPLCONFIGDIR"):
        environment.pop(name, None)
    command = [sys.executable, "-m", "appliance.cli", "analyse", str(clips / "grid_bbaf2n.mpg")]
    done = subprocess.run(
        [*command, "--json"], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    left = {path.relative_to(tmp_path).parts[:2] for path in tmp_path.rglob("*") if path.is_file()}
    assert left <= {(".cache", "matplotlib"), (".config", "matplotlib")}


@pytest.mark.parametrize("command", [["questions"], ["questions", "--json"]])
def test_a_reader_that_goes_away_is_no_fault(command: list[str]) -> None:
    booth = f"{sys.executable} -m appliance.cli {' '.join(command)}"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {booth} | true"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_full_output_is_one_line() -> None:
    booth = f"{sys.executable} -m appliance.cli questions > /dev/full"
    done = subprocess.run(["bash", "-c", booth], capture_output=True, text=True, check=False)
    assert done.returncode == FAILED
    assert done.stderr.startswith("booth: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.data
def test_a_terminal_sees_progress_and_a_clean_line_after_it(clips: Path, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "appliance.cli", "analyse", str(clips / "grid_bbaf2n.mpg")]
    subprocess.run(
        [*command, "--out", str(tmp_path)], stderr=theirs, stdout=subprocess.DEVNULL, check=True
    )
    os.close(theirs)
    shown = os.read(ours, 100_000).decode()
    os.close(ours)
    assert "Analysing" in shown
    assert shown.endswith("\r\x1b[K")


def test_eight_channels_are_heard(booth: Run, tmp_path: Path) -> None:
    """Planes of eight channels crash PyAV, so this one would end the whole test run."""
    path = tmp_path / "eight.wav"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=48_000, layout="7.1")
        sound = np.tile((tone(440, 2) * 32767).astype(np.int16)[:, None], (1, 8)).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound), "s16", "7.1")
        frame.sample_rate = 48_000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    result = booth("analyse", path, "--json")
    assert result.code == DONE
    assert result.report["duration_s"] == pytest.approx(2, abs=0.01)


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


def test_the_version_is_told(booth: Run) -> None:
    assert booth("--version").out.startswith("booth 0.")


def test_an_unknown_question_is_wrong_usage(booth: Run, sample: Path) -> None:
    result = booth("analyse", sample, "--question", "nonsense")
    assert (result.code, _one_line(result)) == (WRONG_USAGE, True)
    assert "booth questions" in result.err


@pytest.mark.parametrize("arguments", [[], ["dance"], ["analyse"], ["analyse", "a", "--loud"]])
def test_wrong_usage_gives_one_line_and_exit_code_two(booth: Run, arguments: list[str]) -> None:
    result = booth(*arguments)
    assert (result.code, _one_line(result)) == (WRONG_USAGE, True)
    assert "--help" in result.err


def test_debug_shows_where_a_fault_came_from(booth: Run, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        booth("analyse", tmp_path / "missing.mp4", "--debug")


def test_the_questions_are_listed_for_people_and_for_programs(booth: Run) -> None:
    assert "solved-problem" in booth("questions").out
    listed = json.loads(booth("questions", "--json").out)
    assert {"id", "competency", "role", "text"} == set(listed[0])


@pytest.mark.parametrize(
    "minutes_apart",
    [
        pytest.param(10, marks=[pytest.mark.slow, pytest.mark.beside]),
        pytest.param(1, marks=pytest.mark.soak),
    ],
)
def test_two_hours_need_less_than_700_megabytes(
    two_hours: Callable[[int], Analysed], minutes_apart: int
) -> None:
    analysed = two_hours(minutes_apart)
    assert analysed.peak_mib < 700
    assert analysed.report["duration_s"] == pytest.approx(7200, abs=1)
    words = analysed.report["transcript"]["words"]
    assert words[-1]["start_s"] > 7200 - 60 * minutes_apart
