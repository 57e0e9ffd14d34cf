"""A USB camera as the kernel shows one: V4L2, OpenCV and our supervisor, with nothing replaced."""

import functools
import itertools
import subprocess
import sys
import time
from collections.abc import Iterator

import numpy as np
import pytest

from appliance.devices.camera.live import CameraMode
from appliance.devices.camera.machine import THIS_MACHINE
from appliance.devices.camera.v4l2 import V4l2Camera, open_v4l2
from appliance.devices.supervisor import Patience
from appliance.domain.health import Status
from appliance.domain.media import Frame
from tests.hardware.vm.machine import Camera, wait_until
from tests.hardware.vm.supervised import Supervised, held, supervised

_MODE = CameraMode(320, 180, 10)

_TEXT_OFF, _TEXT_ON = 2, 0
_COLOUR_BARS, _BLACK = 0, 5
"""Values of the driver's controls "OSD Text Mode" and "Test Pattern"."""

_BARS = [
    (191, 191, 191),
    (191, 191, 0),
    (0, 191, 191),
    (0, 191, 0),
    (191, 0, 191),
    (191, 0, 0),
    (0, 0, 191),
    (0, 0, 0),
]
"""RGB from left to right: white, yellow, cyan, green, magenta, red, blue and black at 75%."""

_COLOUR_TOLERANCE = 12
"""Grey levels by which the way through YUV may shift a colour."""

_OTHER_PROGRAM = """
import sys, cv2
capture = cv2.VideoCapture(sys.argv[1], cv2.CAP_V4L2)
while capture.read()[0]:
    print("streaming", flush=True)
"""

_AS_NOBODY = """
import os, time
import cv2
from appliance.devices.camera.live import CameraMode
from appliance.devices.camera.machine import THIS_MACHINE
from appliance.devices.camera.v4l2 import open_v4l2
from appliance.domain.errors import DeviceUnusableError
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
try:
    open_v4l2("", CameraMode(), THIS_MACHINE, time.monotonic)
except DeviceUnusableError as error:
    print(error)
"""


def _open() -> V4l2Camera:
    return open_v4l2("", _MODE, THIS_MACHINE, time.monotonic)


@pytest.fixture
def device(camera: Camera) -> Iterator[Supervised[Frame]]:
    """The camera, running."""
    with supervised("camera", _open) as device:
        device.wait_until_it_works()
        yield device


def test_a_camera_is_chosen_by_its_lasting_name(two_cameras: Camera) -> None:
    name = two_cameras.name_as_udev_does(two_cameras.nodes()[1])
    opener = functools.partial(open_v4l2, str(name), _MODE, THIS_MACHINE, time.monotonic)
    with supervised("camera", opener) as device:
        device.wait_until_it_works()
        details = device.health.details
    assert details["identity"] == str(name)
    assert details["device"].startswith("vivid-001")


def test_pictures_come_in_the_size_that_was_asked_for(device: Supervised[Frame]) -> None:
    assert [frame.image.shape for frame in device.wait_for_samples(3)] == [(180, 320, 3)] * 3
    details = device.health.details
    assert details["backend"] == "v4l2"
    assert (details["width_px"], details["height_px"], details["rate_hz"]) == (320, 180, 10)
    assert "vivid" in details["device"]


def test_colours_come_as_red_green_blue(device: Supervised[Frame]) -> None:
    image = device.wait_for_samples(1)[0].image
    below_the_text = image[150, 20::40].astype(int)
    assert np.abs(below_the_text - _BARS).max() <= _COLOUR_TOLERANCE


def test_the_picture_lives(device: Supervised[Frame]) -> None:
    frames = device.wait_for_samples(5)
    assert all((a.image != b.image).any() for a, b in itertools.pairwise(frames))


def test_frames_carry_the_drivers_time_on_the_monotonic_clock(device: Supervised[Frame]) -> None:
    before_s = time.monotonic()
    times_s = np.array([frame.time_s for frame in device.wait_for_samples(20)])
    assert times_s[-1] <= time.monotonic()
    assert times_s[2] >= before_s
    intervals_s = np.diff(times_s)
    assert (intervals_s > 0).all()
    assert np.median(intervals_s) == pytest.approx(1 / _MODE.rate_hz, rel=0.3)


def test_a_busy_camera_names_its_holder_and_is_taken_when_that_ends(camera: Camera) -> None:
    command = [sys.executable, "-c", _OTHER_PROGRAM, str(camera.nodes()[0])]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"streaming\n"
        with supervised("camera", _open) as device:
            device.get_over("camera busy", lambda: None, other.kill)
    assert f"(process {other.pid})" in device.said[0]


def test_a_camera_that_is_unplugged_comes_back(device: Supervised[Frame], camera: Camera) -> None:
    device.get_over("camera unplugged", camera.unplug, camera.plug)
    assert device.said == ["The camera was unplugged."]


def test_a_camera_may_appear_after_the_start(camera: Camera) -> None:
    camera.unplug()
    with supervised("camera", _open) as device:
        device.get_over("no camera at the start", lambda: None, camera.plug)
    assert device.said == ["There is no camera."]


def test_a_stream_that_breaks_is_opened_again(device: Supervised[Frame], camera: Camera) -> None:
    device.get_over(
        "stream broken", lambda: camera.set("Inject Fatal Streaming Error", 1), lambda: None
    )


def test_a_camera_that_falls_silent_is_opened_again(
    device: Supervised[Frame], camera: Camera
) -> None:
    device.get_over(
        "camera silent",
        lambda: camera.set("Percentage of Dropped Buffers", 100),
        lambda: camera.set("Percentage of Dropped Buffers", 0),
    )


def test_a_picture_that_stands_still_is_a_fault(device: Supervised[Frame], camera: Camera) -> None:
    device.get_over(
        "picture frozen",
        lambda: camera.set("OSD Text Mode", _TEXT_OFF),
        lambda: camera.set("OSD Text Mode", _TEXT_ON),
    )
    assert device.said == ["The camera sends the same picture again and again."]


def test_a_black_picture_is_complained_about_and_not_reopened(
    device: Supervised[Frame], camera: Camera
) -> None:
    camera.set("OSD Text Mode", _TEXT_OFF)
    camera.set("Test Pattern", _BLACK)
    wait_until(lambda: device.health.status is Status.WARNING, "a warning")
    assert "black" in device.health.message
    camera.set("Test Pattern", _COLOUR_BARS)
    camera.set("OSD Text Mode", _TEXT_ON)
    wait_until(lambda: device.health.status is Status.HEALTHY, "health")
    assert device.health.details["recoveries"] == 0


def test_who_may_not_open_the_camera_is_told_the_group(camera: Camera) -> None:
    answer = subprocess.run(
        [sys.executable, "-c", _AS_NOBODY], capture_output=True, text=True, check=True
    ).stdout
    assert "group 'video'" in answer
    assert "usermod" in answer


def test_ten_times_unplugged_leaks_nothing(camera: Camera) -> None:
    with supervised("camera", _open, Patience(steady_s=0.5)) as device:

        def once() -> None:
            device.wait_for_samples(10)
            device.get_over("camera unplugged again and again", camera.unplug, camera.plug)

        once()
        before = held()
        for _ in range(10):
            once()
        assert held() == before
        assert device.health.details["recoveries"] == 11
