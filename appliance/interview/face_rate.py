"""How often to look at the face, so that the sound is always in time."""

_BEHIND_S = 2.0
"""Sound that waits longer than this is behind; a recogniser of whole sentences may need so long."""

_IN_TIME_S = 0.5
_STEP_S = 1.0
_GROWTH = 1.25


class FaceRate:
    """Looks at the face often while there is time, and seldom while the sound is behind.

    It halves once a second while sound waits, and grows slowly again: like the window of a
    network's sender, which is stable with any number of senders on a line (Chiu and Jain 1989).

    Args:
        most_hz: looks a second on a machine that has time.
        least_hz: looks a second at the worst.
    """

    def __init__(self, most_hz: float = 10.0, least_hz: float = 1.0) -> None:
        self._most_hz = most_hz
        self._least_hz = least_hz
        self._rate_hz = most_hz
        self._changed_s: float | None = None
        self._next_s: float | None = None

    @property
    def rate_hz(self) -> float:
        """Looks a second now."""
        return self._rate_hz

    def adapt(self, now_s: float, waiting_s: float) -> None:
        """Choose the rate by how much sound waits.

        Args:
            now_s: monotonic seconds.
            waiting_s: seconds of sound that nobody has listened to yet.
        """
        if self._changed_s is not None and now_s - self._changed_s < _STEP_S:
            return
        self._changed_s = now_s
        if waiting_s > _BEHIND_S:
            self._rate_hz = max(self._least_hz, self._rate_hz / 2)
        elif waiting_s < _IN_TIME_S:
            self._rate_hz = min(self._most_hz, self._rate_hz * _GROWTH)

    def pause_s(self, now_s: float) -> float:
        """Seconds until the next look; 0 where it is due, which counts it as taken."""
        due_s = now_s if self._next_s is None else self._next_s
        if now_s < due_s:
            return due_s - now_s
        self._next_s = max(due_s + 1 / self._rate_hz, now_s)
        return 0.0
