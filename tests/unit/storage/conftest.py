"""A store with a calendar that the test turns, and codes that cost nothing to open."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from appliance.domain.report import Advice, Measure
from appliance.storage.practice_code import Cost
from appliance.storage.practice_record import Attempt, SessionSummary
from appliance.storage.store import Store

DAY_S = 86_400.0
CHEAP = Cost(iterations=1, lanes=1, memory_kib=64)


class Clock:
    """A wall clock that can be set, and a steady one that only goes on."""

    def __init__(self) -> None:
        self.wall_s = 20_500 * DAY_S
        self.steady_s = 0.0

    def passes(self, days: float) -> None:
        self.wall_s += days * DAY_S
        self.steady_s += days * DAY_S


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def open_store(folder: Path, clock: Clock) -> Iterator[Callable[..., Store]]:
    stores: list[Store] = []

    def opened(retention_days: int = 90) -> Store:
        stores.append(
            Store(folder, retention_days, lambda: clock.wall_s, lambda: clock.steady_s, CHEAP)
        )
        return stores[-1]

    yield opened
    for store in stores:
        store.close()


@pytest.fixture
def summary() -> Callable[..., SessionSummary]:
    def made(day: int = 20_500, transcript: str | None = None) -> SessionSummary:
        measure = Measure(
            name="pace",
            title="Pace",
            value=140.0,
            unit="words per minute",
            band=None,
            status="in_band",
            reason=None,
            says="You spoke at about 140 words a minute.",
        )
        advice = Advice(source="standard", model=None, strengths=(), next_steps=())
        attempt = Attempt(
            question="solved-problem",
            measures=(measure,),
            advice=advice,
            transcript=transcript,
        )
        return SessionSummary(day=day, language="en", attempts=(attempt,))

    return made
