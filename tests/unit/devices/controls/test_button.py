"""One button: what a press means, and that bouncing contacts add nothing to it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.devices.controls.button import Button, ButtonEvent

_POLL_S = 0.01
_CALM_S = 0.2


def _played(button: Button, stretches: list[tuple[bool, float]]) -> list[ButtonEvent]:
    """Poll a contact that has each level for so many seconds; gather what it says."""
    now_s, ends_s, events = 0.0, 0.0, []
    for level, lasts_s in stretches:
        ends_s += lasts_s
        while now_s < ends_s:
            event = button.feed(level, now_s)
            events += [event] if event else []
            now_s += _POLL_S
    return events


def _pressed(*held_s: float) -> list[ButtonEvent]:
    stretches = [(False, _CALM_S)]
    for seconds in held_s:
        stretches += [(True, seconds), (False, _CALM_S)]
    return _played(Button(), stretches)


@pytest.mark.parametrize(
    ("held_s", "event"),
    [
        (0.06, ButtonEvent.PRESS),
        (0.5, ButtonEvent.PRESS),
        (1.9, ButtonEvent.PRESS),
        (2.1, ButtonEvent.SKIP),
        (4.9, ButtonEvent.SKIP),
        (5.1, ButtonEvent.WIPE),
        (60, ButtonEvent.WIPE),
    ],
)
def test_how_long_it_is_held_decides_what_it_means(held_s: float, event: ButtonEvent) -> None:
    assert _pressed(held_s) == [event]


def test_two_presses_are_two() -> None:
    assert _pressed(0.1, 0.1, 2.5) == [ButtonEvent.PRESS, ButtonEvent.PRESS, ButtonEvent.SKIP]


def test_wiping_does_not_wait_for_the_release() -> None:
    button = Button()
    assert _played(button, [(False, 0.1), (True, 4.9)]) == []
    assert button.feed(True, 5.2) is ButtonEvent.WIPE
    assert button.feed(False, 6.0) is None
    assert button.feed(False, 6.1) is None


def test_a_glitch_says_nothing() -> None:
    assert _played(Button(), [(False, 0.1), (True, 0.02), (False, 0.1)]) == []


def test_a_button_that_is_down_from_the_start_says_nothing_until_it_was_up() -> None:
    button = Button()
    assert _played(button, [(True, 40), (False, 0.1)]) == []
    assert button.feed(True, 41.0) is None
    assert button.feed(True, 41.1) is None
    assert button.feed(False, 41.2) is None
    assert button.feed(False, 41.3) is ButtonEvent.PRESS


def test_a_jammed_button_is_noticed() -> None:
    button = Button()
    _played(button, [(False, 0.1), (True, 29)])
    assert not button.jammed(29.0)
    assert button.jammed(31.0)
    button.feed(False, 31.1)
    assert not button.jammed(31.2)


def test_it_is_held_from_two_seconds_until_it_wipes() -> None:
    button = Button()
    button.feed(False, 0.0)
    button.feed(False, 0.1)
    button.feed(True, 1.0)
    button.feed(True, 1.1)
    assert not button.held(2.9)
    assert button.held(3.1)
    button.feed(True, 6.1)
    assert not button.held(6.2)


def test_a_wipe_that_nobody_looked_at_in_time_is_a_wipe() -> None:
    button = Button()
    for level, now_s in ((False, 0.0), (False, 1.0), (True, 2.0), (True, 3.0), (False, 8.0)):
        assert button.feed(level, now_s) in {None, ButtonEvent.WIPE}
    assert button.feed(False, 9.0) is None


def test_a_press_is_dropped_with_the_button_that_goes_away() -> None:
    button = Button()
    _played(button, [(False, 0.1), (True, 3)])
    button.forget()
    assert not button.held(5.0)
    assert button.feed(False, 5.0) is None
    assert button.feed(False, 5.1) is None


def test_without_debouncing_every_key_stroke_counts() -> None:
    button = Button(debounce_s=0.0)
    assert button.feed(False, 0.0) is None
    assert button.feed(True, 1.0) is None
    assert button.feed(False, 1.0) is ButtonEvent.PRESS


_bounces = st.lists(st.floats(0.0001, 0.012), max_size=6).map(
    lambda gaps: gaps[: len(gaps) // 2 * 2]
)
_between = st.floats(0.0, 0.004)


@given(
    held_s=st.one_of(st.floats(0.08, 1.8), st.floats(2.2, 4.8), st.floats(5.2, 8.0)),
    closing=_bounces,
    opening=_bounces,
    jitter=st.lists(_between, min_size=1, max_size=20),
)
def test_one_press_is_one_event_however_the_contact_bounces(
    held_s: float, closing: list[float], opening: list[float], jitter: list[float]
) -> None:
    def bouncing(first: bool, gaps: list[float]) -> list[tuple[bool, float]]:
        return [(first ^ bool(number % 2), gap) for number, gap in enumerate(gaps)]

    stretches = [
        (False, _CALM_S),
        *bouncing(True, closing),
        (True, held_s),
        *bouncing(False, opening),
        (False, _CALM_S),
    ]
    edges, ends_s = [], 0.0
    for level, lasts_s in stretches:
        ends_s += lasts_s
        edges.append((ends_s, level))

    button, events, now_s, polls = Button(), [], 0.0, 0
    while now_s < ends_s:
        level = next(level for end_s, level in edges if now_s < end_s)
        event = button.feed(level, now_s)
        events += [event] if event else []
        now_s += _POLL_S - 0.002 + jitter[polls % len(jitter)]
        polls += 1

    expected = (
        ButtonEvent.PRESS if held_s < 2 else ButtonEvent.SKIP if held_s < 5 else ButtonEvent.WIPE
    )
    assert events == [expected]
