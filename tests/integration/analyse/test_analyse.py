"""`booth analyse` as a person runs it: real recordings, real models, the real command."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from appliance.cli import DONE
from tests.commands import Run
from tests.media import tone, write_recording
from tests.two_hours import Analysed


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


@pytest.mark.data
def test_a_site_without_estimates_has_none_of_a_recording(
    booth: Run, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOOTH_SITE_PROFILE", "observations")
    report = booth("analyse", sample, "--json").report
    assert report["transcript"]["words"]
    assert "fusion" not in report
    assert "expression" not in report["face"]
    assert "segments" not in report["voice"]


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
