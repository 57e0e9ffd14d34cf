"""A Pi's camera module: colours, times and faults, on a stand-in for its library."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from appliance.devices.camera.live import CameraMode
from appliance.devices.camera.picamera2 import Picamera2Camera, camera_modules, open_picamera2
from appliance.domain.errors import DeviceError, DeviceUnusableError
from tests.cameras import FixtureMachine, held_open, living
from tests.devices import ManualClock
from tests.fake_picamera2 import IMX219, USB, PiBoard

_MODE = CameraMode(64, 48, 20)

Open = Callable[..., Picamera2Camera]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def board(monkeypatch: pytest.MonkeyPatch) -> PiBoard:
    board = PiBoard()
    monkeypatch.setitem(sys.modules, "picamera2", board.library())
    return board


@pytest.fixture
def open_camera(board: PiBoard, fixture: FixtureMachine, clock: ManualClock) -> Open:
    def open_camera(identity: str = "", mode: CameraMode = _MODE) -> Picamera2Camera:
        return open_picamera2(identity, mode, fixture.machine, clock)

    return open_camera


def test_frames_come_as_red_green_blue(board: PiBoard, open_camera: Open) -> None:
    camera = open_camera()
    board.give(living(1))
    frame = camera.read()
    assert frame
    assert np.array_equal(frame.image, living(1))
    assert board.unreleased == 0


def test_one_mode_and_few_buffers_are_asked_for(board: PiBoard, open_camera: Open) -> None:
    camera = open_camera()
    (asked,) = board.asked
    assert asked["main"] == {"size": (64, 48), "format": "BGR888"}
    assert asked["buffer_count"] == 3
    assert asked["controls"] == {"FrameDurationLimits": (50_000, 50_000)}
    assert camera.details() == {
        "backend": "picamera2",
        "device": "imx219",
        "identity": IMX219["Id"],
        "width_px": 64,
        "height_px": 48,
        "rate_hz": 20,
    }


def test_a_read_without_a_picture_returns_and_the_next_one_gets_it(
    board: PiBoard, open_camera: Open
) -> None:
    camera = open_camera()
    assert camera.read() is None
    assert len(board.jobs) == 1
    board.give(living(1))
    assert camera.read()
    assert board.jobs == []


def test_the_sensors_time_is_put_on_our_clock(
    board: PiBoard, open_camera: Open, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    camera = open_camera()
    monkeypatch.setattr(
        time, "clock_gettime", {time.CLOCK_BOOTTIME: 7300.0, time.CLOCK_MONOTONIC: 100.0}.get
    )
    for number, stamp_s in enumerate([7299.95, 100.05]):  # as documented; as a Pi does it
        board.give(living(number), SensorTimestamp=round(stamp_s * 1e9))
        clock.now += 0.1
        frame = camera.read()
        assert frame
        assert frame.time_s == pytest.approx([99.95, 100.05][number])


def test_a_camera_mounted_upside_down_gives_upright_frames(
    board: PiBoard, open_camera: Open
) -> None:
    camera = open_camera(mode=CameraMode(64, 48, 20, rotation_deg=180))
    board.give(living(1))
    frame = camera.read()
    assert frame
    assert np.array_equal(frame.image, living(1)[::-1, ::-1])


def test_usb_cameras_are_left_to_v4l2(board: PiBoard, open_camera: Open) -> None:
    board.cameras = [USB]
    assert camera_modules() == []
    with pytest.raises(DeviceError, match="No camera module is connected"):
        open_camera()


def test_the_second_of_two_modules_is_found_by_its_id(board: PiBoard, open_camera: Open) -> None:
    other = {**IMX219, "Model": "imx708", "Id": "/base/soc/i2c@2/imx708@1a"}
    board.cameras = [IMX219, other]
    assert open_camera(other["Id"]).details()["device"] == "imx708"
    with pytest.raises(DeviceError, match="'/base/gone' is not there"):
        open_camera("/base/gone")


def test_a_missing_library_is_for_a_person_to_install(
    fixture: FixtureMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "picamera2", None)
    with pytest.raises(DeviceUnusableError, match="cannot be loaded") as caught:
        open_picamera2("", _MODE, fixture.machine, ManualClock())
    assert "apt install python3-picamera2" in caught.value.advice


@pytest.mark.usefixtures("misfit_picamera2")
def test_a_library_that_does_not_fit_ours_says_what_to_do(fixture: FixtureMachine) -> None:
    with pytest.raises(DeviceUnusableError, match=r"numpy\.dtype size changed") as caught:
        open_picamera2("", _MODE, fixture.machine, ManualClock())
    assert "run setup.sh again" in caught.value.advice


def test_a_module_in_use_names_who_may_hold_it(
    board: PiBoard, open_camera: Open, fixture: FixtureMachine
) -> None:
    board.in_use = True
    media = fixture.root / "dev" / "media0"
    media.touch()
    with held_open(media) as pid, pytest.raises(DeviceError, match=rf"process {pid}\) may be"):
        open_camera()
    with media.open(), pytest.raises(DeviceError, match=r"cannot be opened\. Close"):
        open_camera()


def test_refused_openings_leave_no_file_open(board: PiBoard, open_camera: Open) -> None:
    board.in_use = True
    before = _open_files()
    for _ in range(10):
        with pytest.raises(DeviceError):
            open_camera()
    assert _open_files() == before


def test_a_module_that_does_not_start_is_closed(board: PiBoard, open_camera: Open) -> None:
    board.does_not_start = True
    with pytest.raises(DeviceError, match="does not start: Configuration failed"):
        open_camera()
    assert board.open_cameras == 0


def test_a_failing_request_is_a_fault_that_is_opened_anew(
    board: PiBoard, open_camera: Open
) -> None:
    camera = open_camera()
    board.fault = RuntimeError("failed to find buffer")
    with pytest.raises(DeviceError, match="failed: failed to find buffer"):
        camera.read()


def test_closing_gives_back_what_still_waits(board: PiBoard, open_camera: Open) -> None:
    before = _open_files()
    for gives in (False, True):
        camera = open_camera()
        assert camera.read() is None
        if gives:
            board.give(living(1))
        camera.close()
        camera.close()
        assert (board.open_cameras, board.unreleased, board.jobs) == (0, 0, [])
    assert _open_files() == before


def _open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())
