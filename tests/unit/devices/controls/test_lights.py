"""The table of lights: what a person sees, and that no pattern harms anybody."""

from itertools import pairwise
from pathlib import Path

import pytest

from appliance.devices.controls import button, lights
from appliance.devices.controls.lights import (
    DARK,
    PATTERNS,
    FaultLight,
    Hue,
    Light,
    LightState,
    Motion,
    colour_at,
    fault_light,
)
from appliance.domain.health import Health, Status

_README = Path(__file__).parents[4] / "README.md"
_ALL: list[Light] = [*LightState, *FaultLight]
_MOMENTS_S = [number / 100 for number in range(1_200)]


def _seen(light: Light) -> list[lights.Colour]:
    return [colour_at(PATTERNS[light], moment_s) for moment_s in _MOMENTS_S]


def _switches_on(colours: list[lights.Colour]) -> list[float]:
    lit = [max(colour) > 0.5 for colour in colours]
    return [index / 100 for index in range(1, len(lit)) if lit[index] and not lit[index - 1]]


def test_every_state_and_every_fault_has_a_pattern_of_its_own() -> None:
    assert set(PATTERNS) == set(_ALL)
    looks = {(p.hue, p.motion, p.blinks) for p in PATTERNS.values()}
    assert len(looks) == len(PATTERNS)


def test_the_states_look_as_the_design_says() -> None:
    looks = {state.value: (PATTERNS[state].hue, PATTERNS[state].motion) for state in LightState}
    assert looks == {
        "ready": (Hue.GREEN, Motion.STEADY),
        "asking": (Hue.BLUE, Motion.PULSE),
        "listening": (Hue.RED, Motion.STEADY),
        "thinking": (Hue.BLUE, Motion.FAST_PULSE),
        "report": (Hue.GREEN, Motion.PULSE),
        "cue": (Hue.AMBER, Motion.BLINK),
        "held": (Hue.WHITE, Motion.STEADY),
        "off": (None, Motion.STEADY),
    }


@pytest.mark.parametrize("light", _ALL)
def test_colours_stay_in_range_and_keep_their_hue(light: Light) -> None:
    hue = PATTERNS[light].hue
    for colour in _seen(light):
        assert all(0 <= channel <= 1 for channel in colour)
        full = DARK if hue is None else hue.value
        assert colour == pytest.approx(tuple(max(colour) * channel for channel in full))


def test_listening_is_red_without_a_break() -> None:
    assert set(_seen(LightState.LISTENING)) == {(1.0, 0.0, 0.0)}


@pytest.mark.parametrize("state", [LightState.ASKING, LightState.THINKING, LightState.REPORT])
def test_a_pulse_is_soft_and_never_goes_out(state: LightState) -> None:
    levels = [max(colour) for colour in _seen(state)]
    assert min(levels) == pytest.approx(0.1)
    assert max(levels) > 0.99
    steps = [abs(after - before) for before, after in pairwise(levels)]
    assert max(steps) < 0.05


def test_thinking_pulses_about_three_times_as_fast_as_asking() -> None:
    fast, slow = (
        len(_switches_on(_seen(state))) for state in (LightState.THINKING, LightState.ASKING)
    )
    assert fast / slow == pytest.approx(2.9, abs=0.2)


@pytest.mark.parametrize("fault", list(FaultLight))
def test_a_fault_can_be_counted_again_and_again(fault: FaultLight) -> None:
    pattern = PATTERNS[fault]
    round_s = 0.6 * pattern.blinks + 1.5
    assert colour_at(pattern, 0.0) == (1.0, 0.0, 0.0)
    one_round = [colour_at(pattern, 0.005 + n / 100) for n in range(round(round_s * 100))]
    assert 1 + len(_switches_on(one_round)) == pattern.blinks
    assert one_round[-150:] == [DARK] * 150
    assert colour_at(pattern, round_s + 0.005) == (1.0, 0.0, 0.0)


def test_of_several_faults_the_one_with_the_fewest_blinks_is_told() -> None:
    broken = [Health(light.value, Status.CRITICAL, "It is broken.") for light in FaultLight][1:]
    while broken:
        told = fault_light(reversed(broken))
        assert told is not None
        assert PATTERNS[told].blinks == min(
            PATTERNS[FaultLight(part.name)].blinks for part in broken
        )
        broken = broken[1:]
    assert fault_light([]) is None


def test_a_part_that_only_warns_and_one_without_blinks_of_its_own_leave_the_light_alone() -> None:
    storage = Health("storage", Status.WARNING, "The database was damaged.")
    printer = Health("printer", Status.CRITICAL, "It has no paper.")
    assert fault_light([storage, printer]) is None


@pytest.mark.parametrize("light", _ALL)
def test_nothing_flashes_more_than_three_times_a_second(light: Light) -> None:
    starts = _switches_on(_seen(light))
    for first in starts:
        assert sum(first <= start < first + 1 for start in starts) <= 3


def test_the_readme_has_both_tables_as_they_are_in_the_code() -> None:
    text = _README.read_text(encoding="utf-8")
    assert f"\n\n{lights.to_markdown()}\n\n" in text
    assert f"\n\n{button.to_markdown()}\n\n" in text
