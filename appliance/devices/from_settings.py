"""The devices that the settings choose."""

import time
from collections.abc import Callable
from typing import Any

from appliance.devices.camera.live import CameraMode
from appliance.devices.camera.selection import Backend, CameraSettings, camera_opener
from appliance.devices.controls.controls import OnEvent
from appliance.devices.controls.gpio import GpioPins
from appliance.devices.controls.jetson import JetsonPins
from appliance.devices.controls.selection import ControlsKind, ControlsSetting, choose_controls
from appliance.devices.equipment import Equipment, Parts
from appliance.devices.microphone.selection import MicrophoneSettings, microphone_opener
from appliance.devices.simulation import Simulation
from appliance.devices.speaker.player import AplayPlayer
from appliance.devices.speaker.speaker import Speaker
from appliance.devices.speaker.voices import EspeakVoice, HibariVoice, Voice
from appliance.domain.settings import Settings


def camera_of(settings: Settings) -> CameraSettings:
    """The camera that is set."""
    chosen = settings.camera
    mode = CameraMode(chosen.width_px, chosen.height_px, chosen.rate_hz, chosen.rotation_deg)
    return CameraSettings(Backend(chosen.backend), chosen.identity, mode)


def microphone_of(settings: Settings) -> MicrophoneSettings:
    """The microphone that is set."""
    return MicrophoneSettings(settings.microphone.identity)


def controls_of(settings: Settings) -> ControlsSetting:
    """The button and the lights that are set; pins that are not have their usual places."""
    chosen = settings.controls
    pins = {
        "button": chosen.button_pin,
        "red": chosen.red_pin,
        "green": chosen.green_pin,
        "blue": chosen.blue_pin,
    }
    given: dict[str, Any] = {name: pin for name, pin in pins.items() if pin is not None}
    given |= {"pull_up": chosen.pull_up, "active_high": chosen.active_high}
    return ControlsSetting(
        ControlsKind(chosen.kind), GpioPins(**given), JetsonPins(**given), chosen.keys
    )


def voices_of(settings: Settings) -> tuple[Voice, ...]:
    """The voice that is set, or all of them, the best first."""
    voices: tuple[Voice, ...] = (HibariVoice(), EspeakVoice())
    chosen = settings.speaker.voice
    return voices if chosen == "auto" else tuple(one for one in voices if one.name == chosen)


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
        speaker=Speaker(voices_of(settings), AplayPlayer(settings.speaker.output or None)),
    )
    return Equipment(parts, clock)
