"""Keys of a keyboard, or of a USB button that types one, by the kernel's input devices."""

import contextlib
import errno
import importlib
import select
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from appliance.devices.controls.board import Clock, Events
from appliance.devices.controls.button import Button
from appliance.devices.controls.permission import no_permission
from appliance.domain.errors import DeviceError, DeviceUnusableError

KEYS = ("KEY_SPACE", "KEY_ENTER", "KEY_KPENTER")
"""What most USB buttons type, by the kernel's names."""

_LOOK_S = 0.05
_RESCAN_S = 2.0
_UP, _DOWN = 0, 1  # and 2 is a key that repeats itself


class KeyEvent(Protocol):
    """What evdev tells of a key."""

    type: int
    code: int
    value: int


class InputDevice(Protocol):
    """What is used of evdev's InputDevice."""

    fd: int
    name: str

    def capabilities(self) -> Mapping[int, Sequence[Any]]:
        """The codes that it can send, by type of event."""
        ...

    def read(self) -> Any:
        """The events that wait, in order."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


class KeyboardSource:
    """Listens to every keyboard that has one of the keys; any of the keys is the button.

    It takes no key from others: what has the focus on the screen gets it, too. Keys are clean
    already, so that nothing is debounced. Keyboards that are plugged in later are found.

    Args:
        clock: monotonic seconds.
        keys: names of the keys, as in linux/input-event-codes.h.
        folder: where the device nodes are.
        connect: opens a node; None takes evdev's.

    Raises:
        DeviceUnusableError: this user may not use any keyboard, or no key has such a name.
        DeviceError: there is no keyboard that has one of the keys.
    """

    def __init__(
        self,
        clock: Clock,
        keys: Sequence[str] = KEYS,
        folder: Path = Path("/dev/input"),
        connect: Callable[[str], InputDevice] | None = None,
    ) -> None:
        evdev = _evdev()
        self._clock = clock
        self._key_type: int = evdev.ecodes.EV_KEY
        self._codes = frozenset(_code(evdev.ecodes.ecodes, key) for key in keys)
        self._folder = folder
        self._connect: Callable[[str], InputDevice] = connect or evdev.InputDevice
        self._button = Button(debounce_s=0.0)
        self._button.feed(False, clock())
        self._devices: dict[Path, InputDevice] = {}
        self._others: set[Path] = set()
        self._held: set[tuple[Path, int]] = set()
        self._scanned_s = clock()
        refused = self._scan()
        if self._devices:
            return
        if refused is not None:
            raise no_permission(refused, "the keyboards", "input")
        raise DeviceError(
            "There is no keyboard and no USB button.",
            "Plug one in that types one of " + ", ".join(keys) + ".",
        )

    def read(self) -> Events:
        """Wait a moment for keys; what was asked for, or nothing, but never None."""
        if self._clock() - self._scanned_s >= _RESCAN_S:
            self._scanned_s = self._clock()
            self._scan()
        by_fd = {device.fd: path for path, device in self._devices.items()}
        ready, _, _ = select.select(list(by_fd), [], [], _LOOK_S)
        levels = [level for fd in ready for level in self._levels(by_fd[fd])]
        now_s = self._clock()
        told = [self._button.feed(level, now_s) for level in [*levels, bool(self._held)]]
        return tuple(event for event in told if event is not None)

    def close(self) -> None:
        """Let go of every keyboard; does nothing the second time."""
        devices, self._devices = self._devices, {}
        for device in devices.values():
            with contextlib.suppress(OSError):
                device.close()

    def complaint(self) -> str | None:
        """A key that seems to be stuck."""
        jammed = self._button.jammed(self._clock())
        return "A key has been down for more than half a minute." if jammed else None

    def details(self) -> Mapping[str, Any]:
        """The keyboards."""
        return {"keyboards": [device.name for device in tuple(self._devices.values())]}

    def _scan(self) -> Path | None:
        """Open what has come; return a node that this user may not use, if there is one."""
        there = set(self._folder.glob("event*"))
        self._others &= there
        refused = None
        for path in sorted(there - self._devices.keys() - self._others):
            try:
                device = self._connect(str(path))
            except PermissionError:
                refused = path  # and looked at again, since rights may come a moment later
                continue
            except OSError:
                continue
            if self._codes.intersection(device.capabilities().get(self._key_type, ())):
                self._devices = {**self._devices, path: device}
            else:
                device.close()
                self._others.add(path)
        return refused

    def _levels(self, path: Path) -> list[bool]:
        """Whether any of the keys is down, after each change at one keyboard."""
        levels = []
        try:
            for event in self._devices[path].read():
                if event.type != self._key_type or event.code not in self._codes:
                    continue
                if event.value == _DOWN:
                    self._held.add((path, event.code))
                elif event.value == _UP:
                    self._held.discard((path, event.code))
                levels.append(bool(self._held))
        except BlockingIOError:
            return levels
        except OSError as error:
            if error.errno != errno.ENODEV:
                raise DeviceError(f"The keyboard {path} failed: {error.strerror}.") from error
            self._lose(path)
        return levels

    def _lose(self, path: Path) -> None:
        """Go on without a keyboard that was unplugged; a press that it had begun is none."""
        self._devices[path].close()
        self._devices = {other: dev for other, dev in self._devices.items() if other != path}
        self._held = {(other, code) for other, code in self._held if other != path}
        self._button.forget()
        self._button.feed(bool(self._held), self._clock())
        if not self._devices:
            raise DeviceError("The keyboard was unplugged.", "Plug it in again.")


def _code(codes: Mapping[str, int], key: str) -> int:
    if not key.startswith(("KEY_", "BTN_")) or key not in codes:
        raise DeviceUnusableError(f"There is no key '{key}'.", "Name one such as KEY_SPACE.")
    return codes[key]


def _evdev() -> Any:
    try:
        return importlib.import_module("evdev")
    except ImportError as error:
        raise DeviceUnusableError(
            f"Keyboards cannot be heard: {error}.", "Install the package evdev."
        ) from error
