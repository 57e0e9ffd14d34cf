"""A recording as a live microphone: paced by a clock, and never passing over sound."""

from itertools import pairwise
from pathlib import Path

import pytest

from appliance.devices.camera.playback import open_recording_camera
from appliance.devices.microphone.playback import RecordedSound, open_recording_microphone
from appliance.devices.playback import Playback
from appliance.domain.errors import DeviceUnusableError, EndOfRecordingError
from appliance.domain.media import AudioBlock
from tests.devices import ManualClock
from tests.media import grey, tone, write_recording


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """Two seconds of a tone."""
    return write_recording(tmp_path / "clip.wav", sound=tone(440, 2.0))


class Player:
    """A recording that is played by a clock which passes only while it waits."""

    def __init__(self, playback: Playback) -> None:
        self.clock = ManualClock()
        self.source: RecordedSound = open_recording_microphone(playback, self.clock, self._wait)

    def _wait(self, seconds: float) -> None:
        self.clock.now += seconds

    def blocks(self, most: int = 1000) -> list[tuple[float, AudioBlock]]:
        """When each block came, and the block."""
        came: list[tuple[float, AudioBlock]] = []
        while len(came) < most:
            try:
                block = self.source.read()
            except EndOfRecordingError:
                break
            if block is not None:
                came.append((self.clock.now, block))
        return came


def test_a_block_comes_when_its_last_sample_was_made(clip: Path) -> None:
    blocks = Player(Playback(clip)).blocks()
    assert len(blocks) == 20
    assert blocks[0][1].time_s == pytest.approx(100.0)
    for came_s, block in blocks:
        assert came_s == pytest.approx(block.end_s, abs=0.001)


def test_a_reader_that_is_late_gets_everything(clip: Path) -> None:
    player = Player(Playback(clip))
    player.clock.now += 5.0
    blocks = player.blocks()
    assert sum(block.duration_s for _, block in blocks) == pytest.approx(2.0, abs=0.001)
    assert {came_s for came_s, _ in blocks} == {105.0}


def test_as_fast_as_it_is_read_it_never_waits(clip: Path) -> None:
    player = Player(Playback(clip, speed=None))
    assert len(player.blocks()) == 20
    assert player.clock.now == 100.0


def test_it_may_begin_again_without_a_gap(clip: Path) -> None:
    blocks = Player(Playback(clip, repeats=True)).blocks(50)
    assert len(blocks) == 50
    for (_, before), (_, after) in pairwise(blocks):
        assert after.time_s == pytest.approx(before.end_s, abs=0.001)


def test_picture_and_sound_of_one_recording_share_its_time(tmp_path: Path) -> None:
    clip = write_recording(tmp_path / "both.mp4", [grey(64, 48)] * 50, sound=tone(440, 2.0))
    playback = Playback(clip, begins_s=200.0)
    sound = Player(playback).source
    picture = open_recording_camera(playback, ManualClock())
    assert sound.details()["identity"] == picture.details()["identity"]
    assert sound.complaint() is None
    assert sound.read() is None, "its time has not come"


def test_after_its_end_it_says_so_again_and_again(clip: Path) -> None:
    player = Player(Playback(clip))
    player.blocks()
    for _ in range(2):
        with pytest.raises(EndOfRecordingError, match="The recording is over"):
            player.source.read()
    player.source.close()
    player.source.close()


def test_what_cannot_be_played_is_named(tmp_path: Path, clip: Path) -> None:
    silent = write_recording(tmp_path / "silent.mp4", [grey(64, 48)] * 5)
    with pytest.raises(DeviceUnusableError, match="has no sound"):
        open_recording_microphone(Playback(silent), ManualClock())
    with pytest.raises(DeviceUnusableError, match="There is no recording"):
        open_recording_microphone(Playback(tmp_path / "missing.wav"), ManualClock())
    with pytest.raises(DeviceUnusableError, match="cannot be played at 2 times its speed"):
        open_recording_microphone(Playback(clip, speed=2.0), ManualClock())


def test_a_repeated_recording_keeps_picture_and_sound_together(tmp_path: Path) -> None:
    clip = write_recording(tmp_path / "both.mkv", [grey(64, 48)] * 25, sound=tone(440, 2.0))
    playback = Playback(clip, rate_hz=5, speed=None, repeats=True, begins_s=0.0)
    picture = open_recording_camera(playback, ManualClock())
    sound = open_recording_microphone(playback, ManualClock())
    frames = [frame for _ in range(10) if (frame := picture.read()) is not None]
    blocks = [block for _ in range(25) if (block := sound.read()) is not None]
    assert frames[5].time_s == pytest.approx(2.0, abs=0.05)
    assert blocks[20].time_s == pytest.approx(2.0, abs=0.05)
