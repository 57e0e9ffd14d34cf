"""A button and a light on pins, whichever library drives them, as one supervised device."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from appliance.devices.controls.button import Button, ButtonEvent
from appliance.devices.controls.lights import DARK, PATTERNS, Colour, Light, LightState, colour_at

Clock = Callable[[], float]
Events = tuple[ButtonEvent, ...]
"""What was asked for since the last look; mostly nothing, and that counts as data: see `read`."""

_LOOK_S = 0.01
_RENDER_S = 0.04
_ON_FROM = 0.3


class Board(Protocol):
    """Pins that are ours until closed. One thread uses them."""

    def pressed(self) -> bool:
        """Whether the contact of the button is closed."""
        ...

    def shine(self, colour: Colour) -> None:
        """Give the light a colour."""
        ...

    def close(self) -> None:
        """Darken the light and let go of every pin; does nothing the second time."""
        ...

    def details(self) -> Mapping[str, Any]:
        """Name the pins, in values that JSON can hold."""
        ...


class LightSwitch:
    """Which light is wanted, and since when. Any thread may set it and look.

    Args:
        clock: monotonic seconds.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._wanted: tuple[Light, float] = (LightState.OFF, clock())

    def show(self, light: Light) -> None:
        """Want a light; one that is shown already goes on undisturbed."""
        if light is not self._wanted[0]:
            self._wanted = (light, self._clock())

    def wanted(self) -> tuple[Light, float]:
        """The light, and the time at which it began."""
        return self._wanted


class BoardSource:
    """Looks at the button a hundred times a second and renders the light, all in one thread.

    Polling and not edges: the libraries deliver edges in threads of their own, which do not end,
    and a level that could be read is proof of life.

    Args:
        board: open pins, which this closes.
        switch: which light to show.
        clock: monotonic seconds.
        pause: waits for so many seconds.
    """

    def __init__(
        self, board: Board, switch: LightSwitch, clock: Clock, pause: Callable[[float], object]
    ) -> None:
        self._board = board
        self._switch = switch
        self._clock = clock
        self._pause = pause
        self._button = Button()
        self._colour = DARK
        self._rendered_s: float | None = None

    def read(self) -> Events:
        """Wait a moment and look; what was asked for, or nothing, but never None."""
        self._pause(_LOOK_S)
        now_s = self._clock()
        event = self._button.feed(self._board.pressed(), now_s)
        if self._rendered_s is None or now_s - self._rendered_s >= _RENDER_S:
            self._rendered_s = now_s
            self._render(now_s)
        return () if event is None else (event,)

    def close(self) -> None:
        """Let go of the pins."""
        self._board.close()

    def complaint(self) -> str | None:
        """A button that seems to be stuck."""
        jammed = self._button.jammed(self._clock())
        return "The button has been down for more than half a minute." if jammed else None

    def details(self) -> Mapping[str, Any]:
        """The pins."""
        return self._board.details()

    def _render(self, now_s: float) -> None:
        light, since_s = self._switch.wanted()
        if self._button.held(now_s):
            light = LightState.HELD
        colour = colour_at(PATTERNS[light], now_s - since_s)
        if colour != self._colour:
            self._board.shine(colour)
            self._colour = colour


def on_or_off(level: float) -> bool:
    """A channel of a colour for a light that knows nothing in between; amber becomes yellow."""
    return level >= _ON_FROM
