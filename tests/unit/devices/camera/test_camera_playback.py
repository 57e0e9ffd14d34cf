"""A recording as a live camera: paced by a clock, passing over what a late reader missed."""

from pathlib import Path

import pytest

from appliance.devices.camera.playback import Playback, RecordingSource, open_recording_camera
from appliance.domain.errors import DeviceUnusableError, EndOfRecordingError
from appliance.domain.media import Frame
from tests.devices import ManualClock
from tests.media import grey, tone, write_recording


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """Two seconds at 25 frames a second, ever brighter."""
    return write_recording(tmp_path / "clip.mp4", [grey(64, 48, 5 * n) for n in range(50)])


class Player:
    """A recording that is played by a clock which passes only while it waits."""

    def __init__(self, playback: Playback) -> None:
        self.clock = ManualClock()
        self.waited: list[float] = []
        self.source: RecordingSource = open_recording_camera(playback, self.clock, self._wait)

    def _wait(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.clock.now += seconds

    def frames(self, most: int = 1000) -> list[tuple[float, Frame]]:
        """When each frame came, and the frame."""
        came: list[tuple[float, Frame]] = []
        while len(came) < most:
            try:
                frame = self.source.read()
            except EndOfRecordingError:
                break
            if frame is not None:
                came.append((self.clock.now, frame))
        return came


def test_frames_come_at_the_times_at_which_they_were_taken(clip: Path) -> None:
    frames = Player(Playback(clip, rate_hz=5)).frames()
    expected = [100 + 0.2 * n for n in range(10)]
    assert [frame.time_s for _, frame in frames] == pytest.approx(expected, abs=0.001)
    assert [came_s for came_s, _ in frames] == pytest.approx(expected, abs=0.001)


def test_at_twice_the_speed_it_takes_half_the_time(clip: Path) -> None:
    frames = Player(Playback(clip, rate_hz=5, speed=2)).frames()
    assert frames[-1][0] == pytest.approx(100.9, abs=0.001)
    assert frames[-1][1].time_s == pytest.approx(100.9, abs=0.001)


def test_as_fast_as_it_is_asked_it_never_waits_and_keeps_its_times(clip: Path) -> None:
    player = Player(Playback(clip, rate_hz=5, speed=None))
    frames = player.frames()
    assert player.waited == []
    assert [frame.time_s for _, frame in frames] == pytest.approx(
        [100 + 0.2 * n for n in range(10)], abs=0.001
    )


def test_at_the_end_it_says_that_it_is_over(clip: Path) -> None:
    player = Player(Playback(clip))
    assert len(player.frames()) == pytest.approx(30, abs=2)
    with pytest.raises(EndOfRecordingError, match=r"^The recording is over\.$"):
        player.source.read()


def test_it_begins_again_where_that_is_asked(clip: Path) -> None:
    frames = Player(Playback(clip, rate_hz=5, repeats=True)).frames(25)
    times_s = [frame.time_s for _, frame in frames]
    assert times_s == pytest.approx([100 + 0.2 * n for n in range(25)], abs=0.01)
    assert frames[10][1].image.mean() == pytest.approx(frames[0][1].image.mean(), abs=1)


def test_a_read_never_waits_long_for_a_frame_that_is_far_off(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "gap.mkv", [grey(64, 48)] * 2, times_s=[0, 3])
    player = Player(Playback(path))
    assert player.source.read()
    assert player.source.read() is None
    assert player.clock.now == pytest.approx(100.2)
    assert player.frames()[0][0] == pytest.approx(103)


def test_a_late_reader_gets_the_frame_of_now(clip: Path) -> None:
    player = Player(Playback(clip, rate_hz=25))
    player.source.read()
    player.clock.now += 0.5
    frame = player.source.read()
    assert frame
    assert player.clock.now - frame.time_s < 0.2


def test_a_machine_that_decodes_too_slowly_still_gives_frames(clip: Path) -> None:
    class Slow(ManualClock):
        def __call__(self) -> float:
            self.now += 0.3  # each look at the clock, one a frame, costs more than the frame lasts
            return self.now

    source = open_recording_camera(Playback(clip, rate_hz=25), Slow())
    assert source.read()


def test_picture_and_sound_can_begin_at_the_same_moment(clip: Path) -> None:
    frames = Player(Playback(clip, begins_s=107.5)).frames(1)
    assert frames[0][1].time_s == pytest.approx(107.5)
    assert frames[0][0] == pytest.approx(107.5)


def test_a_recording_that_is_not_there_is_for_a_person_to_choose(tmp_path: Path) -> None:
    with pytest.raises(DeviceUnusableError, match="There is no recording"):
        Player(Playback(tmp_path / "missing.mp4"))


def test_a_recording_without_a_picture_is_no_camera(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "voice.wav", sound=tone(440, 1))
    with pytest.raises(DeviceUnusableError, match="has no picture"):
        Player(Playback(path))


def test_what_is_played_is_told(clip: Path) -> None:
    source = Player(Playback(clip)).source
    assert source.details()["device"] == "clip.mp4"
    assert source.complaint() is None
    source.close()
    source.close()
