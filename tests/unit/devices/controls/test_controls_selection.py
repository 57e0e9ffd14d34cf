"""Which controls a machine gets, and how they do."""

import os
from pathlib import Path

import pytest

from appliance.devices.controls.button import ButtonEvent
from appliance.devices.controls.controls import NoControls, SupervisedControls
from appliance.devices.controls.lights import FaultLight, LightState
from appliance.devices.controls.selection import (
    ControlsKind,
    ControlsSetting,
    choose_controls,
    detect,
)
from appliance.domain.health import Status
from tests.devices import ManualClock
from tests.unit.devices.controls.conftest import Heard
from tests.waiting import ended, until


def _machine(root: Path, **files: bytes) -> Path:
    for name, content in files.items():
        path = root / name.replace("__", "/").replace("_tree", "-tree")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return root


@pytest.mark.parametrize("model", [b"Raspberry Pi 5 Model B Rev 1.0\0", b"Raspberry Pi 4 Model B"])
def test_a_raspberry_pi_has_pins(tmp_path: Path, model: bytes) -> None:
    root = _machine(tmp_path, proc__device_tree__model=model, dev__input__event0=b"")
    assert detect(root, lambda: True) is ControlsKind.GPIO


def test_a_jetson_is_known_by_its_name_or_by_its_system(tmp_path: Path) -> None:
    named = _machine(tmp_path / "a", proc__device_tree__model=b"NVIDIA Jetson Orin Nano Kit\0")
    assert detect(named, lambda: False) is ControlsKind.JETSON
    marked = _machine(tmp_path / "b", etc__nv_tegra_release=b"# R36 (release)")
    assert detect(marked, lambda: True) is ControlsKind.JETSON


def test_elsewhere_it_is_the_terminal_then_a_keyboard_then_nothing(tmp_path: Path) -> None:
    assert detect(tmp_path, lambda: False) is ControlsKind.NONE
    root = _machine(tmp_path, dev__input__event0=b"", proc__device_tree__model=b"QEMU")
    assert detect(root, lambda: False) is ControlsKind.KEYBOARD
    assert detect(root, lambda: True) is ControlsKind.TERMINAL


def test_without_controls_the_light_is_remembered_for_the_screen(
    tmp_path: Path, heard: Heard
) -> None:
    controls = choose_controls(ControlsSetting(), heard, ManualClock(), tmp_path, lambda: False)
    assert isinstance(controls, NoControls)
    controls.start()
    controls.show(FaultLight.CAMERA)
    controls.check()
    assert controls.light is FaultLight.CAMERA
    health = controls.health()
    assert (health.name, health.status) == ("controls", Status.SKIPPED)
    assert health.message == "This machine has no button and no lights."
    assert health.details == {"light": "camera"}
    assert controls.stop()
    assert heard.nothing()


def test_controls_that_are_switched_off_are_called_so(tmp_path: Path, heard: Heard) -> None:
    setting = ControlsSetting(kind=ControlsKind.NONE)
    controls = choose_controls(setting, heard, ManualClock(), tmp_path, lambda: True)
    assert controls.health().message == "The controls are off."


@pytest.mark.parametrize("kind", [ControlsKind.GPIO, ControlsKind.JETSON])
def test_a_machine_without_pins_says_so_and_goes_on(
    tmp_path: Path, heard: Heard, kind: ControlsKind
) -> None:
    controls = choose_controls(ControlsSetting(kind=kind), heard, root=tmp_path)
    assert isinstance(controls, SupervisedControls)
    controls.show(LightState.READY)
    controls.start()
    ended("booth-button")
    health = controls.health()
    assert health.status is Status.WARNING
    assert "goes on without button and light" in health.message
    assert controls.light is LightState.READY
    assert controls.stop()


def test_without_a_keyboard_it_waits_for_one(tmp_path: Path, heard: Heard) -> None:
    setting = ControlsSetting(kind=ControlsKind.KEYBOARD)
    controls = choose_controls(setting, heard, root=tmp_path)
    controls.start()
    until(lambda: "no keyboard and no USB button" in controls.health().message)
    assert controls.health().status is Status.WARNING
    assert controls.health().advice.startswith("Plug one in")
    assert controls.stop()


def test_typed_keys_come_from_the_terminal_in_which_the_booth_was_started(
    heard: Heard, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hand, fd = os.openpty()
    monkeypatch.setattr("appliance.devices.controls.terminal._in_foreground", os.isatty)
    with open(fd, closefd=False) as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        controls = choose_controls(ControlsSetting(), heard, root=tmp_path)
        controls.start()
        until(lambda: controls.health().message == "The terminal works.")
        os.write(hand, b"s")
        assert heard.next() is ButtonEvent.SKIP
        assert controls.stop()
    os.close(hand)
    os.close(fd)
