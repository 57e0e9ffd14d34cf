"""Jetson.GPIO 2.1.13 as far as it is used, without a Jetson: its rules, its errors, its names.

`test_jetson_contract` compares it with the real source.
"""

import errno
from collections.abc import Sequence
from typing import Any

BOARD = 10
IN = 1
OUT = 0
HIGH = 1
LOW = 0

_PINS = frozenset([7, 11, 12, 13, 15, 16, 18, 19, 21, 22, 23, 24, 26, 29, 31, 32, 33, 35, 36, 37])


class GPIOError(OSError):
    """As raised by Jetson.GPIO.gpio_cdev."""


class FakeJetson:
    """The module, as an object of which each test has its own.

    Attributes:
        levels: of the pins that are set up; a test may set those of inputs.
        busy: pins that another program holds.
    """

    BOARD, IN, OUT, HIGH, LOW = BOARD, IN, OUT, HIGH, LOW

    def __init__(self) -> None:
        self.levels: dict[int, int] = {}
        self.busy: set[int] = set()
        self._directions: dict[int, int] = {}
        self._mode: int | None = None

    def setmode(self, mode: int) -> None:
        if self._mode and mode != self._mode:
            raise ValueError("A different mode has already been set!")
        self._mode = mode

    def setup(
        self,
        channels: int,
        direction: int,
        pull_up_down: object = None,
        initial: int | None = None,
        consumer: str = "Jetson-gpio",
    ) -> None:
        self._known(channels)
        assert pull_up_down is None, "the real one ignores it, with a warning"
        if channels in self.busy:
            raise GPIOError(errno.EBUSY, "Opening output line handle: Device or resource busy")
        if direction == IN and initial is not None:
            raise ValueError("initial parameter is not valid for inputs")
        self._directions[channels] = direction
        self.levels[channels] = HIGH if initial is None else initial

    def input(self, channel: int) -> int:
        self._known(channel)
        if channel not in self._directions:
            raise RuntimeError("You must setup() the GPIO channel first")
        return self.levels[channel]

    def output(self, channels: int, values: int) -> None:
        self._known(channels)
        if self._directions.get(channels) != OUT:
            raise RuntimeError("The GPIO channel has not been set up as an OUTPUT")
        self.levels[channels] = values

    def cleanup(self, channel: Sequence[int] | None = None) -> Any:
        for pin in list(self._directions) if channel is None else channel:
            self._known(pin)
            self._directions.pop(pin, None)

    @property
    def claimed(self) -> set[int]:
        return set(self._directions)

    def _known(self, channel: int) -> None:
        if self._mode is None:
            raise RuntimeError("Please set pin numbering mode using GPIO.setmode(GPIO.BOARD)")
        if channel not in _PINS:
            raise ValueError(f"Channel {channel} is invalid")
