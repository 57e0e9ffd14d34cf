"""The devices that the settings choose."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from appliance.devices.camera.live import CameraMode
from appliance.devices.camera.selection import Backend, CameraSettings, camera_opener
from appliance.devices.controls.controls import OnEvent
from appliance.devices.controls.gpio import GpioPins
from appliance.devices.controls.jetson import JetsonPins
from appliance.devices.controls.selection import ControlsKind, ControlsSetting, choose_controls
from appliance.devices.equipment import Equipment, Parts
from appliance.devices.microphone.selection import MicrophoneSettings, microphone_opener
from appliance.devices.printer.port import NetworkPort, Port, UsbPort
from appliance.devices.printer.printer import Printer
from appliance.devices.simulation import Simulation
from appliance.devices.speaker.player import AplayPlayer
from appliance.devices.speaker.speaker import Speaker
from appliance.devices.speaker.voices import EspeakVoice, HibariVoice, Voice
from appliance.domain.settings import Printer as PrinterSettings
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


def port_of(chosen: PrinterSettings) -> Port | None:
    """Where the printer is that is set; None where none is."""
    if chosen.kind == "usb":
        return UsbPort(chosen.path)
    if chosen.kind == "network":
        where = urlsplit(f"//{chosen.host}")
        return NetworkPort(where.hostname or "", where.port or 0)
    return None


def printer_of(settings: Settings, clock: Callable[[], float] = time.monotonic) -> Printer | None:
    """The printer that is set; None where none is.

    Args:
        settings: which one.
        clock: monotonic seconds.
    """
    port = port_of(settings.printer)
    return None if port is None else Printer(port, settings.printer.width, clock)


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
        printer=printer_of(settings, clock),
    )
    return Equipment(parts, clock)
