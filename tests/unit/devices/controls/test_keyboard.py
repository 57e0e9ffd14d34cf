"""Keys of keyboards and USB buttons: real files and real evdev errors, events that a test types."""

import errno
import importlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from appliance.devices.controls.button import ButtonEvent
from appliance.devices.controls.keyboard import KEYS, KeyboardSource
from appliance.domain.errors import DeviceError, DeviceUnusableError
from tests.devices import ManualClock
from tests.waiting import open_files

evdev: Any = importlib.import_module("evdev")
codes = evdev.ecodes

SPACE, ENTER, LETTER = codes.KEY_SPACE, codes.KEY_ENTER, codes.KEY_A


@dataclass
class Key:
    type: int
    code: int
    value: int


class Typed:
    """A keyboard as evdev's InputDevice gives it; ready to be read while something was typed."""

    def __init__(self, name: str, keys: Sequence[int]) -> None:
        self.name = name
        self.fd, self._typing = os.pipe()
        os.set_blocking(self.fd, False)
        self._keys = keys
        self._events: list[Key] = []
        self._error: OSError | None = None

    def types(self, code: int, *values: int) -> None:
        self._events += [Key(codes.EV_KEY, code, value) for value in values]
        self._events.append(Key(codes.EV_SYN, 0, 0))
        os.write(self._typing, b"x")

    def is_unplugged(self) -> None:
        self._error = OSError(errno.ENODEV, "No such device")
        os.write(self._typing, b"x")

    def capabilities(self) -> dict[int, Sequence[int]]:
        return {codes.EV_SYN: [0], codes.EV_KEY: self._keys}

    def read(self) -> Iterator[Key]:
        os.read(self.fd, 1)
        if self._error is not None:
            raise self._error
        events, self._events = self._events, []
        yield from events

    def close(self) -> None:
        if self.fd >= 0:
            os.close(self.fd)
            os.close(self._typing)
        self.fd = -1


class Desk:
    """A folder of input devices, and what is plugged in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = ManualClock()
        self.plugged: dict[str, Typed] = {}

    def plug(self, node: str, name: str, keys: Sequence[int]) -> Typed:
        (self.folder / node).touch()
        self.plugged[str(self.folder / node)] = Typed(name, keys)
        return self.plugged[str(self.folder / node)]

    def unplug(self, node: str) -> None:
        (self.folder / node).unlink()
        self.plugged.pop(str(self.folder / node)).is_unplugged()

    def source(self, keys: Sequence[str] = ("KEY_SPACE", "KEY_ENTER")) -> KeyboardSource:
        return KeyboardSource(self.clock, keys, self.folder, self.plugged.__getitem__)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_short_and_long_presses_mean_what_they_mean_on_the_button(desk: Desk) -> None:
    keyboard = desk.plug("event0", "Keys", [SPACE, ENTER, LETTER])
    source = desk.source()
    said = []
    for held_s in (0.1, 3.0, 6.0):
        keyboard.types(SPACE, 1)
        said.append(source.read())
        desk.clock.now += held_s
        said.append(source.read())
        keyboard.types(SPACE, 0)
        said.append(source.read())
    source.close()
    assert said == [
        *[(), (), (ButtonEvent.PRESS,)],
        *[(), (), (ButtonEvent.SKIP,)],
        *[(), (ButtonEvent.WIPE,), ()],
    ]


def test_down_and_up_between_two_looks_is_still_a_press(desk: Desk) -> None:
    keyboard = desk.plug("event0", "USB button", [ENTER])
    source = desk.source()
    keyboard.types(ENTER, 1, 2, 2, 0, 1, 0)
    assert source.read() == (ButtonEvent.PRESS, ButtonEvent.PRESS)
    source.close()


def test_other_keys_and_repeats_say_nothing(desk: Desk) -> None:
    keyboard = desk.plug("event0", "Keys", [SPACE, LETTER])
    source = desk.source()
    keyboard.types(LETTER, 1, 0)
    assert source.read() == ()
    keyboard.types(SPACE, 1, 2, 2, 2)
    assert source.read() == ()
    keyboard.types(SPACE, 0)
    assert source.read() == (ButtonEvent.PRESS,)
    source.close()


def test_two_keys_at_once_are_one_press(desk: Desk) -> None:
    keyboard = desk.plug("event0", "Keys", [SPACE, ENTER])
    source = desk.source()
    keyboard.types(SPACE, 1)
    keyboard.types(ENTER, 1, 0)
    assert source.read() == source.read() == ()
    keyboard.types(SPACE, 0)
    assert source.read() == (ButtonEvent.PRESS,)
    source.close()


def test_only_devices_with_the_keys_are_kept_open(desk: Desk) -> None:
    mouse = desk.plug("event0", "Mouse", [codes.BTN_LEFT])
    desk.plug("event1", "Foot switch", [codes.KEY_F13])
    source = desk.source(["KEY_F13"])
    assert mouse.fd == -1
    assert source.details() == {"keyboards": ["Foot switch"]}
    source.close()


def test_a_keyboard_that_is_plugged_in_later_is_heard(desk: Desk) -> None:
    desk.plug("event0", "Keys", [SPACE])
    source = desk.source()
    late = desk.plug("event1", "USB button", [ENTER])
    late.types(ENTER, 1, 0)
    assert source.read() == ()
    desk.clock.now += 2.5
    assert source.read() == (ButtonEvent.PRESS,)
    source.close()


def test_an_unplugged_keyboard_takes_its_press_with_it_and_the_other_goes_on(desk: Desk) -> None:
    gone, stays = desk.plug("event0", "Gone", [SPACE]), desk.plug("event1", "Stays", [SPACE])
    source = desk.source()
    gone.types(SPACE, 1)
    source.read()
    desk.unplug("event0")
    assert source.read() == ()
    stays.types(SPACE, 1, 0)
    assert source.read() == (ButtonEvent.PRESS,)
    source.close()


def test_the_last_keyboard_unplugged_is_a_fault_that_passes(desk: Desk) -> None:
    desk.plug("event0", "Keys", [SPACE])
    source = desk.source()
    desk.unplug("event0")
    with pytest.raises(DeviceError, match="was unplugged") as caught:
        source.read()
    source.close()
    assert not isinstance(caught.value, DeviceUnusableError)
    with pytest.raises(DeviceError, match="no keyboard and no USB button") as caught:
        desk.source()
    assert not isinstance(caught.value, DeviceUnusableError)
    desk.plug("event3", "Keys", [SPACE])
    desk.source().close()


def test_a_stuck_key_is_noticed(desk: Desk) -> None:
    keyboard = desk.plug("event0", "Keys", [SPACE])
    source = desk.source()
    keyboard.types(SPACE, 1)
    source.read()
    assert source.complaint() is None
    desk.clock.now += 31
    assert source.complaint() == "A key has been down for more than half a minute."
    source.close()


def test_a_key_that_does_not_exist_is_named(desk: Desk) -> None:
    with pytest.raises(DeviceUnusableError, match="no key 'SPACE'"):
        desk.source(["SPACE"])


def test_a_user_outside_the_group_is_told_which_to_join(without_rights: Path) -> None:
    """The real evdev on a node that the real kernel refuses."""
    with pytest.raises(DeviceUnusableError, match="event0 is for the group input") as caught:
        KeyboardSource(ManualClock(), folder=without_rights)
    assert "usermod -aG input USER" in caught.value.advice


def test_what_is_no_input_device_is_passed_over(tmp_path: Path) -> None:
    """The real evdev on a plain file."""
    (tmp_path / "event0").touch()
    with pytest.raises(DeviceError, match="no keyboard"):
        KeyboardSource(ManualClock(), folder=tmp_path)


def test_ten_times_open_and_close_leave_no_file(desk: Desk) -> None:
    files = open_files()
    for _ in range(10):
        desk.plug("event0", "Keys", [SPACE])
        desk.plug("event1", "Mouse", [codes.BTN_LEFT])
        source = desk.source()
        source.read()
        source.close()
        source.close()
    assert open_files() == files


def test_the_real_evdev_has_what_is_used_of_it() -> None:
    device, event = evdev.InputDevice, evdev.InputEvent
    assert {"fd", "name"} <= set(device.__slots__)
    assert {"type", "code", "value"} <= set(event.__slots__)
    assert all(callable(getattr(device, name)) for name in ("capabilities", "read", "close"))
    assert {codes.ecodes[name] for name in KEYS} == {SPACE, ENTER, codes.KEY_KPENTER}
