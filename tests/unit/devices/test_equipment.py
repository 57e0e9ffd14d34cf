"""All devices together: off until somebody agrees, and nothing kept when they are off again."""

import queue
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from appliance.devices.controls.controls import NoControls
from appliance.devices.controls.lights import FaultLight, LightState, fault_light
from appliance.devices.equipment import Equipment, Parts
from appliance.devices.printer.faults import PrinterMissingError
from appliance.devices.printer.port import UsbPort
from appliance.devices.printer.printer import Printer
from appliance.devices.speaker.speaker import Speaker
from appliance.devices.supervisor import State
from appliance.devices.trial import Trial
from appliance.domain.errors import DeviceUnusableError, EndOfRecordingError
from appliance.domain.health import Status
from appliance.domain.media import AudioBlock, Frame
from tests.devices import ManualClock
from tests.waiting import ended, until


class SilentPlayer:
    """A loudspeaker that is there, or not."""

    def __init__(self, missing: str | None = None) -> None:
        self._missing = missing

    def missing(self) -> str | None:
        return self._missing

    def play(self, *_: object) -> None:
        """Nobody hears it."""


class Fed:
    """A device that gives what the test puts into it, and nothing meanwhile."""

    def __init__(self) -> None:
        self.opened = 0
        self.closed = 0
        self._samples: queue.Queue[Any] = queue.Queue()

    def open(self) -> "Fed":
        self.opened += 1
        return self

    def read(self) -> Any:
        try:
            sample = self._samples.get(timeout=0.005)
        except queue.Empty:
            return None
        if isinstance(sample, Exception):
            raise sample
        return sample

    def close(self) -> None:
        self.closed += 1

    def complaint(self) -> str | None:
        return None

    def details(self) -> Mapping[str, Any]:
        return {"device": "fed"}

    def gives(self, sample: object) -> None:
        self._samples.put(sample)


class Booth:
    """Equipment whose camera and microphone do what the test says."""

    def __init__(self, missing_player: str | None = None) -> None:
        self.clock = ManualClock()
        self.camera = Fed()
        self.microphone = Fed()
        self.equipment = Equipment(
            Parts(
                self.camera.open,
                self.microphone.open,
                NoControls("There is no button.", self.clock),
                Speaker((), SilentPlayer(missing_player)),
            ),
            self.clock,
        )

    def starts(self) -> None:
        self.equipment.start()
        self.equipment.start_camera()
        self.equipment.start_microphone()
        until(lambda: (self.camera.opened, self.microphone.opened) == (1, 1))

    def gives(self) -> None:
        """A frame and a loud block, both of now; both are there when this returns."""
        waiting_s = self.equipment.blocks.waiting_s
        frame = Frame(self.clock.now, np.zeros((4, 4, 3), np.uint8))
        self.camera.gives(frame)
        self.microphone.gives(AudioBlock(self.clock.now - 0.1, np.full(1600, 0.5, np.float32)))
        until(lambda: self.equipment.frames.snapshot() is frame)
        until(lambda: self.equipment.blocks.waiting_s > waiting_s)

    def status(self) -> dict[str, Status]:
        return {part.name: part.status for part in self.equipment.health()}


@pytest.fixture
def build() -> Iterator[Callable[..., Booth]]:
    booths: list[Booth] = []

    def built(missing_player: str | None = None) -> Booth:
        booths.append(Booth(missing_player))
        return booths[-1]

    yield built
    assert all(booth.equipment.stop() for booth in booths)


def test_nothing_is_opened_before_somebody_agreed(build: Callable[..., Booth]) -> None:
    booth = build()
    booth.equipment.start()
    assert (booth.camera.opened, booth.microphone.opened) == (0, 0)
    assert booth.status()["camera"] is Status.SKIPPED
    assert fault_light(booth.equipment.health()) is None


def test_who_refuses_the_camera_is_heard_all_the_same(build: Callable[..., Booth]) -> None:
    booth = build()
    booth.equipment.start()
    booth.equipment.start_microphone()
    until(lambda: booth.microphone.opened == 1)
    assert booth.camera.opened == 0


def test_what_they_give_is_there_to_be_taken(build: Callable[..., Booth]) -> None:
    booth = build()
    booth.starts()
    booth.gives()
    assert booth.equipment.frames.snapshot() is not None
    assert booth.equipment.level.level.peak_dbfs == pytest.approx(-6.0, abs=0.1)
    assert booth.equipment.blocks.waiting_s == pytest.approx(0.1)
    assert booth.status()["microphone"] is Status.HEALTHY
    details = {part.name: part.details for part in booth.equipment.health()}
    assert details["microphone"]["blocks_dropped"] == 0


def test_when_the_sensors_stop_nothing_of_the_person_is_left(build: Callable[..., Booth]) -> None:
    booth = build()
    booth.starts()
    booth.gives()
    assert booth.equipment.stop_sensors()
    assert booth.equipment.frames.snapshot() is None
    assert booth.equipment.blocks.get(0.0) is None
    assert booth.equipment.level.level.peak_dbfs == -90.0
    assert (booth.camera.closed, booth.microphone.closed) == (1, 1)


def test_the_light_tells_of_the_microphone_before_the_camera(build: Callable[..., Booth]) -> None:
    booth = build("aplay")
    booth.equipment.start()
    assert fault_light(booth.equipment.health()) is FaultLight.SPEAKER
    booth.starts()
    broken = DeviceUnusableError("It is broken.")
    booth.camera.gives(broken)
    until(lambda: booth.equipment.camera_state is State.FAILED)
    assert fault_light(booth.equipment.health()) is FaultLight.CAMERA
    booth.microphone.gives(broken)
    until(lambda: booth.equipment.microphone_state is State.FAILED)
    assert fault_light(booth.equipment.health()) is FaultLight.MICROPHONE
    assert booth.equipment.controls.light is LightState.OFF


def test_a_trial_tells_each_change_once_and_adds_up_what_came(build: Callable[..., Booth]) -> None:
    booth = build()
    trial = Trial(booth.equipment, booth.clock)
    booth.starts()
    first = {part.name for part in trial.changes()}
    assert first == {"camera", "microphone", "speaker", "controls"}
    assert trial.changes() == []
    for _ in range(3):
        booth.gives()
    trial.take(0.0)
    assert {part.name for part in trial.changes()} == {"camera", "microphone"}
    tally = trial.tally()
    assert (tally.frames, tally.passed_over, tally.dropped) == (1, 2, 0)
    assert str(tally) == (
        "1 pictures, 2 more passed over; 0.3 s of sound, none of it lost; at most 0.00 s late."
    )
    assert not trial.is_over


def test_a_trial_is_over_when_both_recordings_are(build: Callable[..., Booth]) -> None:
    booth = build()
    trial = Trial(booth.equipment, booth.clock)
    booth.starts()
    over = EndOfRecordingError("The recording is over.")
    booth.camera.gives(over)
    until(lambda: booth.equipment.camera_state is State.ENDED)
    assert not trial.is_over
    booth.microphone.gives(over)
    until(lambda: trial.is_over)


def test_a_printer_is_prepared_told_of_and_let_go_of_and_its_faults_darken_no_light(
    tmp_path: Path,
) -> None:
    clock = ManualClock()
    equipment = Equipment(
        Parts(
            Fed().open,
            Fed().open,
            NoControls("There is no button.", clock),
            Speaker((), SilentPlayer()),
            Printer(UsbPort(str(tmp_path / "lp0")), 32),
        ),
        clock,
    )
    equipment.start()
    ended("booth-printer-prepares")
    assert equipment.health()[-1].name == "printer"
    assert equipment.printer is not None
    with pytest.raises(PrinterMissingError):
        equipment.printer.print(tuple)
    assert equipment.health()[-1].status is Status.WARNING
    assert fault_light(equipment.health()) is None
    assert equipment.stop()
