"""Frames of live cameras are upright and carry the time at which they were taken."""

import numpy as np
import pytest

from appliance.devices.camera.live import CameraMode, LiveFrames
from appliance.domain.errors import DeviceError
from tests.devices import ManualClock
from tests.media import grey


def _frames(clock: ManualClock, rotation_deg: int = 0) -> LiveFrames:
    return LiveFrames(CameraMode(rotation_deg=rotation_deg), clock)


def test_a_stamp_of_our_clock_is_the_time_of_the_frame() -> None:
    assert _frames(ManualClock()).frame(grey(8, 6), 99.96).time_s == 99.96


@pytest.mark.parametrize("stamp_s", [0.0, 12.5, 100.5, 1.7e9])
def test_a_stamp_of_another_clock_is_not_believed(stamp_s: float) -> None:
    assert _frames(ManualClock()).frame(grey(8, 6), stamp_s).time_s == 100.0


def test_the_first_stamp_that_can_be_right_counts() -> None:
    assert _frames(ManualClock()).frame(grey(8, 6), 7300.0, 99.9).time_s == 99.9


def test_time_never_runs_backwards() -> None:
    frames = _frames(ManualClock())
    assert frames.frame(grey(8, 6)).time_s == 100.0
    assert frames.frame(grey(8, 6, 1), 99.95).time_s == 100.0


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_camera_that_was_mounted_turned_gives_upright_frames(degrees: int) -> None:
    upright = np.zeros((6, 8, 3), np.uint8)
    upright[0, :, 0] = 255
    as_taken = np.rot90(upright, degrees // 90)
    image = _frames(ManualClock(), degrees).frame(as_taken).image
    assert np.array_equal(image, upright)
    assert image.flags.c_contiguous


def test_a_picture_that_stands_still_is_a_fault() -> None:
    clock = ManualClock()
    frames = _frames(clock)

    def play() -> None:
        for _ in range(40):
            frames.frame(grey(64, 48))
            clock.now += 0.1

    with pytest.raises(DeviceError, match="same picture again and again"):
        play()
    assert clock.now == pytest.approx(102, abs=0.11)


def test_a_black_picture_is_a_complaint_until_there_is_light() -> None:
    clock = ManualClock()
    frames = _frames(clock)
    for _ in range(30):
        frames.frame(grey(64, 48, 0))
        clock.now += 0.1
    assert frames.complaint() == "The picture is black. Is the lens covered?"
    frames.frame(grey(64, 48))
    assert frames.complaint() is None
