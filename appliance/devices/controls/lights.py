"""What the light shows: one table of states and patterns, and the colour of each at any moment.

Nothing here flashes more than three times a second, for people with photosensitive epilepsy (WCAG
2.2, criterion 2.3.1).
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from appliance.domain.health import Health, Status

Colour = tuple[float, float, float]
"""Red, green and blue, each from 0 (off) to 1 (as bright as it gets)."""

DARK: Colour = (0.0, 0.0, 0.0)

_PULSE_S = 2.0
_FAST_PULSE_S = 0.7
_DIMMEST = 0.1
_BLINK_S = 0.5
_CODE_BLINK_S = 0.3
_CODE_PAUSE_S = 1.5


class LightState(str, Enum):
    """What goes on in the booth, or at its button."""

    READY = "ready"
    ASKING = "asking"
    LISTENING = "listening"
    THINKING = "thinking"
    REPORT = "report"
    CUE = "cue"
    HELD = "held"
    OFF = "off"


class FaultLight(str, Enum):
    """What is broken, by the name of the part; each has a number of blinks of its own.

    Where several are, the first one here is told: without sound there is no answer.
    """

    OTHER = "other"
    MICROPHONE = "microphone"
    CAMERA = "camera"
    SPEAKER = "speaker"
    MODELS = "models"
    SETTINGS = "settings"
    STORAGE = "storage"


Light = LightState | FaultLight


class Hue(Enum):
    """A colour with a name; the value is the `Colour`."""

    GREEN = (0.0, 1.0, 0.0)
    BLUE = (0.0, 0.0, 1.0)
    RED = (1.0, 0.0, 0.0)
    AMBER = (1.0, 0.5, 0.0)
    WHITE = (1.0, 1.0, 1.0)


class Motion(str, Enum):
    """How the brightness goes; the value is the word for it."""

    STEADY = "steady"
    PULSE = "slow pulse"
    FAST_PULSE = "fast pulse"
    BLINK = "blink"
    CODE = "blinks, then a pause"


@dataclass(frozen=True, slots=True)
class Pattern:
    """What the light does.

    Attributes:
        hue: its colour; None keeps it dark.
        motion: how its brightness goes.
        meaning: what it tells the person, as the README has it.
        blinks: how many, for a code.
    """

    hue: Hue | None
    motion: Motion
    meaning: str
    blinks: int = 0


PATTERNS: Mapping[Light, Pattern] = {
    LightState.READY: Pattern(Hue.GREEN, Motion.STEADY, "ready for you"),
    LightState.ASKING: Pattern(Hue.BLUE, Motion.PULSE, "asking a question"),
    LightState.LISTENING: Pattern(Hue.RED, Motion.STEADY, "listening: what you say is taken in"),
    LightState.THINKING: Pattern(Hue.BLUE, Motion.FAST_PULSE, "working on your feedback"),
    LightState.REPORT: Pattern(Hue.GREEN, Motion.PULSE, "your feedback is there"),
    LightState.CUE: Pattern(Hue.AMBER, Motion.BLINK, "a hint while you speak"),
    LightState.HELD: Pattern(
        Hue.WHITE, Motion.STEADY, "held for 2 s: let go to skip, or hold on to stop and wipe"
    ),
    LightState.OFF: Pattern(None, Motion.STEADY, "off"),
    FaultLight.OTHER: Pattern(Hue.RED, Motion.CODE, "something else: see the screen", 1),
    FaultLight.MICROPHONE: Pattern(Hue.RED, Motion.CODE, "the microphone", 2),
    FaultLight.CAMERA: Pattern(Hue.RED, Motion.CODE, "the camera", 3),
    FaultLight.SPEAKER: Pattern(Hue.RED, Motion.CODE, "the speaker", 4),
    FaultLight.MODELS: Pattern(Hue.RED, Motion.CODE, "a model is missing or damaged", 5),
    FaultLight.SETTINGS: Pattern(Hue.RED, Motion.CODE, "the settings", 6),
    FaultLight.STORAGE: Pattern(Hue.RED, Motion.CODE, "the disk is full or does not write", 7),
}


def colour_at(pattern: Pattern, elapsed_s: float) -> Colour:
    """The colour of a pattern.

    Args:
        pattern: what is shown.
        elapsed_s: seconds since it began, 0 or more.
    """
    if pattern.hue is None:
        return DARK
    brightness = _brightness(pattern, elapsed_s)
    red, green, blue = pattern.hue.value
    return red * brightness, green * brightness, blue * brightness


def fault_light(parts: Iterable[Health]) -> FaultLight | None:
    """The fault that the light is to tell; None where no part has one with blinks of its own.

    Args:
        parts: of the booth.
    """
    broken = {part.name for part in parts if part.status is Status.CRITICAL}
    return next((light for light in FaultLight if light.value in broken), None)


def _brightness(pattern: Pattern, elapsed_s: float) -> float:
    if pattern.motion is Motion.PULSE:
        return _pulse(elapsed_s, _PULSE_S)
    if pattern.motion is Motion.FAST_PULSE:
        return _pulse(elapsed_s, _FAST_PULSE_S)
    if pattern.motion is Motion.BLINK:
        return float(elapsed_s % (2 * _BLINK_S) < _BLINK_S)
    if pattern.motion is Motion.CODE:
        blinking_s = pattern.blinks * 2 * _CODE_BLINK_S
        place_s = elapsed_s % (blinking_s + _CODE_PAUSE_S)
        return float(place_s < blinking_s and place_s % (2 * _CODE_BLINK_S) < _CODE_BLINK_S)
    return 1.0


def _pulse(elapsed_s: float, period_s: float) -> float:
    """From dim to full and back, softly; it never goes out, so that it is no flash."""
    swing = 0.5 - 0.5 * math.cos(2 * math.pi * elapsed_s / period_s)
    return _DIMMEST + (1 - _DIMMEST) * swing


def to_markdown() -> str:
    """Both tables as the README has them: what the light says, and what its red blinks say."""
    states = [
        f"| {_look(pattern)} | {pattern.meaning} |"
        for light, pattern in PATTERNS.items()
        if isinstance(light, LightState)
    ]
    faults = [
        f"| {pattern.blinks} | {pattern.meaning} |"
        for light, pattern in PATTERNS.items()
        if isinstance(light, FaultLight)
    ]
    return "\n".join(
        [
            "| light | means |",
            "|---|---|",
            *states,
            f"| {Hue.RED.name.lower()}, {Motion.CODE.value} | a fault: count the blinks |",
            "",
            "| red blinks | fault |",
            "|---|---|",
            *faults,
        ]
    )


def _look(pattern: Pattern) -> str:
    if pattern.hue is None:
        return "dark"
    return f"{pattern.hue.name.lower()}, {pattern.motion.value}"
