"""When an answer is over by itself: after a long silence, or at its greatest length."""

from dataclasses import dataclass
from enum import Enum

from appliance.interview.pipeline import Heard

_TICK_S = 0.5
"""Blocks are shorter; a gap beyond this is lost sound, and counts neither as speech nor silence."""


class Hint(str, Enum):
    """What the person should know."""

    NONE = "none"
    STILL_THINKING = "still_thinking"
    """They have been silent for long: are they still thinking?"""
    NEARLY_OVER = "nearly_over"
    """The greatest length is near."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in seconds.

    Attributes:
        enough_speech_s: with less speech than this, no silence ends an answer: they think.
        silence_s: silence after which they are asked whether they are still thinking.
        asked_s: silence after that, with which the answer is over.
        open_end: how many times longer the first silence may be after words that call for more.
        most_s: the greatest length.
        warned_s: how long before that they are told.
        grace_s: how long a sentence may go on beyond it.
    """

    enough_speech_s: float = 5.0
    silence_s: float = 4.0
    asked_s: float = 4.0
    open_end: float = 2.0
    most_s: float = 180.0
    warned_s: float = 20.0
    grace_s: float = 20.0

    def longer(self, factor: float) -> "Patience":
        """The same with longer silences, for people who need them.

        Args:
            factor: such as 2 for twice as long.
        """
        return Patience(
            self.enough_speech_s,
            self.silence_s * factor,
            self.asked_s * factor,
            self.open_end,
            self.most_s,
            self.warned_s,
            self.grace_s,
        )


class EndOfAnswer:
    """Follows one answer block by block; it reads no clock.

    Nobody is cut off: an answer ends while nobody speaks, or when a sentence goes on for long
    beyond the greatest length.

    Args:
        patience: how long to wait.
        open_ends: words after which a sentence goes on, such as "and", lower case.
    """

    def __init__(self, patience: Patience, open_ends: frozenset[str]) -> None:
        self._patience = patience
        self._open_ends = open_ends
        self._end_s = 0.0
        self._spoken_s = 0.0
        self._quiet_s = 0.0
        self._goes_on = False
        self._over = False
        self._hint = Hint.NONE

    @property
    def is_over(self) -> bool:
        """Whether the answer is over."""
        return self._over

    @property
    def hint(self) -> Hint:
        """What the person should know now."""
        return self._hint

    def hear(self, heard: Heard) -> None:
        """Take what is known after a block."""
        passed_s = min(_TICK_S, max(0.0, heard.end_s - self._end_s))
        self._end_s = heard.end_s
        words = heard.words[-1].text if heard.words else heard.partial.rpartition(" ")[2]
        if words:
            self._goes_on = words.strip(".,;:!?…-").casefold() in self._open_ends
        if heard.speaking:
            self._spoken_s += passed_s
            self._quiet_s = 0.0
        else:
            self._quiet_s += passed_s
        self._judge(speaking=heard.speaking)

    def _judge(self, *, speaking: bool) -> None:
        patience = self._patience
        first_s = patience.silence_s * (patience.open_end if self._goes_on else 1.0)
        asks = self._spoken_s >= patience.enough_speech_s and self._quiet_s >= first_s
        silent = asks and self._quiet_s >= first_s + patience.asked_s
        limit_s = patience.most_s + (patience.grace_s if speaking else 0.0)
        self._over = self._over or silent or self._end_s >= limit_s
        if asks:
            self._hint = Hint.STILL_THINKING
        elif self._end_s >= patience.most_s - patience.warned_s:
            self._hint = Hint.NEARLY_OVER
        else:
            self._hint = Hint.NONE
