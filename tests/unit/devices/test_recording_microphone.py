"""A recording as a microphone: true times, true samples, and no trust in what files say."""

from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from appliance.devices.microphone.recording import RecordingMicrophone
from appliance.domain.media import SAMPLE_RATE_HZ, AudioBlock, FloatArray
from tests.media import grey, tone, write_recording


def _play(path: Path) -> tuple[list[AudioBlock], FloatArray]:
    blocks = list(RecordingMicrophone(path).blocks())
    samples = [block.samples for block in blocks]
    return blocks, np.concatenate(samples) if samples else np.empty(0, np.float32)


def _strongest_hz(samples: FloatArray) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum)) * SAMPLE_RATE_HZ / len(samples)


@pytest.mark.parametrize("rate_hz", [8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000])
def test_every_usual_rate_becomes_sixteen_kilohertz_without_moving_the_tone(
    tmp_path: Path, rate_hz: int
) -> None:
    path = write_recording(
        tmp_path / "tone.wav", sound=tone(440, 2, rate_hz), sound_rate_hz=rate_hz
    )
    _, samples = _play(path)
    assert len(samples) == pytest.approx(2 * SAMPLE_RATE_HZ, abs=2)
    assert samples.dtype == np.float32
    assert _strongest_hz(samples) == pytest.approx(440, abs=1)
    assert np.abs(samples[1000:-1000]).max() == pytest.approx(0.25, abs=0.01)


def test_what_lies_above_eight_kilohertz_is_not_folded_into_the_voice(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "high.wav", sound=tone(11_000, 1))
    _, samples = _play(path)
    assert np.abs(samples[1000:-1000]).max() < 0.25 * 1e-3


def test_blocks_follow_each_other_without_a_hole(tmp_path: Path) -> None:
    path = write_recording(
        tmp_path / "tone.wav", sound=tone(440, 3.3, 44_100), sound_rate_hz=44_100
    )
    blocks, _ = _play(path)
    assert blocks[0].time_s == 0
    for before, after in pairwise(blocks):
        assert after.time_s == pytest.approx(before.end_s, abs=1e-9)
    assert blocks[-1].end_s == pytest.approx(3.3, abs=1e-3)


def test_stereo_is_the_mean_of_its_channels_and_never_clips(tmp_path: Path) -> None:
    both = np.stack([tone(440, 1, level=0.9)] * 2, axis=1)
    _, samples = _play(write_recording(tmp_path / "both.wav", sound=both))
    assert np.abs(samples[1000:-1000]).max() == pytest.approx(0.9, abs=0.01)
    one = np.stack([tone(440, 1), np.zeros_like(tone(440, 1))], axis=1)
    _, samples = _play(write_recording(tmp_path / "one.wav", sound=one))
    assert np.abs(samples[1000:-1000]).max() == pytest.approx(0.125, abs=0.01)


def test_sound_and_picture_start_on_one_clock(tmp_path: Path) -> None:
    click = np.zeros(48_000, np.float32)
    click[24_000:24_480] = 0.9
    path = write_recording(tmp_path / "click.mp4", [grey(64, 48)] * 25, sound=click)
    _, samples = _play(path)
    assert np.argmax(np.abs(samples) > 0.3) / SAMPLE_RATE_HZ == pytest.approx(0.5, abs=0.01)


def test_a_hole_in_the_sound_keeps_its_place_in_time(tmp_path: Path) -> None:
    path = tmp_path / "hole.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=16_000, layout="mono")
        for start_s in (0.0, 5.0):
            frame = av.AudioFrame.from_ndarray(tone(440, 1, 16_000)[None], "fltp", "mono")
            frame.sample_rate = 16_000
            frame.pts = int(start_s * 16_000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    blocks, _ = _play(path)
    second = next(block for block in blocks if block.time_s > 2)
    assert second.time_s == pytest.approx(5.0, abs=0.05)
    assert blocks[-1].end_s == pytest.approx(6.0, abs=0.05)


def test_samples_that_are_no_level_become_silence(tmp_path: Path) -> None:
    wild = tone(440, 1)
    wild[1000:2000] = np.nan
    wild[3000:3100] = np.inf
    path = tmp_path / "wild.wav"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_f32le", rate=48_000, layout="mono")
        frame = av.AudioFrame.from_ndarray(wild[None], "fltp", "mono")
        frame.sample_rate = 48_000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    _, samples = _play(path)
    assert np.isfinite(samples).all()
    assert np.abs(samples).max() <= 1


def test_a_recording_without_sound_gives_no_block(tmp_path: Path) -> None:
    blocks, _ = _play(write_recording(tmp_path / "mute.mp4", [grey(64, 48)] * 5))
    assert blocks == []


@pytest.mark.data
def test_every_real_clip_is_heard_to_its_end(clips: Path) -> None:
    for clip in sorted(clips.iterdir()):
        microphone = RecordingMicrophone(clip)
        blocks = list(microphone.blocks())
        assert microphone.fault is None
        assert blocks[-1].end_s > 1.5, clip.name
