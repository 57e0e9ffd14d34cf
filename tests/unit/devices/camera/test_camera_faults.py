"""What happens to cameras in use, under the real supervisor, in real time with its real patience.

`pytest -o junit_family=xunit1 --junitxml=FILE` writes the recovery times as properties to FILE.
"""

import errno
import os
import sys
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import pytest

from appliance.devices.buffers import LatestFrame
from appliance.devices.camera.live import CameraMode
from appliance.devices.camera.selection import Backend, CameraSettings, camera_opener
from appliance.devices.playback import Playback
from appliance.devices.supervisor import Patience, State, Supervisor
from appliance.domain.health import Health, Status
from appliance.domain.media import Frame
from tests.cameras import FixtureMachine, PacedOpenCv, held_open, living
from tests.fake_picamera2 import PiBoard
from tests.media import grey, write_recording

_QUICK = Patience(alarm_s=0.05, reopen_s=0.1, first_retry_s=0.005, longest_retry_s=0.01)
_MODE = CameraMode(64, 48)

Record = Callable[[str, object], None]


def _until(holds: Callable[[], bool]) -> None:
    never = threading.Event()
    for _ in range(15_000):
        if holds():
            return
        never.wait(0.002)
    pytest.fail("it did not come to that")


class Kiosk:
    """A machine with a supervised camera."""

    def __init__(self, fixture: FixtureMachine) -> None:
        self.fixture = fixture
        self.opencv = PacedOpenCv()
        self.newest = LatestFrame()
        self.supervisor = self.supervised(CameraSettings(Backend.V4L2, mode=_MODE))

    def supervised(
        self, settings: CameraSettings, patience: Patience | None = None
    ) -> Supervisor[Frame]:
        opener = camera_opener(settings, self.fixture.machine, opencv=self.opencv)
        self.supervisor = Supervisor("camera", opener, self.newest.put, time.monotonic, patience)
        return self.supervisor

    def start(self) -> None:
        self.supervisor.start()
        self.runs_well()

    def health(self) -> Health:
        return self.supervisor.health()

    def runs_well(self) -> None:
        _until(lambda: self.health().status is Status.HEALTHY)

    def says(self, words: str) -> None:
        _until(lambda: words in self.health().message)

    def recoveries(self) -> int:
        count = self.health().details["recoveries"]
        assert isinstance(count, int)
        return count

    def recovers_after(self, before: int) -> None:
        _until(lambda: self.recoveries() > before)

    def recovery_s(self) -> float:
        seconds = self.health().details["last_recovery_s"]
        assert isinstance(seconds, float)
        return seconds


@pytest.fixture
def kiosk(fixture: FixtureMachine) -> Iterator[Kiosk]:
    kiosk = Kiosk(fixture)
    yield kiosk
    assert kiosk.supervisor.stop()
    assert kiosk.opencv.now_open == 0


def test_a_camera_that_another_program_holds_is_named_and_taken_when_free(
    kiosk: Kiosk, record_property: Record
) -> None:
    node = kiosk.fixture.add_webcam(0)
    kiosk.opencv.busy = lambda: bool(
        set(kiosk.fixture.machine.holders(node)) - {"the booth itself"}
    )
    with held_open(node) as pid:
        kiosk.supervisor.start()
        kiosk.says(f"(process {pid}).")
        assert kiosk.health().status is Status.CRITICAL
        assert kiosk.health().advice == "Close that program."
    freed_s = time.monotonic()
    kiosk.runs_well()
    after_s = time.monotonic() - freed_s
    record_property("busy, then free: recovery_s", round(after_s, 3))
    assert after_s < 2


def test_a_camera_that_is_unplugged_comes_back_under_another_number(
    kiosk: Kiosk, record_property: Record
) -> None:
    node = kiosk.fixture.add_webcam(0)
    identity = str(kiosk.fixture.root / "dev/v4l/by-id/usb-Maker_Webcam_0001-video-index0")
    kiosk.supervised(CameraSettings(Backend.V4L2, identity, _MODE))
    kiosk.start()
    kiosk.fixture.unplug(node)
    kiosk.opencv.orders.put(cv2.error("Error is reported for camera stream"))
    _until(lambda: kiosk.supervisor.state is State.RECOVERING)
    assert "camera" in kiosk.health().message
    kiosk.says("is not there")
    kiosk.fixture.add_webcam(2)
    kiosk.runs_well()
    assert kiosk.opencv.asked[-1][0].endswith("video2")
    record_property("gone and back: last_recovery_s", kiosk.recovery_s())
    assert kiosk.recovery_s() < 2


def test_a_camera_that_is_missing_at_the_start_is_found_when_it_comes(
    kiosk: Kiosk, record_property: Record
) -> None:
    kiosk.supervisor.start()
    kiosk.says("There is no camera.")
    kiosk.fixture.add_webcam(0)
    kiosk.runs_well()
    record_property("absent at boot: last_recovery_s", kiosk.recovery_s())
    assert kiosk.recovery_s() < 2


def test_a_frozen_picture_reopens_the_camera(kiosk: Kiosk, record_property: Record) -> None:
    kiosk.fixture.add_webcam(0)
    kiosk.start()
    kiosk.opencv.still = grey(64, 48)
    froze_s = time.monotonic()
    kiosk.says("the same picture again and again")
    assert kiosk.health().status is Status.CRITICAL
    kiosk.opencv.still = None
    kiosk.runs_well()
    after_s = time.monotonic() - froze_s
    record_property("frozen: noticed and recovered_s", round(after_s, 3))
    record_property("frozen: last_recovery_s", kiosk.recovery_s())
    assert 2 < after_s < 5
    assert len(kiosk.opencv.asked) >= 2


def test_a_covered_lens_is_complained_of_but_not_reopened(kiosk: Kiosk) -> None:
    kiosk.fixture.add_webcam(0)
    kiosk.start()
    kiosk.opencv.still = grey(64, 48, 0)
    kiosk.says("The picture is black. Is the lens covered?")
    assert kiosk.health().status is Status.WARNING
    assert kiosk.supervisor.state is State.HEALTHY
    kiosk.opencv.still = None
    kiosk.runs_well()
    assert len(kiosk.opencv.asked) == 1
    assert kiosk.health().details["recoveries"] == 0


def test_a_camera_that_falls_silent_is_reopened(kiosk: Kiosk, record_property: Record) -> None:
    kiosk.fixture.add_webcam(0)
    kiosk.start()
    kiosk.opencv.silent = True
    kiosk.says("went quiet")
    assert kiosk.health().status is Status.WARNING
    kiosk.says("has sent nothing for")
    kiosk.opencv.silent = False
    kiosk.runs_well()
    record_property("silent: last_recovery_s", kiosk.recovery_s())
    assert 3 < kiosk.recovery_s() < 5
    assert len(kiosk.opencv.asked) >= 2


def test_a_camera_that_may_not_be_opened_fails_until_a_person_asks_again(kiosk: Kiosk) -> None:
    kiosk.fixture.add_webcam(0)
    denied = threading.Event()
    denied.set()

    def query(descriptor: int) -> bytes:
        if denied.is_set():
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return os.pread(descriptor, 104, 0)

    kiosk.fixture.machine = replace(kiosk.fixture.machine, query_capability=query)
    kiosk.supervised(CameraSettings(Backend.V4L2, mode=_MODE))
    kiosk.supervisor.start()
    kiosk.says("group 'video'")
    assert kiosk.supervisor.state is State.FAILED
    assert "sudo usermod -aG video $USER" in kiosk.health().advice
    denied.clear()
    kiosk.start()


def test_a_recording_that_ends_is_told_and_not_tried_again(kiosk: Kiosk, tmp_path: Path) -> None:
    clip = write_recording(tmp_path / "clip.mp4", [grey(64, 48, 5 * n) for n in range(10)])
    kiosk.supervised(CameraSettings(Backend.RECORDING, playback=Playback(clip)))
    kiosk.start()
    _until(lambda: kiosk.supervisor.state is State.ENDED)
    assert kiosk.health().message == "The recording is over."
    assert kiosk.health().status is Status.WARNING
    assert kiosk.newest.snapshot()


def test_ten_rounds_of_all_faults_leave_nothing_behind(kiosk: Kiosk) -> None:
    node = kiosk.fixture.add_webcam(0)
    kiosk.supervised(CameraSettings(Backend.V4L2, mode=_MODE), _QUICK)
    kiosk.opencv.step_s = 0.002
    kiosk.start()
    threads, files = threading.active_count(), _open_files()
    tracemalloc.start()
    sizes = []
    for _ in range(10):
        kiosk.fixture.unplug(node)
        kiosk.opencv.orders.put(cv2.error("gone"))
        kiosk.says("There is no camera.")
        kiosk.opencv.refuses = 3
        node = kiosk.fixture.add_webcam(0)
        kiosk.runs_well()
        kiosk.opencv.silent = True
        kiosk.says("has sent nothing")
        kiosk.opencv.silent = False
        kiosk.runs_well()
        before = kiosk.recoveries()
        kiosk.opencv.orders.put(ValueError("a driver may raise anything"))
        kiosk.recovers_after(before)
        sizes.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    assert (threading.active_count(), kiosk.opencv.now_open) == (threads, 1)
    assert _open_files() == files
    assert sizes[-1] - sizes[1] < 200_000  # bytes
    assert kiosk.health().details["recoveries"] >= 30


def test_ten_rounds_with_a_pis_module_leave_nothing_behind(
    kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    board = PiBoard()
    monkeypatch.setitem(sys.modules, "picamera2", board.library())
    kiosk.supervised(CameraSettings(Backend.PICAMERA2, mode=_MODE), _QUICK)
    kiosk.supervisor.start()

    def gives_again() -> bool:
        board.give(living(len(board.asked)))
        return kiosk.health().status is Status.HEALTHY

    _until(gives_again)
    threads, files = threading.active_count(), _open_files()
    for _ in range(10):
        board.in_use = True  # and the cable is pulled: no picture comes any more
        kiosk.says("cannot be opened")
        board.in_use = False
        _until(gives_again)
    assert threading.active_count() == threads
    _until(lambda: _open_files() == files)
    assert kiosk.supervisor.stop()
    assert (board.open_cameras, board.unreleased) == (0, 0)


def _open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())
