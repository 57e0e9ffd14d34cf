"""Button and light on the pins of a Raspberry Pi, by gpiozero."""

import contextlib
import importlib
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from appliance.devices.controls.board import on_or_off
from appliance.devices.controls.lights import Colour
from appliance.devices.controls.permission import refuse_without_permission
from appliance.domain.errors import DeviceError, DeviceUnusableError, WrongUsageError


@dataclass(frozen=True, slots=True)
class GpioPins:
    """Where button and light are, as GPIO numbers (BCM).

    The defaults are in a row on the header and leave I2C, I2S, SPI 0 and the serial port free.

    Attributes:
        button: of the button.
        red: of the red LED or the red of an RGB LED.
        green: of the green one.
        blue: of the blue one.
        pull_up: True for a button to ground, False for one to 3.3 V.
        active_high: True where a high pin lights the LED (common cathode), False where a low one
            does (common anode).
    """

    button: int = 17
    red: int = 23
    green: int = 24
    blue: int = 25
    pull_up: bool = True
    active_high: bool = True

    def __post_init__(self) -> None:
        if len({self.button, *self.lights}) < 4:
            raise WrongUsageError(
                "Button and lights share a pin.", "Give each of the four a GPIO number of its own."
            )

    @property
    def lights(self) -> tuple[int, int, int]:
        """Red, green and blue."""
        return self.red, self.green, self.blue


class GpioBoard:
    """Pins of a Raspberry Pi (see `Board`). Lights are dimmed where the pins can do that.

    Args:
        pins: which.
        factory: of gpiozero's pins; None takes the machine's, and gives it back in the end.
        dev: where the device nodes are.

    Raises:
        DeviceUnusableError: this machine has no GPIO, or not for this user, or not this pin.
        DeviceError: another program has a pin.
    """

    def __init__(self, pins: GpioPins, factory: Any = None, dev: Path = Path("/dev")) -> None:
        self._pins = pins
        self._gpiozero = _gpiozero()
        self._owned = factory is None
        self._factory = factory
        self._button: Any = None
        self._lights: list[Any] = []
        if factory is None:
            refuse_without_permission(sorted(dev.glob("gpiochip*")), "the GPIO pins", "gpio")
            self._factory = self._machines_own()
        try:
            self._button = self._claim(self._input, "the button", pins.button)
            for colour, pin in zip(("red", "green", "blue"), pins.lights, strict=True):
                self._lights.append(self._claim(self._output, f"the {colour} light", pin))
        except BaseException:
            self.close()
            raise

    def pressed(self) -> bool:
        """Whether the contact of the button is closed."""
        return bool(self._button.value)

    def shine(self, colour: Colour) -> None:
        """Give the light a colour."""
        for light, level in zip(self._lights, colour, strict=True):
            light.value = level if self._dims(light) else on_or_off(level)

    def close(self) -> None:
        """Darken the light and let go of every pin; does nothing the second time."""
        devices = [*self._lights, *([self._button] if self._button is not None else [])]
        self._lights, self._button = [], None
        with contextlib.ExitStack() as stack:
            if self._owned and self._factory is not None:
                stack.callback(self._give_back)
            for device in devices:
                stack.callback(device.close)

    def details(self) -> Mapping[str, Any]:
        """The pins, and whether lights can be dimmed."""
        return {
            "library": "gpiozero",
            "button_pin": self._pins.button,
            "light_pins": list(self._pins.lights),
            "dimmed": all(self._dims(light) for light in self._lights),
        }

    def _input(self, pin: int) -> Any:
        return self._gpiozero.InputDevice(
            pin, pull_up=self._pins.pull_up, pin_factory=self._factory
        )

    def _output(self, pin: int) -> Any:
        how = {"active_high": self._pins.active_high, "pin_factory": self._factory}
        try:
            return self._gpiozero.PWMLED(pin, **how)
        except self._gpiozero.PinPWMUnsupported:
            return self._gpiozero.LED(pin, **how)

    def _dims(self, light: Any) -> bool:
        return isinstance(light, self._gpiozero.PWMLED)

    def _claim(self, make: Callable[[int], Any], what: str, pin: int) -> Any:
        try:
            return make(pin)
        except Exception as error:  # noqa: BLE001  # each of gpiozero's back ends has its own
            fault = self._fault(error, what, pin)
        # Raised out here, unchained: with the traceback, gpiozero's half-made device would live on,
        # and its reservation would keep the pin from us at the next try.
        raise fault

    def _fault(self, error: Exception, what: str, pin: int) -> DeviceError:
        gpiozero = self._gpiozero
        if isinstance(error, gpiozero.GPIOPinInUse) or "busy" in str(error).lower():
            return DeviceError(
                f"GPIO {pin}, for {what}, is in use by something else.",
                "End the program that uses it, or give the booth another pin.",
            )
        if isinstance(error, gpiozero.PinInvalidPin):
            return DeviceUnusableError(
                f"There is no GPIO {pin}, for {what}, on this board.", "Choose another pin."
            )
        if isinstance(error, gpiozero.PinFixedPull):
            return DeviceUnusableError(
                f"GPIO {pin}, for {what}, has a resistor of its own to the other side.",
                "Choose another pin.",
            )
        return DeviceError(f"GPIO {pin}, for {what}, failed: {type(error).__name__}: {error}.")

    def _machines_own(self) -> Any:
        device = self._gpiozero.Device
        try:
            with warnings.catch_warnings(record=True) as reasons:
                warnings.simplefilter("always")
                device.ensure_pin_factory()
        except Exception as error:  # noqa: BLE001  # BadPinFactory, or what a library raises
            # The first is of lgpio, which is what a Raspberry Pi should have.
            first = str(reasons[0].message) if reasons else str(error)
            fault = _no_gpio(first.removeprefix("Falling back from "))
        else:
            return device.pin_factory
        raise fault

    def _give_back(self) -> None:
        """Close the machine's pins: gpiozero itself keeps them claimed until the process ends."""
        device, factory, self._factory = self._gpiozero.Device, self._factory, None
        if device.pin_factory is factory:
            device.pin_factory = None
        factory.close()


def _gpiozero() -> Any:
    try:
        return importlib.import_module("gpiozero")
    except ImportError as error:
        raise _no_gpio(str(error)) from error


def _no_gpio(reason: str) -> DeviceUnusableError:
    return DeviceUnusableError(
        f"There is no GPIO here, so the booth goes on without button and light ({reason}).",
        "Use the screen or a keyboard; on a Raspberry Pi, install python3-lgpio.",
    )
