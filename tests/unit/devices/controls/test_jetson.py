"""Button and light on a Jetson, by a fake that the contract test holds to the real package."""

from pathlib import Path

import pytest

from appliance.devices.controls.board import BoardSource, LightSwitch
from appliance.devices.controls.button import ButtonEvent
from appliance.devices.controls.jetson import JetsonBoard, JetsonPins
from appliance.devices.controls.lights import LightState
from appliance.domain.errors import DeviceError, DeviceUnusableError, WrongUsageError
from tests.devices import ManualClock
from tests.unit.devices.controls.fake_jetson import HIGH, LOW, FakeJetson
from tests.waiting import open_files

PINS = JetsonPins()
NO_DEV = Path("/nowhere")


@pytest.fixture
def gpio() -> FakeJetson:
    return FakeJetson()


def _board(gpio: FakeJetson, pins: JetsonPins = PINS) -> JetsonBoard:
    return JetsonBoard(pins, lambda: gpio, NO_DEV)


def _lit(gpio: FakeJetson) -> tuple[int, ...]:
    return tuple(gpio.levels[pin] for pin in PINS.lights)


def test_a_press_is_heard_and_the_light_follows(gpio: FakeJetson) -> None:
    clock = ManualClock()
    switch = LightSwitch(clock)

    def passes(seconds: float) -> None:
        clock.now += seconds

    source = BoardSource(_board(gpio), switch, clock, passes)
    switch.show(LightState.CUE)
    events = []
    for level, looks in ((HIGH, 10), (LOW, 20), (HIGH, 10)):
        gpio.levels[PINS.button] = level
        events += [event for _ in range(looks) for event in source.read()]
    assert events == [ButtonEvent.PRESS]
    assert _lit(gpio) == (HIGH, HIGH, LOW)
    source.close()
    assert _lit(gpio) == (LOW, LOW, LOW)
    assert gpio.claimed == set()


def test_a_light_is_dark_from_the_first_moment(gpio: FakeJetson) -> None:
    _board(gpio)
    assert _lit(gpio) == (LOW, LOW, LOW)


def test_a_common_anode_is_lit_by_a_low_pin(gpio: FakeJetson) -> None:
    board = _board(gpio, JetsonPins(active_high=False))
    assert _lit(gpio) == (HIGH, HIGH, HIGH)
    board.shine((1.0, 0.1, 0.0))
    assert _lit(gpio) == (LOW, HIGH, HIGH)
    board.close()
    assert _lit(gpio) == (HIGH, HIGH, HIGH)


def test_a_button_to_the_supply_is_pressed_by_a_high_pin(gpio: FakeJetson) -> None:
    board = _board(gpio, JetsonPins(pull_up=False))
    gpio.levels[PINS.button] = LOW
    assert not board.pressed()
    gpio.levels[PINS.button] = HIGH
    assert board.pressed()


def test_a_pin_in_use_is_named_and_the_others_are_let_go_of(gpio: FakeJetson) -> None:
    gpio.busy = {PINS.green}
    with pytest.raises(DeviceError, match="Pin 18, for the green light, is in use") as caught:
        _board(gpio)
    assert not isinstance(caught.value, DeviceUnusableError)
    assert gpio.claimed == set()
    gpio.busy = set()
    _board(gpio).close()


def test_a_place_that_is_no_pin_is_named(gpio: FakeJetson) -> None:
    with pytest.raises(DeviceUnusableError, match="no GPIO at place 17, for the blue light"):
        _board(gpio, JetsonPins(blue=17))
    assert gpio.claimed == set()


def test_two_parts_at_one_place_are_refused() -> None:
    with pytest.raises(WrongUsageError, match="share a pin"):
        JetsonPins(red=11)


def test_ten_times_open_and_close_leave_no_pin_and_no_file(gpio: FakeJetson) -> None:
    files = open_files()
    for _ in range(10):
        board = _board(gpio)
        board.close()
        board.close()
        assert gpio.claimed == set()
    assert open_files() == files


def test_without_the_package_or_the_board_the_booth_goes_on_without() -> None:
    """The real import, on whatever machine the tests run: none is a Jetson."""
    with pytest.raises(DeviceUnusableError, match="goes on without button and light"):
        JetsonBoard(PINS, dev=NO_DEV)


def test_a_user_outside_the_group_is_told_which_to_join(without_rights: Path) -> None:
    with pytest.raises(DeviceUnusableError, match="gpiochip0 is for the group gpio"):
        JetsonBoard(PINS, FakeJetson, without_rights)
