"""The camera is chosen by the settings, or by what the machine has at the moment of opening."""

import errno
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from appliance.devices.camera.live import CameraMode
from appliance.devices.camera.selection import (
    Backend,
    CameraSettings,
    camera_opener,
    list_cameras,
)
from appliance.devices.playback import Playback
from appliance.domain.errors import DeviceError, DeviceUnusableError
from tests.cameras import CommandedOpenCv, FixtureMachine, held_open
from tests.devices import ManualClock
from tests.fake_picamera2 import IMX219, USB, PiBoard
from tests.media import grey, write_recording


class JetPackOpenCv(CommandedOpenCv):
    def getBuildInformation(self) -> str:  # noqa: N802
        return "GStreamer:                   YES (1.20.3)"


@pytest.fixture
def board(monkeypatch: pytest.MonkeyPatch) -> PiBoard:
    board = PiBoard()
    monkeypatch.setitem(sys.modules, "picamera2", board.library())
    return board


@pytest.fixture
def no_picamera2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "picamera2", None)


def _make_jetson(fixture: FixtureMachine) -> None:
    (fixture.root / "etc" / "nv_tegra_release").write_text("# R36 (release)\n")


def _make_pi(fixture: FixtureMachine) -> None:
    proc = fixture.root / "proc"
    (proc / "device-tree").mkdir(parents=True)
    (proc / "device-tree" / "model").write_text("Raspberry Pi 4 Model B Rev 1.5\0")
    fixture.machine = replace(fixture.machine, proc=proc)


def _opened(fixture: FixtureMachine, **settings: object) -> str:
    """The backend that was opened."""
    clock = ManualClock()
    chosen = replace(CameraSettings(mode=CameraMode(64, 48)), **settings)  # type: ignore[arg-type]
    source = camera_opener(chosen, fixture.machine, clock, JetPackOpenCv(clock))()
    backend = str(source.details()["backend"])
    source.close()
    return backend


@pytest.mark.usefixtures("no_picamera2")
def test_a_machine_with_a_webcam_uses_it(fixture: FixtureMachine) -> None:
    with pytest.raises(DeviceError, match="There is no camera"):
        _opened(fixture)
    fixture.add_webcam(0)
    assert _opened(fixture) == "v4l2"


def test_a_pi_prefers_its_camera_module(fixture: FixtureMachine, board: PiBoard) -> None:
    fixture.add_webcam(1)
    assert _opened(fixture) == "picamera2"
    board.cameras = [USB]
    assert _opened(fixture) == "v4l2"


@pytest.mark.usefixtures("misfit_picamera2")
def test_a_pi_whose_library_does_not_load_says_so_until_a_webcam_comes(
    fixture: FixtureMachine,
) -> None:
    with pytest.raises(DeviceError, match="There is no camera"):
        _opened(fixture)
    _make_pi(fixture)
    with pytest.raises(DeviceError, match="numpy") as caught:
        _opened(fixture)
    assert not isinstance(caught.value, DeviceUnusableError)
    assert "setup.sh" in caught.value.advice
    assert list_cameras(fixture.machine) == []
    fixture.add_webcam(0)
    assert _opened(fixture) == "v4l2"


@pytest.mark.usefixtures("no_picamera2")
def test_a_jetson_uses_its_connector_where_a_sensor_is_on_it(fixture: FixtureMachine) -> None:
    _make_jetson(fixture)
    fixture.add_webcam(1)
    assert _opened(fixture) == "v4l2"
    fixture.add(0, "vi-output, imx219 9-0010")
    assert _opened(fixture) == "gstreamer"


@pytest.mark.usefixtures("board")
def test_an_identity_decides_over_what_would_be_first(fixture: FixtureMachine) -> None:
    node = fixture.add_webcam(0)
    assert _opened(fixture, identity=str(node)) == "v4l2"
    assert _opened(fixture, identity=IMX219["Id"]) == "picamera2"
    assert _opened(fixture, identity="nvargus:0") == "gstreamer"


@pytest.mark.usefixtures("board")
def test_the_settings_decide_over_all(fixture: FixtureMachine, tmp_path: Path) -> None:
    fixture.add_webcam(0)
    assert _opened(fixture, backend=Backend.V4L2) == "v4l2"
    clip = write_recording(tmp_path / "clip.mp4", [grey(64, 48)] * 5)
    playback = Playback(clip)
    assert _opened(fixture, backend=Backend.RECORDING, playback=playback) == "recording"
    with pytest.raises(DeviceUnusableError, match="No recording is chosen"):
        _opened(fixture, backend=Backend.RECORDING)


def test_all_cameras_are_listed_each_with_its_fault(
    fixture: FixtureMachine, board: PiBoard
) -> None:
    board.cameras = [IMX219, USB]
    free, held = fixture.add_webcam(0), fixture.add_webcam(2, "0002", "1-2")
    with held_open(held) as pid:
        found = list_cameras(fixture.machine)
    assert [(camera.name, camera.backend) for camera in found] == [
        ("imx219", Backend.PICAMERA2),
        ("Webcam: Webcam", Backend.V4L2),
        ("Webcam: Webcam", Backend.V4L2),
    ]
    assert found[0].identity == IMX219["Id"]
    assert found[1].fault is None
    assert found[2].fault
    assert f"process {pid}" in found[2].fault.args[0]
    with free.open():
        assert list_cameras(fixture.machine)[1].fault is None


@pytest.mark.usefixtures("no_picamera2")
def test_a_camera_that_may_not_be_opened_is_listed_with_what_to_do(fixture: FixtureMachine) -> None:
    def refuse(descriptor: int) -> bytes:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    fixture.add_webcam(0)
    (camera,) = list_cameras(replace(fixture.machine, query_capability=refuse))
    assert isinstance(camera.fault, DeviceUnusableError)
    assert "usermod -aG video" in camera.fault.advice


@pytest.mark.usefixtures("no_picamera2")
def test_a_jetson_without_gstreamer_in_opencv_says_so(fixture: FixtureMachine) -> None:
    _make_jetson(fixture)
    fixture.add(0, "vi-output, imx219 9-0010")
    (camera,) = list_cameras(fixture.machine)
    assert (camera.identity, camera.backend) == ("nvargus:0", Backend.GSTREAMER)
    assert camera.fault
    assert "without GStreamer" in camera.fault.args[0]


@pytest.mark.usefixtures("no_picamera2")
def test_this_machine_is_listed_without_a_fault_of_our_own() -> None:
    assert isinstance(list_cameras(), list)
