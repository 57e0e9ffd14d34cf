"""When an answer is over by itself: after a long silence, or at its greatest length."""

from dataclasses import dataclass, replace
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
        most_s: the greatest length; from then on, the end of a sentence is the end.
        sentence_s: silence that tells the end of a sentence, longer than most breaths within one.
        warned_s: how long before that they are told.
        grace_s: how long a sentence may go on beyond it; then any breath, and after as long
            again anything, ends it.
    """

    enough_speech_s: float = 5.0
    silence_s: float = 4.0
    asked_s: float = 4.0
    open_end: float = 2.0
    most_s: float = 180.0
    sentence_s: float = 0.7
    warned_s: float = 20.0
    grace_s: float = 20.0

    def longer(self, factor: float) -> "Patience":
        """The same with longer silences, for people who need them.

        Args:
            factor: such as 2 for twice as long.
        """
        return replace(
            self,
            silence_s=self.silence_s * factor,
            asked_s=self.asked_s * factor,
            sentence_s=self.sentence_s * factor,
        )


class EndOfAnswer:
    """Follows one answer block by block; it reads no clock.

    Nobody is cut off: an answer ends when a sentence does. Only far beyond the greatest length a
    breath is enough, and farther on a voice without any, such as that of a television, is ended.

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
        words = heard.words[-1].text if heard.words else (heard.partial or "").rpartition(" ")[2]
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
        stretch = patience.open_end if self._goes_on else 1.0
        first_s = patience.silence_s * stretch
        asks = self._spoken_s >= patience.enough_speech_s and self._quiet_s >= first_s
        silent = asks and self._quiet_s >= first_s + patience.asked_s
        beyond_s = self._end_s - patience.most_s
        sentence_over = beyond_s >= 0 and self._quiet_s >= patience.sentence_s * stretch
        breath = beyond_s >= patience.grace_s and not speaking
        endless = beyond_s >= 2 * patience.grace_s
        self._over = self._over or silent or sentence_over or breath or endless
        if asks:
            self._hint = Hint.STILL_THINKING
        elif self._end_s >= patience.most_s - patience.warned_s:
            self._hint = Hint.NEARLY_OVER
        else:
            self._hint = Hint.NONE
