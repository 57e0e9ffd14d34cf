"""Button and light on the pins of a Jetson, by NVIDIA's Jetson.GPIO."""

import errno
import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from appliance.devices.controls.board import on_or_off
from appliance.devices.controls.lights import DARK, Colour
from appliance.devices.controls.permission import refuse_without_permission
from appliance.domain.errors import DeviceError, DeviceUnusableError, WrongUsageError


@dataclass(frozen=True, slots=True)
class JetsonPins:
    """Where button and light are, as places on the 40-pin header (BOARD).

    The defaults are the same places as a Raspberry Pi's. The button needs a resistor to 3.3 V or to
    ground: the library cannot switch one on.

    Attributes:
        button: of the button.
        red: of the red LED or the red of an RGB LED.
        green: of the green one.
        blue: of the blue one.
        pull_up: True for a button to ground, False for one to 3.3 V.
        active_high: True where a high pin lights the LED (common cathode), False where a low one
            does (common anode).
    """

    button: int = 11
    red: int = 16
    green: int = 18
    blue: int = 22
    pull_up: bool = True
    active_high: bool = True

    def __post_init__(self) -> None:
        if len({self.button, *self.lights}) < 4:
            raise WrongUsageError(
                "Button and lights share a pin.", "Give each of the four a place of its own."
            )

    @property
    def lights(self) -> tuple[int, int, int]:
        """Red, green and blue."""
        return self.red, self.green, self.blue


class JetsonGpio(Protocol):
    """What is used of the module Jetson.GPIO; a test compares it with the real one's source."""

    BOARD: int
    IN: int
    OUT: int
    HIGH: int
    LOW: int

    def setmode(self, mode: int) -> None:
        """Choose how pins are numbered."""
        ...

    def setup(self, channels: int, direction: int, *, initial: int | None = None) -> None:
        """Claim a pin."""
        ...

    def input(self, channel: int) -> int:
        """Read a pin."""
        ...

    def output(self, channels: int, values: int) -> None:
        """Set a pin."""
        ...

    def cleanup(self, channel: Sequence[int]) -> None:
        """Let go of pins."""
        ...


class JetsonBoard:
    """Pins of a Jetson (see `Board`). Lights are on or off.

    Dimming is left out: the library drives three PWM pins at most, and only after the pins were
    assigned to PWM with NVIDIA's own tool.

    Args:
        pins: which.
        load: imports Jetson.GPIO.
        dev: where the device nodes are.

    Raises:
        DeviceUnusableError: this machine has no such pins, or not for this user.
        DeviceError: another program has a pin.
    """

    def __init__(
        self,
        pins: JetsonPins,
        load: Callable[[], JetsonGpio] | None = None,
        dev: Path = Path("/dev"),
    ) -> None:
        self._pins = pins
        self._claimed: list[int] = []
        refuse_without_permission(sorted(dev.glob("gpiochip*")), "the GPIO pins", "gpio")
        self._gpio = (load or _jetson_gpio)()
        gpio = self._gpio
        try:
            gpio.setmode(gpio.BOARD)
        except ValueError as error:
            raise DeviceError("Something else in the booth numbers pins otherwise.") from error
        try:
            self._claim("the button", pins.button, gpio.IN)
            for colour, pin in zip(("red", "green", "blue"), pins.lights, strict=True):
                self._claim(f"the {colour} light", pin, gpio.OUT)
        except BaseException:
            self.close()
            raise

    def pressed(self) -> bool:
        """Whether the contact of the button is closed."""
        closed = self._gpio.LOW if self._pins.pull_up else self._gpio.HIGH
        return self._gpio.input(self._pins.button) == closed

    def shine(self, colour: Colour) -> None:
        """Give the light a colour."""
        for pin, level in zip(self._pins.lights, colour, strict=True):
            self._gpio.output(pin, self._level(on_or_off(level)))

    def close(self) -> None:
        """Darken the light and let go of every pin; does nothing the second time."""
        claimed, self._claimed = self._claimed, []
        if not claimed:
            return
        try:
            if set(self._pins.lights) <= set(claimed):
                self.shine(DARK)
        finally:
            # All at once: for each call, Jetson.GPIO 2.1.13 closes the chip's descriptor anew for
            # every pin, by a number that may soon be somebody else's.
            self._gpio.cleanup(claimed)

    def details(self) -> Mapping[str, Any]:
        """The pins."""
        return {
            "library": "Jetson.GPIO",
            "button_pin": self._pins.button,
            "light_pins": list(self._pins.lights),
            "dimmed": False,
        }

    def _level(self, lit: bool) -> int:
        return self._gpio.HIGH if lit is self._pins.active_high else self._gpio.LOW

    def _claim(self, what: str, pin: int, direction: int) -> None:
        initial = self._level(lit=False) if direction == self._gpio.OUT else None
        try:
            self._gpio.setup(pin, direction, initial=initial)
        except ValueError as error:
            raise DeviceUnusableError(
                f"There is no GPIO at place {pin}, for {what}, on this board.",
                "Choose another pin.",
            ) from error
        except OSError as error:
            if error.errno == errno.EBUSY:
                raise DeviceError(
                    f"Pin {pin}, for {what}, is in use by something else.",
                    "End the program that uses it, or give the booth another pin.",
                ) from error
            raise DeviceError(f"Pin {pin}, for {what}, failed: {error}.") from error
        self._claimed.append(pin)


def _jetson_gpio() -> JetsonGpio:
    try:
        module: Any = importlib.import_module("Jetson.GPIO")
    except Exception as error:  # off a Jetson, its import raises a plain Exception
        raise DeviceUnusableError(
            f"There is no GPIO here, so the booth goes on without button and light ({error}).",
            "Use the screen or a keyboard; on a Jetson, install Jetson.GPIO.",
        ) from error
    board: JetsonGpio = module
    return board
