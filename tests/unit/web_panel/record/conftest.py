"""A booth that keeps what people want to see again."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.interview.session_events import Kind, State
from appliance.storage.practice_code import Cost
from appliance.storage.store import Store
from tests.panel import ServedBooth, served


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store(tmp_path_factory.mktemp("kept"), 90, time.time, time.monotonic, Cost(1, 1, 64))
    yield store
    store.close()


@pytest.fixture(scope="module")
def kept(models_dir: Path, sample: Path, store: Store) -> Iterator[ServedBooth]:
    with served(models_dir, sample, store=store) as booth:
        yield booth


@pytest.fixture
def booth(kept: ServedBooth) -> ServedBooth:
    """A booth that keeps records, and waits for somebody."""
    kept.does(Kind.LEAVE)
    kept.comes_to(State.ATTRACT)
    return kept
