"""What a person does with the one button, out of the raw levels that a contact gives."""

from enum import Enum

SKIP_S = 2.0
WIPE_S = 5.0
DEBOUNCE_S = 0.03
"""A level counts once it has been the same for so long: cheap switches bounce for 1 to 20 ms."""

_STUCK_S = 30.0


class ButtonEvent(str, Enum):
    """What a person asks for by the button; the value is its name."""

    PRESS = "press"
    SKIP = "skip"
    WIPE = "wipe"


class Button:
    """Follows one button. It reads no clock: each level comes with its time.

    A short press tells when it ends, and so does one of 2 to 5 s; at 5 s it tells at once, and
    nothing more when it ends. So one press never gives two events. A button that is already down
    when it is first looked at says nothing until it was up: a jammed one must not wipe.

    Args:
        debounce_s: how long a level must last; 0 for keys that are clean already.
    """

    def __init__(self, debounce_s: float = DEBOUNCE_S) -> None:
        self._debounce_s = debounce_s
        self._level: bool | None = None
        self._level_since_s = 0.0
        self._down: bool | None = None
        self._down_since_s = 0.0
        self._told = False

    def feed(self, level: bool, now_s: float) -> ButtonEvent | None:
        """Take in whether the contact is closed now.

        Args:
            level: True while it is pressed.
            now_s: monotonic seconds, never less than before.

        Returns:
            What was asked for by now, if anything.
        """
        if self._level is None:
            self._level, self._level_since_s = level, now_s
        event = self._settle(now_s)
        if level != self._level:
            self._level, self._level_since_s = level, now_s
            event = event or self._settle(now_s)
        return event

    def forget(self) -> None:
        """Drop a press that has begun: the button itself went away."""
        self._level = self._down = None
        self._told = False

    def held(self, now_s: float) -> bool:
        """Whether it has been down long enough to skip, and not yet to wipe."""
        return bool(self._down) and not self._told and now_s - self._down_since_s >= SKIP_S

    def jammed(self, now_s: float) -> bool:
        """Whether it has been down for longer than anybody presses."""
        return bool(self._level) and now_s - self._level_since_s >= _STUCK_S

    def _settle(self, now_s: float) -> ButtonEvent | None:
        """Accept a level that has lasted, and tell what follows from it."""
        level, since_s = self._level, self._level_since_s
        if level is not self._down and now_s - since_s >= self._debounce_s:
            first, self._down = self._down is None, level
            if level:
                self._down_since_s = since_s
                self._told = first
            elif not first and not self._told:
                return _meaning(since_s - self._down_since_s)
        elif self._down and level and not self._told and now_s - self._down_since_s >= WIPE_S:
            self._told = True
            return ButtonEvent.WIPE
        return None


def _meaning(held_s: float) -> ButtonEvent:
    """What a press that has ended asked for; up to 5 s of it may have gone by unseen."""
    if held_s >= WIPE_S:
        return ButtonEvent.WIPE
    return ButtonEvent.SKIP if held_s >= SKIP_S else ButtonEvent.PRESS


def to_markdown() -> str:
    """What the button and the keys do, as the README has it."""
    skip, wipe = f"hold {SKIP_S:.0f} s, let go", f"hold {WIPE_S:.0f} s"
    return "\n".join(
        [
            "| button, space bar or Enter | in a terminal | does |",
            "|---|---|---|",
            "| press | space or Enter | start, finish, next |",
            f"| {skip} | s | skip the question |",
            f"| {wipe} | w | stop, and wipe what was recorded |",
        ]
    )
