"""Devices are opened as the booth opens them, and must give something."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from appliance.devices.controls.controls import NoControls
from appliance.devices.controls.selection import ControlsKind
from appliance.devices.microphone.selection import FoundMicrophone
from appliance.devices.printer.port import UsbPort
from appliance.devices.speaker.job import Job
from appliance.devices.speaker.sound import Sound
from appliance.domain.errors import DeviceError, DeviceUnusableError
from appliance.domain.health import Health, Status
from appliance.operations.doctor.devices import (
    check_controls,
    check_printer,
    check_sensor,
    check_speaker,
)
from tests.devices import ManualClock
from tests.printers import answering_printer


class Sensor:
    """A device that gives a sample at its third reading, or does what the test says."""

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock
        self.grievance: str | None = None
        self.fault: DeviceError | None = None
        self.silent = False
        self.closed = 0
        self._reads = 0

    def read(self) -> str | None:
        self._clock.now += 0.2
        self._reads += 1
        if self.fault is not None:
            raise self.fault
        return "sample" if self._reads == 3 and not self.silent else None

    def close(self) -> None:
        self.closed += 1

    def complaint(self) -> str | None:
        return self.grievance

    def details(self) -> Mapping[str, Any]:
        return {"device": "Webcam"}


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def sensor(clock: ManualClock) -> Sensor:
    return Sensor(clock)


def _check(sensor: Sensor, clock: ManualClock) -> Health:
    return check_sensor("camera", lambda: sensor, list, clock)


def test_a_device_that_gives_something_works(sensor: Sensor, clock: ManualClock) -> None:
    found = _check(sensor, clock)
    assert (found.status, found.message) == (Status.HEALTHY, "Webcam works.")
    assert found.details["first_sample_s"] == 0.6
    assert sensor.closed == 1


def test_one_that_gives_nothing_does_not(sensor: Sensor, clock: ManualClock) -> None:
    sensor.silent = True
    found = _check(sensor, clock)
    assert found.status is Status.CRITICAL
    assert found.message == "Webcam was opened, and sent nothing for 5 s."
    assert sensor.closed == 1


def test_a_complaint_is_a_warning(sensor: Sensor, clock: ManualClock) -> None:
    sensor.grievance = "The picture is black. Is the lens covered?"
    found = _check(sensor, clock)
    assert found.status is Status.WARNING
    assert found.message == "Webcam: The picture is black. Is the lens covered?"


def test_one_that_breaks_while_it_is_read_is_closed(sensor: Sensor, clock: ManualClock) -> None:
    sensor.fault = DeviceError("The camera was unplugged.", "Plug it in again.")
    found = _check(sensor, clock)
    assert (found.status, found.message) == (Status.CRITICAL, "The camera was unplugged.")
    assert sensor.closed == 1


def test_one_that_cannot_be_opened_is_told_with_what_there_is(clock: ManualClock) -> None:
    def refuse() -> Sensor:
        raise DeviceUnusableError("Only the group 'audio' may.", "Run usermod.")

    def listed() -> list[FoundMicrophone]:
        return [FoundMicrophone("USB", "1-1", None), FoundMicrophone("B", "2-1", DeviceError("X."))]

    found = check_sensor("microphone", refuse, listed, clock)
    assert (found.status, found.advice) == (Status.CRITICAL, "Run usermod.")
    assert found.details["found"] == [
        {"name": "USB", "identity": "1-1", "fault": ""},
        {"name": "B", "identity": "2-1", "fault": "X."},
    ]


def test_where_listing_fails_the_device_is_tried_all_the_same(
    sensor: Sensor, clock: ManualClock
) -> None:
    def listed() -> list[FoundMicrophone]:
        raise DeviceUnusableError("PyAudio cannot be loaded.")

    assert check_sensor("camera", lambda: sensor, listed, clock).status is Status.HEALTHY


class FakePlayer:
    """A loudspeaker that is there, or not."""

    def __init__(self, missing: str | None = None, fault: DeviceError | None = None) -> None:
        self._missing = missing
        self._fault = fault
        self.played: list[Sound] = []

    def missing(self) -> str | None:
        return self._missing

    def play(self, sound: Sound, job: Job) -> None:
        if self._fault is not None:
            raise self._fault
        self.played.append(sound)


def test_the_loudspeaker_is_tried_with_silence() -> None:
    player = FakePlayer()
    found = check_speaker(player, ["espeak-ng"])
    assert found.status is Status.HEALTHY
    assert not player.played[0].samples.any()


@pytest.mark.parametrize(
    ("player", "voices", "words"),
    [
        (FakePlayer("aplay"), ["espeak-ng"], "The program aplay is not installed."),
        (FakePlayer(), [], "No voice is installed."),
        (FakePlayer(fault=DeviceError("It is busy.")), ["espeak-ng"], "It is busy."),
    ],
)
def test_without_a_loudspeaker_the_booth_goes_on_by_captions(
    player: FakePlayer, voices: list[str], words: str
) -> None:
    found = check_speaker(player, voices)
    assert found.status is Status.WARNING
    assert found.message == f"{words} Questions are shown on the screen in any case."


def test_a_printer_is_asked_where_one_is_set_and_prints_nothing(tmp_path: Path) -> None:
    assert check_printer(None).status is Status.SKIPPED
    missing = check_printer(UsbPort(str(tmp_path / "lp0")))
    assert missing.status is Status.WARNING
    assert missing.message == f"There is no printer at {tmp_path}/lp0."
    assert missing.advice == "Plug the printer in and switch it on."
    with answering_printer(b"\x12") as there:
        assert check_printer(UsbPort(str(there.path))).status is Status.HEALTHY
        assert there.data == b"\x10\x04\x04"
    with answering_printer(b"\x72") as empty:
        assert check_printer(UsbPort(str(empty.path))).message == "The printer has no paper."


class Board(NoControls):
    """Controls that need some time until they tell how they do."""

    def __init__(self, *states: Health) -> None:
        super().__init__("", ManualClock())
        self._states = list(states)
        self.started = self.stopped = 0

    def start(self) -> None:
        self.started += 1

    def stop(self, timeout_s: float = 5.0) -> bool:
        self.stopped += 1
        return True

    def health(self) -> Health:
        return self._states.pop(0) if len(self._states) > 1 else self._states[0]


_STARTING = Health("controls", Status.UNKNOWN, "The button is being opened.")


def _try(*states: Health) -> tuple[Health, Board]:
    board = Board(*states)
    found = check_controls(ControlsKind.GPIO, lambda: board, lambda _: None)
    assert (board.started, board.stopped) == (1, 1)
    return found, board


def test_a_button_is_started_and_let_go_again() -> None:
    found, _ = _try(_STARTING, _STARTING, Health("controls", Status.HEALTHY, "It works."))
    assert (found.status, found.details["kind"]) == (Status.HEALTHY, "gpio")


def test_pins_in_use_are_told() -> None:
    found, _ = _try(_STARTING, Health("controls", Status.WARNING, "Pin 17 is in use.", "Close it."))
    assert (found.message, found.advice) == ("Pin 17 is in use.", "Close it.")


def test_one_that_never_tells_is_unknown() -> None:
    found, _ = _try(_STARTING)
    assert found.status is Status.UNKNOWN


@pytest.mark.parametrize("kind", [ControlsKind.NONE, ControlsKind.TERMINAL])
def test_without_a_button_nothing_is_wrong(kind: ControlsKind) -> None:
    def build() -> Board:
        raise AssertionError("there is nothing to build")

    builder: Callable[[], Board] = build
    assert check_controls(kind, builder).status is Status.SKIPPED
