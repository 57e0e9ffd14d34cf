"""How long a person waits for their scores, over many answers given to a running booth."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from threading import Event, Thread

import httpx

from appliance.operations.bench.running_booth import BenchError, RunningBooth

SPOKEN_S, SILENT_S = 14.4, 6.0
"""Of the recording that is played again and again: the sample pauses there."""

REACHES_S = 1.5
"""From the last word until somebody has found and pressed "Finish"."""

_LEAST_S = 6.0
"""Spoken of each answer at least; where in the recording it begins is as it comes."""

_QUIET_DBFS = -80.0
"""Between the pauses of the sample, where its room is heard, and the silence after it."""
_LOOK_S = 0.05
_SET = 8
_LONGEST_WAIT_S = 60.0
_SCORES = 'class="card bars"'
"""Stands on the screen once there are scores."""


@dataclass(frozen=True, slots=True)
class Waits:
    """What was measured while answers were given.

    Attributes:
        waits_ms: from the end of each answer until its scores were on the screen.
        processor: share of one core in use while somebody answered.
        most_memory_mb: the most that the booth ever held.
    """

    waits_ms: tuple[float, ...]
    processor: float
    most_memory_mb: float


def measure_answers(
    booth: RunningBooth, count: int, progress: Callable[[str, float], None]
) -> Waits:
    """Give answers, and measure the wait after each.

    Args:
        booth: that runs.
        count: of answers.
        progress: told what goes on, and the share that is done.

    Raises:
        BenchError: scores do not come.
    """
    news = _News(booth)
    waits_ms: list[float] = []
    processor_s = listened_s = 0.0
    for number in range(count):
        progress("Answering", number / count)
        _come_to_a_question(booth, news)
        booth.act("answer")
        before_s, began_s = booth.processor_s, time.monotonic()
        news.wait_for_silence(_LEAST_S)
        time.sleep(REACHES_S)
        processor_s += booth.processor_s - before_s
        listened_s += time.monotonic() - began_s
        ended_s = time.perf_counter()
        booth.act("finish")
        news.wait_for("review", "compare")
        if _SCORES not in booth.screen():
            raise BenchError("There are no scores on the screen.")
        waits_ms.append(1000 * (time.perf_counter() - ended_s))
    booth.act("leave")
    return Waits(tuple(waits_ms), processor_s / listened_s, booth.most_memory_mb)


def _come_to_a_question(booth: RunningBooth, news: "_News") -> None:
    """From wherever the interview is to its next question."""
    steps: dict[str, Callable[[], None]] = {
        "attract": lambda: booth.act("start"),
        "welcome": lambda: booth.act("go_on"),
        "consent": booth.agree,
        "check": lambda: booth.act("skip"),
        "choose": lambda: booth.choose(_SET),
        "review": lambda: booth.act("go_on"),
        "report": lambda: booth.act("leave"),
    }
    while (state := booth.look()["state"]) != "ask":
        if state in steps:
            steps[state]()
        else:
            news.wait_for(*steps)


class _News:
    """News of a booth, taken by a thread of its own, since they come while other calls go on."""

    def __init__(self, booth: RunningBooth) -> None:
        self._changed = Event()
        self._level_dbfs = 0.0
        self._booth = booth
        Thread(target=self._take, daemon=True).start()

    def wait_for(self, *states: str) -> None:
        """Wait until the interview is in one of some states.

        Raises:
            BenchError: it does not come to that.
        """
        end_s = time.monotonic() + _LONGEST_WAIT_S
        while self._booth.look()["state"] not in states:
            if not self._changed.wait(end_s - time.monotonic()):
                raise BenchError(f"The booth does not come to: {', '.join(states)}.")
            self._changed.clear()

    def wait_for_silence(self, least_s: float) -> None:
        """Wait until somebody has spoken for a while, and then falls silent.

        Raises:
            BenchError: they never do.
        """
        began_s = time.monotonic()
        spoke = False
        while not spoke or self._level_dbfs > _QUIET_DBFS:
            now_s = time.monotonic()
            spoke = spoke or (now_s - began_s > least_s and self._level_dbfs > _QUIET_DBFS)
            if now_s - began_s > _LONGEST_WAIT_S:
                raise BenchError("There is no silence in the recording.")
            time.sleep(_LOOK_S)

    def _take(self) -> None:
        with suppress(httpx.HTTPError):  # at the latest when the booth ends
            for kind, data in self._booth.events():
                self._level_dbfs = data.get("level_dbfs", self._level_dbfs)
                if kind == "state":
                    self._changed.set()
