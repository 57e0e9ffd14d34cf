"""At most one quiet hint while somebody speaks, and seldom.

A hint comes when something stays beyond its limit for some seconds, goes when it is well again
(which lies inside the limit, so that it does not flicker) or has been seen for long enough, and no
other comes for a while. Speaking slowly is never hinted at: who thinks must not be hurried.
"""

from dataclasses import dataclass
from enum import Enum

from appliance.coaching.pace_limits import PACES, PaceLimits


class Cue(str, Enum):
    """What a person may be reminded of."""

    NONE = "none"
    PACE = "pace"
    VOLUME = "volume"
    FACING = "facing"


@dataclass(frozen=True, slots=True)
class Moment:
    """What is known of the speaker now; what is not known is None.

    Attributes:
        time_s: of the answer.
        speaking: somebody speaks.
        pace_wpm: words a minute over the last seconds.
        loudness_dbfs: of the voice.
        facing: the head points at the camera.
    """

    time_s: float
    speaking: bool
    pace_wpm: float | None = None
    loudness_dbfs: float | None = None
    facing: bool | None = None


@dataclass(frozen=True, slots=True)
class CueTiming:
    """How patient hints are, in seconds.

    Attributes:
        after_s: something is beyond its limit for so long before it is hinted at.
        shown_s: a hint stays for no longer.
        gap_s: after a hint none comes for so long.
        calm_s: at the beginning of an answer none comes.
    """

    after_s: float = 4.0
    shown_s: float = 6.0
    gap_s: float = 20.0
    calm_s: float = 10.0


_WELL_PACED_WPM = 5.0
"""So far above the band of the measure the pace is well again; fast is what a listener falls behind
at."""

_QUIET_DBFS = -45.0
_WELL_HEARD_DBFS = -40.0
"""Quiet begins below the band of the measure, which begins at -38."""


class LiveCue:
    """Decides on the hint from moment to moment; call `update` once or twice a second.

    Args:
        timing: how patient it is.
        leave_out: hints that the person does not want.
        pace: of the language that is spoken.
    """

    def __init__(
        self,
        timing: CueTiming | None = None,
        leave_out: frozenset[Cue] = frozenset(),
        pace: PaceLimits = PACES["en"],
    ) -> None:
        self._pace = pace
        self._timing = timing or CueTiming()
        self._leave_out = leave_out
        self._since_s: dict[Cue, float] = {}
        self._shown = Cue.NONE
        self._shown_s = 0.0
        self._quiet_until_s = self._timing.calm_s

    def update(self, moment: Moment) -> Cue:
        """The hint that holds from now on."""
        for cue in _ORDER:
            if cue in self._leave_out or not _beyond(cue, moment, self._pace):
                self._since_s.pop(cue, None)
            else:
                self._since_s.setdefault(cue, moment.time_s)
        if self._shown is not Cue.NONE:
            self._maybe_end(moment)
        elif moment.time_s >= self._quiet_until_s:
            self._maybe_begin(moment)
        return self._shown

    def _maybe_begin(self, moment: Moment) -> None:
        for cue in _ORDER:
            since_s = self._since_s.get(cue)
            if since_s is not None and moment.time_s - since_s >= self._timing.after_s:
                self._shown, self._shown_s = cue, moment.time_s
                return

    def _maybe_end(self, moment: Moment) -> None:
        over = moment.time_s - self._shown_s >= self._timing.shown_s
        if over or _well(self._shown, moment, self._pace):
            self._shown = Cue.NONE
            self._since_s.clear()
            self._quiet_until_s = moment.time_s + self._timing.gap_s


_ORDER = (Cue.VOLUME, Cue.PACE, Cue.FACING)
"""Who is not heard needs to know that first."""


def _beyond(cue: Cue, moment: Moment, pace: PaceLimits) -> bool:
    """Whether something is beyond its limit; what is not known is not, and silence never is."""
    if not moment.speaking:
        return False
    if cue is Cue.PACE:
        return moment.pace_wpm is not None and moment.pace_wpm > pace.very_fast
    if cue is Cue.VOLUME:
        return moment.loudness_dbfs is not None and moment.loudness_dbfs < _QUIET_DBFS
    return moment.facing is False


def _well(cue: Cue, moment: Moment, pace: PaceLimits) -> bool:
    """Whether something is well again, which takes more than not being beyond its limit."""
    if cue is Cue.PACE:
        return moment.pace_wpm is not None and moment.pace_wpm <= pace.fast + _WELL_PACED_WPM
    if cue is Cue.VOLUME:
        return moment.loudness_dbfs is not None and moment.loudness_dbfs >= _WELL_HEARD_DBFS
    return moment.facing is True
