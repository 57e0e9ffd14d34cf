"""A USB camera: opened by its lasting name, read with a time limit, its faults told apart."""

import inspect
import re
from pathlib import Path

import cv2
import numpy as np
import pytest

from appliance.devices.camera.live import CameraMode
from appliance.devices.camera.v4l2 import V4l2Camera, open_v4l2
from appliance.domain.errors import DeviceError, DeviceUnusableError
from tests.cameras import CommandedOpenCv, FixtureMachine, held_open, living
from tests.devices import ManualClock
from tests.media import grey


class Desk:
    """A webcam on a machine, and what opens it."""

    def __init__(self, fixture: FixtureMachine) -> None:
        self.fixture = fixture
        self.node = fixture.add_webcam(0)
        self.clock = ManualClock()
        self.opencv = CommandedOpenCv(self.clock)

    def open(self, mode: CameraMode | None = None, identity: str = "") -> V4l2Camera:
        mode = mode or CameraMode(640, 480)
        return open_v4l2(identity, mode, self.fixture.machine, self.clock, self.opencv)


@pytest.fixture
def desk(fixture: FixtureMachine) -> Desk:
    return Desk(fixture)


def test_frames_come_as_red_green_blue(desk: Desk) -> None:
    frame = desk.open().read()
    assert frame
    assert np.array_equal(frame.image, living(1))


def test_the_camera_is_named_by_what_lasts(desk: Desk) -> None:
    camera = desk.open(CameraMode(1280, 720, 15))
    details = camera.details()
    assert details["device"] == "Webcam: Webcam"
    assert "by-id/usb-Maker_Webcam_0001" in details["identity"]
    assert (details["width_px"], details["height_px"], details["rate_hz"]) == (1280, 720, 15)
    assert camera.complaint() is None


def test_large_pictures_are_asked_for_compressed_and_few_are_buffered(desk: Desk) -> None:
    camera = desk.open(CameraMode(1280, 720))
    capture = camera._capture
    assert capture.get(cv2.CAP_PROP_FOURCC) == cv2.VideoWriter.fourcc(*"MJPG")
    assert capture.get(cv2.CAP_PROP_BUFFERSIZE) == 2
    assert desk.open(CameraMode(640, 480))._capture.get(cv2.CAP_PROP_FOURCC) == 0


def test_a_camera_without_the_mode_gives_what_it_has(desk: Desk) -> None:
    desk.opencv.refused = [cv2.CAP_PROP_FOURCC, cv2.CAP_PROP_FPS, cv2.CAP_PROP_BUFFERSIZE]
    camera = desk.open(CameraMode(1280, 720, 15))
    assert camera.details()["rate_hz"] == 30
    assert camera.read()


def test_the_drivers_time_stamp_is_the_time_of_the_frame(desk: Desk) -> None:
    camera = desk.open()
    desk.opencv.stamps_ms = (desk.clock.now - 0.03) * 1000
    frame = camera.read()
    assert frame
    assert frame.time_s == pytest.approx(desk.clock.now - 0.03)


def test_a_stamp_on_another_clock_is_replaced_by_now(desk: Desk) -> None:
    desk.opencv.stamps_ms = 1.7e12
    frame = desk.open().read()
    assert frame
    assert frame.time_s == desk.clock.now


def test_no_picture_in_time_is_none_and_no_fault(desk: Desk) -> None:
    camera = desk.open()
    assert camera.read()
    desk.opencv.orders.put(None)
    assert camera.read() is None
    assert camera.read()


def test_a_slow_camera_may_miss_the_first_picture(desk: Desk) -> None:
    desk.opencv.orders.put(None)
    assert desk.open().read()


def test_no_camera_is_said(fixture: FixtureMachine) -> None:
    clock = ManualClock()
    with pytest.raises(DeviceError, match="There is no camera"):
        open_v4l2("", CameraMode(), fixture.machine, clock, CommandedOpenCv(clock))


def test_a_camera_in_use_names_who_holds_it(desk: Desk) -> None:
    desk.opencv.refuses = 1
    with held_open(desk.node) as pid, pytest.raises(DeviceError) as caught:
        desk.open()
    assert re.search(rf"in use by python\S* \(process {pid}\)", caught.value.args[0])
    assert not isinstance(caught.value, DeviceUnusableError)
    assert desk.opencv.now_open == 0


def test_a_camera_that_does_not_open_without_a_visible_holder_is_told_honestly(desk: Desk) -> None:
    desk.opencv.refuses = 1
    with pytest.raises(DeviceError, match="in use by another program, or it hangs"):
        desk.open()


def test_a_fault_while_configuring_lets_go_of_the_camera(desk: Desk) -> None:
    desk.opencv.orders.put(cv2.error("ioctl"))
    with pytest.raises(cv2.error):
        desk.open()
    assert desk.opencv.now_open == 0


def test_an_unplugged_camera_is_said_to_be_that(desk: Desk) -> None:
    camera = desk.open()
    camera.read()
    desk.fixture.unplug(desk.node)
    desk.opencv.orders.put(cv2.error("Error is reported for camera stream"))
    with pytest.raises(DeviceError, match="was unplugged"):
        camera.read()
    desk.opencv.orders.put(None)
    with pytest.raises(DeviceError, match="was unplugged"):
        camera.read()


def test_a_stream_that_breaks_off_names_another_holder(desk: Desk) -> None:
    camera = desk.open()
    camera.read()
    with held_open(desk.node) as pid, desk.node.open():
        desk.opencv.orders.put(cv2.error("ioctl"))
        with pytest.raises(DeviceError, match=f"process {pid}"):
            camera.read()
    with desk.node.open():
        desk.opencv.orders.put(cv2.error("ioctl"))
        with pytest.raises(DeviceError, match="stopped sending"):
            camera.read()


def test_a_damaged_picture_is_passed_over(desk: Desk) -> None:
    camera = desk.open()
    camera.read()
    desk.opencv.orders.put(np.empty((0, 0, 3), np.uint8))
    assert camera.read() is None


def test_a_frozen_picture_is_a_fault_and_a_black_one_a_complaint(desk: Desk) -> None:
    camera = desk.open()
    for _ in range(30):
        desk.opencv.orders.put(grey(64, 48, 0))
        camera.read()
    assert camera.complaint() == "The picture is black. Is the lens covered?"
    desk.opencv.still = grey(64, 48)

    def play() -> None:
        for _ in range(40):
            camera.read()

    with pytest.raises(DeviceError, match="same picture"):
        play()


def test_closing_twice_does_nothing_the_second_time(desk: Desk) -> None:
    camera = desk.open()
    camera.close()
    camera.close()
    assert desk.opencv.now_open == 0


def test_the_commanded_opencv_has_nothing_that_the_real_one_lacks() -> None:
    commanded = CommandedOpenCv(ManualClock()).VideoCapture
    for name, _ in inspect.getmembers(commanded, callable):
        if not name.startswith("_"):
            assert hasattr(cv2.VideoCapture, name), name


def test_the_real_opencv_takes_the_wait_as_it_is_called(sample: Path) -> None:
    recording = cv2.VideoCapture(str(sample), cv2.CAP_FFMPEG)
    assert recording.isOpened()
    with pytest.raises(cv2.error, match="by V4L backend only"):  # only cameras can be waited for
        cv2.VideoCapture.waitAny([recording], timeoutNs=1)
    recording.release()


def test_the_real_opencv_does_not_open_what_is_no_camera(fixture: FixtureMachine) -> None:
    fixture.add_webcam(0)
    with pytest.raises(DeviceError, match="another program"):
        open_v4l2("", CameraMode(), fixture.machine, ManualClock())
