"""The service's loop: what it tells, and when it says that it is alive."""

import subprocess
import sys
import threading
from typing import Any

from appliance.interview.session import Session
from appliance.interview.session_events import Kind, State
from appliance.operations.footprint import footprint
from appliance.operations.rounds import Rounds
from appliance.operations.watchdog import Watchdog
from tests.devices import ManualClock


class FakeBooth:
    """A booth whose turns cost two seconds, and end it after some."""

    def __init__(self, clock: ManualClock, stop: threading.Event, turns: int) -> None:
        self.session = Session()
        self.question_ids = ("one",)
        self.done: list[Any] = []
        self.stands = False
        self._clock = clock
        self._stop = stop
        self._left = turns
        self._count = 0.0

    def do(self, event: Any) -> None:
        self.done.append(event)
        if event is Kind.START:
            self.session = Session(state=State.WELCOME)
        elif event is Kind.GO_ON:
            self.session = Session(state=State.ATTRACT)

    def turn(self) -> None:
        self._clock.now += 2.0
        self._count += not self.stands
        self._left -= 1
        if self._left == 0:
            self._stop.set()

    def progress(self) -> dict[str, float | None]:
        return {"turns": self._count, "sound": None}


class FakeManager:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.watchdog_s: float | None = 30.0

    def ready(self) -> None:
        self.told.append("ready")

    def alive(self) -> None:
        self.told.append("alive")

    def status(self, words: str) -> None:
        self.told.append(words)

    def stopping(self) -> None:
        self.told.append("stopping")


class How:
    """How the loop is run."""

    def __init__(self, visits: int | None = None) -> None:
        self.simulate = None
        self.visits = visits
        self.stop = threading.Event()
        self.said: list[str] = []
        self.say = self.said.append
        self.screen = None


def _go(turns: int, *, visits: int | None = None, stands: bool = False) -> tuple[Any, Any, How]:
    clock, how, manager = ManualClock(), How(visits), FakeManager()
    booth: Any = FakeBooth(clock, how.stop, turns)
    booth.stands = stands
    any_manager: Any = manager
    steady: list[float] = []
    Rounds(booth, any_manager, how, lambda: steady.append(clock.now), clock).go()
    assert len(steady) == (clock.now >= 130.0)
    return booth, manager, how


def test_it_says_that_it_is_alive_three_times_in_the_time_that_is_waited() -> None:
    booth, manager, how = _go(60)
    assert manager.told[:2] == ["ready", "attract"]
    assert manager.told.count("alive") == 12
    assert booth.done == []
    assert how.said == ["The booth runs. Ctrl-C ends it.", "attract"]


def test_when_something_stands_still_it_stops_saying_so() -> None:
    _, manager, _ = _go(100, stands=True)
    assert 5 <= manager.told.count("alive") <= 7
    assert manager.told[-1] == "turns stands still"


def test_a_visitor_goes_through_interviews_and_then_it_ends() -> None:
    booth, _, how = _go(1000, visits=2)
    assert [e for e in booth.done if isinstance(e, Kind)] == [Kind.START, Kind.GO_ON] * 2
    assert [line.partition(":")[0] for line in how.said[1:]] == ["visit 1", "visit 2"]


def test_a_part_that_moves_is_alive_and_one_that_need_not_is_not_watched() -> None:
    clock = ManualClock()
    watchdog = Watchdog(clock, patience_s=10.0)
    assert watchdog.standing({"turns": 1.0, "sound": None}) is None
    clock.now += 9.0
    assert watchdog.standing({"turns": 1.0, "sound": 0.0}) is None
    clock.now += 9.0
    assert watchdog.standing({"turns": 2.0, "sound": 0.0}) is None
    clock.now += 9.0
    assert watchdog.standing({"turns": 3.0, "sound": 0.0}) == "sound"
    assert watchdog.standing({"turns": 3.0, "sound": None}) is None
    assert watchdog.standing({"turns": 3.0, "sound": 0.0}) is None


def test_what_the_process_holds_is_told() -> None:
    held = footprint()
    assert held.memory_mb > 10
    assert held.threads >= 1
    assert held.files >= 3
    assert str(held).endswith("open files")


def test_no_core_dump_can_be_made() -> None:
    program = (
        "import ctypes, resource\n"
        "from appliance.operations.privacy import keep_off_the_disk\n"
        "keep_off_the_disk()\n"
        "print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout == b"(0, 0) 0\n"
