"""Which controls a machine has."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from appliance.devices.controls.board import BoardSource, Clock
from appliance.devices.controls.controls import Controls, NoControls, OnEvent, SupervisedControls
from appliance.devices.controls.gpio import GpioBoard, GpioPins
from appliance.devices.controls.jetson import JetsonBoard, JetsonPins
from appliance.devices.controls.keyboard import KEYS, KeyboardSource
from appliance.devices.controls.terminal import TerminalSource, has_terminal


class ControlsKind(str, Enum):
    """What the booth listens to."""

    AUTO = "auto"
    GPIO = "gpio"
    JETSON = "jetson"
    KEYBOARD = "keyboard"
    TERMINAL = "terminal"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class ControlsSetting:
    """What the administrator chose.

    Attributes:
        kind: what to listen to; AUTO is decided by `detect`.
        gpio: pins of a Raspberry Pi.
        jetson: pins of a Jetson.
        keys: names of keys on a keyboard or USB button.
    """

    kind: ControlsKind = ControlsKind.AUTO
    gpio: GpioPins = field(default_factory=GpioPins)
    jetson: JetsonPins = field(default_factory=JetsonPins)
    keys: tuple[str, ...] = KEYS


def detect(root: Path = Path("/"), terminal: Callable[[], bool] = has_terminal) -> ControlsKind:
    """What this machine has: pins by its make, else the terminal in which somebody started us.

    A keyboard is the last choice, since its keys are heard whatever program they are meant for.

    Args:
        root: of the file system.
        terminal: whether somebody can type to this program.
    """
    board = _board_name(root)
    if board.startswith("Raspberry Pi"):
        return ControlsKind.GPIO
    if board.startswith("NVIDIA Jetson") or (root / "etc/nv_tegra_release").exists():
        return ControlsKind.JETSON
    if terminal():
        return ControlsKind.TERMINAL
    if any((root / "dev/input").glob("event*")):
        return ControlsKind.KEYBOARD
    return ControlsKind.NONE


def choose_controls(
    setting: ControlsSetting,
    on_event: OnEvent,
    clock: Clock = time.monotonic,
    root: Path = Path("/"),
    terminal: Callable[[], bool] = has_terminal,
) -> Controls:
    """Build what the setting says, or what the machine has; nothing is opened before `start`.

    Args:
        setting: what the administrator chose.
        on_event: takes what the person asks for.
        clock: monotonic seconds.
        root: of the file system.
        terminal: whether somebody can type to this program.
    """
    automatic = setting.kind is ControlsKind.AUTO
    kind = detect(root, terminal) if automatic else setting.kind
    if kind is ControlsKind.GPIO:
        return SupervisedControls(
            "button",
            lambda switch: BoardSource(GpioBoard(setting.gpio), switch, clock, time.sleep),
            on_event,
            clock,
        )
    if kind is ControlsKind.JETSON:
        return SupervisedControls(
            "button",
            lambda switch: BoardSource(JetsonBoard(setting.jetson), switch, clock, time.sleep),
            on_event,
            clock,
        )
    if kind is ControlsKind.KEYBOARD:
        folder = root / "dev/input"
        return SupervisedControls(
            "keyboard", lambda _: KeyboardSource(clock, setting.keys, folder), on_event, clock
        )
    if kind is ControlsKind.TERMINAL:
        return SupervisedControls("terminal", lambda _: TerminalSource(), on_event, clock)
    reason = "This machine has no button and no lights." if automatic else "The controls are off."
    return NoControls(reason, clock)


def _board_name(root: Path) -> str:
    try:
        raw = (root / "proc/device-tree/model").read_bytes()
    except OSError:
        return ""
    return raw.rstrip(b"\0").decode("utf-8", "replace")
