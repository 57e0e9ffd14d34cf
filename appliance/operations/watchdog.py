"""When the service may say that it is alive: only while what should move moves."""

from collections.abc import Callable, Mapping


class Watchdog:
    """Watches parts that should move, each by a figure that grows while it does.

    Args:
        clock: monotonic seconds.
        patience_s: how long a part may stand still.
    """

    def __init__(self, clock: Callable[[], float], patience_s: float) -> None:
        self._clock = clock
        self._patience_s = patience_s
        self._seen: dict[str, tuple[float, float]] = {}

    def standing(self, figures: Mapping[str, float | None]) -> str | None:
        """The part that stands still, None where all move.

        Args:
            figures: of each part; None for one that need not move now.
        """
        now_s = self._clock()
        for part, figure in figures.items():
            before = self._seen.get(part)
            if figure is None:
                self._seen.pop(part, None)
            elif before is None or before[0] != figure:
                self._seen[part] = (figure, now_s)
            elif now_s - before[1] > self._patience_s:
                return part
        return None
