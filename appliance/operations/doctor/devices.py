"""Whether each device works: it is opened as the booth would open it, and must give something."""

import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

import numpy as np

from appliance.devices.controls.controls import Controls
from appliance.devices.controls.selection import ControlsKind
from appliance.devices.printer.commands import to_commands
from appliance.devices.printer.port import Port
from appliance.devices.printer.printer import look_for
from appliance.devices.source import Opener, Source
from appliance.devices.speaker.job import Job
from appliance.devices.speaker.player import Player
from appliance.devices.speaker.sound import Sound
from appliance.domain.errors import DeviceError
from appliance.domain.health import Health, Status

Clock = Callable[[], float]
T = TypeVar("T")

_FIRST_SAMPLE_S = 5.0
"""A sound server takes two seconds until its first sound."""

_CONTROLS_S = 3.0
_GLANCE_S = 0.05
_SILENCE_S = 0.2
_VOICE_RATE_HZ = 16_000


class Found(Protocol):
    """A device that was listed."""

    @property
    def name(self) -> str:
        """What it calls itself."""
        ...

    @property
    def identity(self) -> str:
        """Its lasting name."""
        ...

    @property
    def fault(self) -> DeviceError | None:
        """Why it cannot be used now."""
        ...


def check_sensor(
    name: str,
    opener: Opener[T],
    listed: Callable[[], Sequence[Found]],
    clock: Clock,
) -> Health:
    """Open a camera or a microphone, and wait for what it gives.

    Args:
        name: "camera" or "microphone".
        opener: opens the one that the booth would use.
        listed: all that are connected.
        clock: monotonic seconds.
    """
    details: dict[str, Any] = {"found": _names(listed)}
    try:
        source = opener()
    except DeviceError as fault:
        return Health(name, Status.CRITICAL, fault.args[0], fault.advice, details)
    try:
        details |= source.details()
        waited_s = _wait_for_sample(source, clock)
        complaint = source.complaint()
    except DeviceError as fault:
        return Health(name, Status.CRITICAL, fault.args[0], fault.advice, details)
    finally:
        source.close()
    which = details.get("device") or "It"
    if waited_s is None:
        message = f"{which} was opened, and sent nothing for {_FIRST_SAMPLE_S:.0f} s."
        return Health(name, Status.CRITICAL, message, "Unplug it and plug it in again.", details)
    details["first_sample_s"] = round(waited_s, 2)
    if complaint is not None:
        return Health(name, Status.WARNING, f"{which}: {complaint}", details=details)
    return Health(name, Status.HEALTHY, f"{which} works.", details=details)


def check_speaker(player: Player, voices: Sequence[str]) -> Health:
    """Play a moment of silence.

    Args:
        player: plays to the loudspeaker.
        voices: names of the voices that are installed, the best first.
    """
    captions = "Questions are shown on the screen in any case."
    details = {"voices": list(voices)}
    if missing := player.missing():
        message = f"The program {missing} is not installed. {captions}"
        return Health("speaker", Status.WARNING, message, "Run ./setup.sh again.", details)
    if not voices:
        message = f"No voice is installed. {captions}"
        return Health("speaker", Status.WARNING, message, "Run ./setup.sh again.", details)
    silence = Sound(np.zeros(round(_SILENCE_S * _VOICE_RATE_HZ), np.int16), _VOICE_RATE_HZ)
    try:
        player.play(silence, Job())
    except DeviceError as fault:
        message = f"{fault.args[0]} {captions}"
        return Health("speaker", Status.WARNING, message, fault.advice, details)
    message = f"A loudspeaker takes sound, and {voices[0]} speaks."
    return Health("speaker", Status.HEALTHY, message, details=details)


def check_printer(port: Port | None) -> Health:
    """Ask the printer whether it is there and has paper; it prints nothing.

    Args:
        port: where it should be; None where no printer is set.
    """
    if port is None:
        return Health("printer", Status.SKIPPED, "No printer is set.")
    details = {"place": port.place}
    try:
        look_for(port)
        to_commands(())
    except DeviceError as fault:
        return Health("printer", Status.WARNING, fault.args[0], fault.advice, details)
    message = f"A printer takes what is sent to {port.place}."
    return Health("printer", Status.HEALTHY, message, details=details)


def check_controls(
    kind: ControlsKind, build: Callable[[], Controls], wait: Callable[[float], object] = time.sleep
) -> Health:
    """Whether a button and lights are there, or what stands in for them.

    Args:
        kind: what the machine has.
        build: builds the controls of that kind.
        wait: waits for so many seconds.
    """
    if kind in {ControlsKind.NONE, ControlsKind.TERMINAL}:
        return Health(
            "controls",
            Status.SKIPPED,
            "There is no button and no light. The screen and a keyboard do the same.",
            details={"kind": kind.value},
        )
    controls = build()
    controls.start()
    try:
        for _ in range(round(_CONTROLS_S / _GLANCE_S)):
            health = controls.health()
            if health.status is not Status.UNKNOWN:
                break
            wait(_GLANCE_S)
        else:
            health = controls.health()
    finally:
        controls.stop()
    return Health(
        "controls",
        health.status,
        health.message,
        health.advice,
        {**health.details, "kind": kind.value},
    )


def _names(listed: Callable[[], Sequence[Found]]) -> list[dict[str, str]]:
    """All that are connected, with what is wrong; empty where even listing fails."""
    try:
        found = listed()
    except DeviceError:
        return []
    return [
        {
            "name": one.name,
            "identity": one.identity,
            "fault": one.fault.args[0] if one.fault is not None else "",
        }
        for one in found
    ]


def _wait_for_sample(source: Source[T], clock: Clock) -> float | None:
    """Seconds until the first sample; None where none came."""
    began_s = clock()
    while clock() - began_s < _FIRST_SAMPLE_S:
        if source.read() is not None:
            return clock() - began_s
    return None
