"""Settings become devices: each choice of the one is a choice of the other."""

from typing import get_args

import pytest

from appliance.devices.camera.live import CameraMode
from appliance.devices.camera.selection import Backend, CameraSettings
from appliance.devices.controls.gpio import GpioPins
from appliance.devices.controls.jetson import JetsonPins
from appliance.devices.controls.keyboard import KEYS
from appliance.devices.controls.selection import ControlsKind, ControlsSetting
from appliance.devices.from_settings import (
    camera_of,
    controls_of,
    equipment_of,
    microphone_of,
    port_of,
    voices_of,
)
from appliance.devices.microphone.selection import MicrophoneSettings
from appliance.domain.settings import Camera, Controls, Microphone, Printer, Settings, Speaker


def test_defaults_are_those_of_the_devices() -> None:
    assert camera_of(Settings()) == CameraSettings()
    assert microphone_of(Settings()) == MicrophoneSettings()
    assert controls_of(Settings()) == ControlsSetting()
    assert Settings().controls.keys == KEYS


def test_every_backend_of_a_live_camera_can_be_set() -> None:
    backends = set(get_args(Camera.model_fields["backend"].annotation))
    assert backends == {backend.value for backend in Backend} - {"recording"}
    for backend in backends:
        settings = Settings.model_validate({"camera": {"backend": backend}})
        assert camera_of(settings).backend is Backend(backend)


def test_every_kind_of_controls_can_be_set() -> None:
    kinds = get_args(Controls.model_fields["kind"].annotation)
    assert set(kinds) == {kind.value for kind in ControlsKind}


def test_a_camera_is_asked_for_what_is_set() -> None:
    camera = Camera(identity="usb-1", width_px=640, height_px=480, rate_hz=30, rotation_deg=90)
    mode = CameraMode(640, 480, 30, 90)
    assert camera_of(Settings(camera=camera)) == CameraSettings(Backend.AUTO, "usb-1", mode)
    microphone = Microphone(identity="usb-2")
    assert microphone_of(Settings(microphone=microphone)) == MicrophoneSettings("usb-2")


def test_a_printer_is_where_it_is_set_and_else_there_is_none() -> None:
    assert port_of(Printer()) is None
    assert equipment_of(Settings(), lambda _: None).printer is None
    for chosen, place in (
        (Printer(kind="usb"), "/dev/usb/lp*"),
        (Printer(kind="usb", path="/dev/usb/lp3"), "/dev/usb/lp3"),
        (Printer(kind="network", host="printer.lan:9100"), "printer.lan:9100"),
        (Printer(kind="network", host="[fe80::1]:9100"), "[fe80::1]:9100"),
    ):
        port = port_of(chosen)
        assert port is not None
        assert port.place == place
    printer = equipment_of(Settings(printer=Printer(kind="usb", width=48)), lambda _: None).printer
    assert printer is not None
    assert printer.width == 48


def test_pins_are_those_that_are_set_whatever_the_board_has_there() -> None:
    controls = Controls(
        button_pin=16, red_pin=18, green_pin=22, blue_pin=24, pull_up=False, active_high=False
    )
    chosen = controls_of(Settings(controls=controls))
    assert chosen.gpio == GpioPins(16, 18, 22, 24, pull_up=False, active_high=False)
    assert chosen.jetson == JetsonPins(16, 18, 22, 24, pull_up=False, active_high=False)


@pytest.mark.parametrize("voice", ["hibari", "espeak-ng"])
def test_the_voice_is_the_one_that_is_set(voice: str) -> None:
    settings = Settings(speaker=Speaker.model_validate({"voice": voice}))
    assert [one.name for one in voices_of(settings)] == [voice]


def test_without_a_choice_there_are_all_voices_and_all_of_them_can_be_set() -> None:
    names = [voice.name for voice in voices_of(Settings())]
    known = get_args(Speaker.model_fields["voice"].annotation)
    assert ["auto", *names] == list(known)


def test_equipment_is_built_without_opening_anything() -> None:
    equipment = equipment_of(
        Settings(controls=Controls(kind="none")), lambda _: None, clock=lambda: 0.0
    )
    told = {part.name: part.message for part in equipment.health()}
    assert told["controls"] == "The controls are off."
    assert told["speaker"] == "The speaker is off."
