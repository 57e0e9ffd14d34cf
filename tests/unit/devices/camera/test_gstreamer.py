"""A Jetson's camera connector: its pipeline and time limits, and OpenCV without GStreamer."""

import cv2
import numpy as np
import pytest

from appliance.devices.camera.gstreamer import (
    GstreamerCamera,
    identity_of_sensor,
    open_gstreamer,
    pipeline,
    require_gstreamer,
)
from appliance.devices.camera.live import CameraMode
from appliance.domain.errors import DeviceError, DeviceUnusableError
from tests.cameras import CommandedOpenCv, living
from tests.devices import ManualClock
from tests.media import grey


class JetPackOpenCv(CommandedOpenCv):
    """An OpenCV as JetPack brings it."""

    def getBuildInformation(self) -> str:  # noqa: N802
        return "  Video I/O:\n    GStreamer:                   YES (1.20.3)\n"


@pytest.fixture
def opencv() -> JetPackOpenCv:
    return JetPackOpenCv(ManualClock(), step_s=0.2)


def _open(opencv: CommandedOpenCv, identity: str = "") -> GstreamerCamera:
    return open_gstreamer(identity, CameraMode(1280, 720, 15), opencv.clock, opencv)


def test_the_pipeline_keeps_one_buffer_with_the_newest_picture() -> None:
    assert pipeline(1, CameraMode(1280, 720, 15)) == (
        "nvarguscamerasrc sensor-id=1 ! video/x-raw(memory:NVMM), width=1280, height=720, "
        "format=NV12, framerate=15/1 ! nvvidconv ! video/x-raw, format=BGRx ! videoconvert ! "
        "video/x-raw, format=BGR ! appsink drop=true max-buffers=1 sync=false"
    )


def test_opencv_of_pypi_is_said_to_lack_gstreamer() -> None:
    with pytest.raises(DeviceUnusableError, match="built without GStreamer") as caught:
        require_gstreamer()
    assert "JetPack's own OpenCV" in caught.value.advice
    with pytest.raises(DeviceUnusableError, match="built without GStreamer"):
        open_gstreamer("", CameraMode(), ManualClock())


def test_a_sensor_is_opened_by_its_number_with_time_limits(opencv: JetPackOpenCv) -> None:
    camera = _open(opencv, identity_of_sensor(1))
    ((name, limits),) = opencv.asked
    assert "sensor-id=1" in name
    assert list(limits) == [
        cv2.CAP_PROP_OPEN_TIMEOUT_MSEC,
        5000,
        cv2.CAP_PROP_READ_TIMEOUT_MSEC,
        200,
    ]
    assert camera.details()["identity"] == "nvargus:1"
    assert camera.complaint() is None


def test_another_kind_of_identity_is_refused(opencv: JetPackOpenCv) -> None:
    with pytest.raises(DeviceUnusableError, match="is no sensor of a Jetson"):
        _open(opencv, "/dev/video0")


def test_a_sensor_that_does_not_open_may_be_in_use(opencv: JetPackOpenCv) -> None:
    opencv.refuses = 1
    with pytest.raises(DeviceError, match="not connected, or another program uses it"):
        _open(opencv)


def test_frames_come_as_red_green_blue(opencv: JetPackOpenCv) -> None:
    frame = _open(opencv).read()
    assert frame
    assert np.array_equal(frame.image, living(1))
    assert frame.time_s == opencv.clock.now


def test_no_picture_within_the_time_limit_is_none(opencv: JetPackOpenCv) -> None:
    camera = _open(opencv)
    opencv.orders.put(None)
    assert camera.read() is None
    assert camera.read()


def test_a_pipeline_that_ended_fails_at_once_and_is_opened_anew(opencv: JetPackOpenCv) -> None:
    camera = _open(opencv)
    opencv.step_s = 0.0
    opencv.orders.put(None)
    with pytest.raises(DeviceError, match="stopped sending"):
        camera.read()
    opencv.orders.put(cv2.error("pipeline"))
    with pytest.raises(DeviceError, match="stopped sending"):
        camera.read()
    camera.close()
    assert opencv.now_open == 0


def test_a_frozen_picture_is_a_fault(opencv: JetPackOpenCv) -> None:
    camera = _open(opencv)
    opencv.still = grey(64, 48)

    def play() -> None:
        for _ in range(20):
            camera.read()

    with pytest.raises(DeviceError, match="same picture"):
        play()
