"""The devices that the settings choose."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from appliance.devices.camera.live import CameraMode
from appliance.devices.camera.selection import Backend, CameraSettings, camera_opener
from appliance.devices.controls.controls import OnEvent
from appliance.devices.controls.selection import ControlsKind, ControlsSetting, choose_controls
from appliance.devices.equipment import Equipment, Parts
from appliance.devices.microphone.selection import MicrophoneSettings, microphone_opener
from appliance.devices.simulation import Simulation
from appliance.devices.speaker.player import AplayPlayer
from appliance.devices.speaker.speaker import Speaker
from appliance.domain.settings import Settings


def camera_of(settings: Settings) -> CameraSettings:
    """The camera that is set."""
    chosen = settings.camera
    mode = CameraMode(chosen.width_px, chosen.height_px, chosen.rate_hz, chosen.rotation_deg)
    return CameraSettings(Backend.AUTO, chosen.identity, mode)


def microphone_of(settings: Settings) -> MicrophoneSettings:
    """The microphone that is set."""
    return MicrophoneSettings(settings.microphone.identity)


def controls_of(settings: Settings) -> ControlsSetting:
    """The button and the lights that are set; a pin that is not has its usual place."""
    chosen = settings.controls
    pins = {
        "button": chosen.button_pin,
        "red": chosen.red_pin,
        "green": chosen.green_pin,
        "blue": chosen.blue_pin,
    }
    given: dict[str, Any] = {name: pin for name, pin in pins.items() if pin is not None}
    usual = ControlsSetting()
    return ControlsSetting(
        ControlsKind(chosen.kind), replace(usual.gpio, **given), replace(usual.jetson, **given)
    )


def equipment_of(
    settings: Settings,
    on_event: OnEvent,
    simulation: Simulation | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Equipment:
    """The devices of this machine, or a recording in place of its camera and microphone.

    Args:
        settings: which devices.
        on_event: takes what the person does with the button.
        simulation: plays the recording.
        clock: monotonic seconds.
    """
    camera = camera_opener(camera_of(settings), clock=clock)
    microphone = microphone_opener(microphone_of(settings), clock=clock)
    if simulation is not None:
        camera, microphone = simulation.camera, simulation.microphone
    parts = Parts(
        camera=camera,
        microphone=microphone,
        controls=choose_controls(controls_of(settings), on_event, clock),
        speaker=Speaker(player=AplayPlayer(settings.speaker.output or None)),
    )
    return Equipment(parts, clock)
