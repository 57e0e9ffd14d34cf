"""Button and light on a Raspberry Pi, by gpiozero's own mock pins."""

import importlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from appliance.devices.controls.board import BoardSource, LightSwitch
from appliance.devices.controls.button import ButtonEvent
from appliance.devices.controls.controls import SupervisedControls
from appliance.devices.controls.gpio import GpioBoard, GpioPins
from appliance.devices.controls.lights import DARK, PATTERNS, Colour, FaultLight, LightState
from appliance.devices.supervisor import Patience
from appliance.domain.errors import DeviceError, DeviceUnusableError, WrongUsageError
from appliance.domain.health import Status
from tests.devices import ManualClock
from tests.unit.devices.controls.conftest import Heard
from tests.waiting import ended, open_files, until

# It has no types; so imported, all that comes of it is Any.
gpiozero: Any = importlib.import_module("gpiozero")
mock: Any = importlib.import_module("gpiozero.pins.mock")

PINS = GpioPins()


@pytest.fixture
def factory() -> Iterator[Any]:
    factory = mock.MockFactory(pin_class=mock.MockPWMPin)
    yield factory
    factory.reset()
    factory.close()


def _colour(factory: Any, pins: GpioPins = PINS) -> tuple[float, ...]:
    return tuple(float(factory.pin(pin).state) for pin in pins.lights)


def _reserved(factory: Any) -> int:
    return sum(len(devices) for devices in factory._reservations.values())


class Bench:
    """A board with mock pins, whose time passes as it is looked at."""

    def __init__(self, factory: Any, pins: GpioPins = PINS) -> None:
        self.clock = ManualClock()
        self.switch = LightSwitch(self.clock)
        self.factory = factory
        self.contact = factory.pin(pins.button)
        self.source = BoardSource(GpioBoard(pins, factory), self.switch, self.clock, self._passes)

    def _passes(self, seconds: float) -> None:
        self.clock.now += seconds

    def after(self, seconds: float) -> list[ButtonEvent]:
        ends_at = self.clock.now + seconds
        events: list[ButtonEvent] = []
        while self.clock.now < ends_at:
            events += self.source.read()
        return events

    def press(self) -> None:
        self.contact.drive_low()

    def release(self) -> None:
        self.contact.drive_high()


@pytest.fixture
def bench(factory: Any) -> Iterator[Bench]:
    bench = Bench(factory)
    bench.after(0.1)
    yield bench
    bench.source.close()


def test_a_press_and_the_holds_come_as_events(bench: Bench) -> None:
    bench.press()
    assert bench.after(0.2) == []
    bench.release()
    assert bench.after(0.2) == [ButtonEvent.PRESS]
    bench.press()
    assert bench.after(3) == []
    bench.release()
    assert bench.after(0.2) == [ButtonEvent.SKIP]
    bench.press()
    assert bench.after(5.2) == [ButtonEvent.WIPE]
    bench.release()
    assert bench.after(0.2) == []


def test_a_bouncing_button_presses_once(bench: Bench) -> None:
    events = []
    for change in [bench.press, bench.release] * 5 + [bench.press]:
        change()
        events += bench.after(0.01)
    events += bench.after(0.3)
    for change in [bench.release, bench.press] * 5 + [bench.release]:
        change()
        events += bench.after(0.01)
    events += bench.after(0.3)
    assert events == [ButtonEvent.PRESS]


def test_the_light_follows_the_state(bench: Bench, factory: Any) -> None:
    bench.switch.show(LightState.READY)
    bench.after(0.1)
    assert _colour(factory) == (0, 1, 0)
    bench.switch.show(LightState.ASKING)
    bench.after(1.0)
    assert _colour(factory)[2] > 0.95
    bench.after(1.0)
    assert 0 < _colour(factory)[2] < 0.2


@pytest.mark.parametrize("fault", list(FaultLight))
def test_the_red_led_blinks_as_often_as_the_table_says(
    bench: Bench, factory: Any, fault: FaultLight
) -> None:
    bench.switch.show(fault)
    states = []
    for _ in range(60 * PATTERNS[fault].blinks + 120):
        bench.after(0.01)
        states.append(_colour(factory)[0])
    blinks = sum(after > before for before, after in zip([0, *states], states, strict=False))
    assert blinks == PATTERNS[fault].blinks


def test_the_light_turns_white_when_letting_go_would_skip(bench: Bench, factory: Any) -> None:
    bench.switch.show(LightState.LISTENING)
    bench.press()
    bench.after(1.9)
    assert _colour(factory) == (1, 0, 0)
    bench.after(0.3)
    assert _colour(factory) == (1, 1, 1)
    bench.after(3.2)
    assert _colour(factory) == (1, 0, 0)


def test_a_pin_is_written_only_when_the_colour_changes(bench: Bench, factory: Any) -> None:
    bench.switch.show(LightState.READY)
    bench.after(0.1)
    green = factory.pin(PINS.green)
    green.clear_states()
    bench.after(5)
    assert len(green.states) == 1


def test_a_common_anode_is_lit_by_a_low_pin(factory: Any) -> None:
    pins = GpioPins(active_high=False)
    board = GpioBoard(pins, factory)
    assert _colour(factory) == (1, 1, 1)
    board.shine((1.0, 0.25, 0.0))
    assert _colour(factory) == (0, 0.75, 1)
    board.close()


def test_a_button_to_the_supply_is_pressed_by_a_high_pin(factory: Any) -> None:
    board = GpioBoard(GpioPins(pull_up=False), factory)
    assert not board.pressed()
    factory.pin(PINS.button).drive_high()
    assert board.pressed()
    board.close()


@pytest.mark.parametrize(
    ("colour", "levels"),
    [
        ((1.0, 0.5, 0.0), (1, 1, 0)),
        ((0.0, 0.0, 0.1), (0, 0, 0)),
        ((0.0, 0.0, 0.6), (0, 0, 1)),
        (DARK, (0, 0, 0)),
    ],
)
def test_pins_that_cannot_dim_are_on_or_off(colour: Colour, levels: tuple[int, ...]) -> None:
    factory = mock.MockFactory(pin_class=mock.MockPin)
    board = GpioBoard(PINS, factory)
    board.shine(colour)
    assert _colour(factory) == levels
    assert board.details()["dimmed"] is False
    board.close()
    factory.close()


def test_a_light_whose_pin_is_in_use_is_named_and_comes_back(factory: Any) -> None:
    other = gpiozero.LED(PINS.green, pin_factory=factory)
    with pytest.raises(DeviceError, match="GPIO 24, for the green light, is in use") as caught:
        GpioBoard(PINS, factory)
    assert not isinstance(caught.value, DeviceUnusableError)
    assert _reserved(factory) == 1
    other.close()
    board = GpioBoard(PINS, factory)
    board.close()
    assert _reserved(factory) == 0


class BusyPin(mock.MockPWMPin):  # type: ignore[misc]
    """As lgpio has it where another program holds the line: the first claim fails."""

    claims = 0

    def __init__(self, factory: Any, info: Any) -> None:
        if info.name == "GPIO23":
            BusyPin.claims += 1
            if BusyPin.claims == 1:
                raise RuntimeError("'GPIO busy'")
        super().__init__(factory, info)


def test_a_pin_that_another_program_held_is_no_ghost_in_our_own_way() -> None:
    BusyPin.claims = 0
    factory = mock.MockFactory(pin_class=BusyPin)
    with pytest.raises(DeviceError, match="GPIO 23, for the red light, is in use") as kept:
        GpioBoard(PINS, factory)
    board = GpioBoard(PINS, factory)  # while the error, and all that it holds, is still there
    assert kept.value.__context__ is None
    board.close()
    factory.close()


def test_a_pin_that_the_board_lacks_is_named(factory: Any) -> None:
    with pytest.raises(DeviceUnusableError, match="no GPIO 99, for the blue light"):
        GpioBoard(GpioPins(blue=99), factory)
    assert _reserved(factory) == 0


def test_a_pin_with_a_resistor_the_other_way_is_named(factory: Any) -> None:
    with pytest.raises(DeviceUnusableError, match="GPIO 2, for the button, has a resistor"):
        GpioBoard(GpioPins(button=2, pull_up=False), factory)


def test_two_parts_on_one_pin_are_refused() -> None:
    with pytest.raises(WrongUsageError, match="share a pin"):
        GpioPins(red=17)


def test_ten_times_open_and_close_leave_nothing_behind(factory: Any) -> None:
    threads, files = threading.active_count(), open_files()
    for _ in range(10):
        board = GpioBoard(PINS, factory)
        board.shine((1.0, 1.0, 1.0))
        board.close()
        board.close()
        assert _reserved(factory) == 0
        assert {factory.pin(pin).function for pin in (PINS.button, *PINS.lights)} == {"input"}
    assert threading.active_count() == threads
    assert open_files() == files


def test_a_machine_without_gpio_goes_on_without(
    heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real gpiozero, on whatever machine the tests run: none is a Raspberry Pi."""
    monkeypatch.setattr(gpiozero.Device, "pin_factory", None)
    clock = ManualClock()
    failed = threading.Event()

    def opener(switch: LightSwitch) -> BoardSource:
        try:
            return BoardSource(GpioBoard(PINS), switch, clock, lambda _: None)
        finally:
            failed.set()

    controls = SupervisedControls("button", opener, heard, clock)
    controls.show(LightState.READY)
    controls.start()
    assert failed.wait(30)
    ended("booth-button")
    health = controls.health()
    assert (health.name, health.status) == ("controls", Status.WARNING)
    assert health.message.startswith("There is no GPIO here, so the booth goes on without button")
    assert "screen or a keyboard" in health.advice
    assert health.details["light"] == "ready"
    assert gpiozero.Device.pin_factory is None
    assert controls.stop()


def test_the_machines_own_pins_are_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []

    def ensure() -> None:
        made.append(mock.MockFactory(pin_class=mock.MockPWMPin))
        gpiozero.Device.pin_factory = made[-1]

    monkeypatch.setattr(gpiozero.Device, "pin_factory", None)
    monkeypatch.setattr(gpiozero.Device, "ensure_pin_factory", staticmethod(ensure))
    for _ in range(10):
        GpioBoard(PINS, dev=Path("/nowhere")).close()
        assert gpiozero.Device.pin_factory is None
    assert len(made) == 10
    assert made[-1].pins == {}


def test_a_user_outside_the_group_is_told_which_to_join(without_rights: Path) -> None:
    with pytest.raises(DeviceUnusableError, match="gpiochip0 is for the group gpio") as caught:
        GpioBoard(PINS, dev=without_rights)
    assert caught.value.advice.startswith("Run 'sudo usermod -aG gpio USER'")


def test_under_supervision_a_pin_in_use_is_tried_again_until_it_is_free(
    factory: Any, heard: Heard
) -> None:
    other = gpiozero.LED(PINS.red, pin_factory=factory)
    refused, looked = threading.Event(), threading.Event()

    def waits(_: float) -> None:
        looked.set()
        threading.Event().wait(0.001)

    def opener(switch: LightSwitch) -> BoardSource:
        try:
            return BoardSource(GpioBoard(PINS, factory), switch, ManualClock(), waits)
        except DeviceError:
            refused.set()
            raise

    patience = Patience(first_retry_s=0.001, longest_retry_s=0.002)
    controls = SupervisedControls("button", opener, heard, ManualClock(), patience)
    controls.start()
    assert refused.wait(30)
    other.close()
    assert looked.wait(30)
    until(lambda: controls.health().status is Status.HEALTHY)
    assert controls.health().message == "The button works."
    assert controls.stop()
    assert _reserved(factory) == 0
    assert controls.health().status is Status.SKIPPED


def test_ten_times_start_and_stop_leave_no_thread_no_file_and_no_pin(
    factory: Any, heard: Heard
) -> None:
    threads, files = threading.active_count(), open_files()

    def opener(switch: LightSwitch) -> BoardSource:
        return BoardSource(GpioBoard(PINS, factory), switch, ManualClock(), threading.Event().wait)

    controls = SupervisedControls("button", opener, heard, ManualClock())
    for _ in range(10):
        controls.start()
        controls.start()
        controls.show(LightState.READY)
        until(lambda: _colour(factory) == (0, 1, 0))
        assert controls.stop()
        assert _reserved(factory) == 0
        assert _colour(factory)[1] != 1
    assert threading.active_count() == threads
    assert open_files() == files
