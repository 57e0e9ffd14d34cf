"""Controls as the rest of the booth sees them: a light to set, and events that come."""

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from appliance.devices.controls.board import Clock, Events, LightSwitch
from appliance.devices.controls.button import ButtonEvent
from appliance.devices.controls.lights import Light
from appliance.devices.source import Source
from appliance.devices.supervisor import Patience, Supervisor
from appliance.domain.health import Health, Status

OnEvent = Callable[[ButtonEvent], None]
"""Takes what the person asked for, on the thread of the controls; must be quick."""

_NAME = "controls"


class Controls(Protocol):
    """A button and a light, or what stands in for them. Nothing here raises."""

    def start(self) -> None:
        """Begin to listen, in a thread; does nothing where that is so already."""
        ...

    def stop(self, timeout_s: float = 5.0) -> bool:
        """Darken the light and let go; return whether that was done in time."""
        ...

    def check(self) -> None:
        """Notice a thread that is stuck; to be called about once a second."""
        ...

    def show(self, light: Light) -> None:
        """Set the light; from any thread, at any time."""
        ...

    @property
    def light(self) -> Light:
        """The light that was set last: where there is no LED, the screen shows it."""
        ...

    def health(self) -> Health:
        """How they are doing."""
        ...


class SupervisedControls:
    """Controls of one device that is kept working by a `Supervisor`.

    A button sends nothing for hours, so its events cannot prove that it lives. What proves it is
    that it could be looked at: a source gives a tuple of events at each look, mostly an empty one.

    Args:
        what: the device is, such as "button".
        opener: opens it, given the light to show.
        on_event: takes the events.
        clock: monotonic seconds.
        patience: of the supervisor.
    """

    def __init__(
        self,
        what: str,
        opener: Callable[[LightSwitch], Source[Events]],
        on_event: OnEvent,
        clock: Clock,
        patience: Patience | None = None,
    ) -> None:
        self._switch = LightSwitch(clock)
        self._on_event = on_event
        self._supervisor: Supervisor[Events] = Supervisor(
            what, lambda: opener(self._switch), self._deliver, clock, patience
        )

    def start(self) -> None:
        """Begin to listen."""
        self._supervisor.start()

    def stop(self, timeout_s: float = 5.0) -> bool:
        """Darken the light and let go; return whether that was done in time."""
        return self._supervisor.stop(timeout_s)

    def check(self) -> None:
        """Notice a thread that is stuck."""
        self._supervisor.check()

    def show(self, light: Light) -> None:
        """Set the light."""
        self._switch.show(light)

    @property
    def light(self) -> Light:
        """The light that was set last."""
        return self._switch.wanted()[0]

    def health(self) -> Health:
        """How they are doing; no worse than a warning, since the screen does what they do."""
        found = self._supervisor.health()
        status = Status.WARNING if found.status is Status.CRITICAL else found.status
        return replace(
            found, name=_NAME, status=status, details={**found.details, "light": self.light.value}
        )

    def _deliver(self, events: Events) -> None:
        for event in events:
            self._on_event(event)


class NoControls:
    """Remembers the light, and hears nothing.

    Args:
        reason: one sentence of why there is no more.
        clock: monotonic seconds.
    """

    def __init__(self, reason: str, clock: Clock) -> None:
        self._reason = reason
        self._switch = LightSwitch(clock)

    def start(self) -> None:
        """Do nothing."""

    def stop(self, timeout_s: float = 5.0) -> bool:  # noqa: ARG002
        """Do nothing; there is nothing to let go of."""
        return True

    def check(self) -> None:
        """Do nothing."""

    def show(self, light: Light) -> None:
        """Remember the light."""
        self._switch.show(light)

    @property
    def light(self) -> Light:
        """The light that was set last."""
        return self._switch.wanted()[0]

    def health(self) -> Health:
        """Nothing to judge."""
        return Health(_NAME, Status.SKIPPED, self._reason, details={"light": self.light.value})
