"""The booth's own screen, in a real browser."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from appliance.interview.session_events import Kind, State
from appliance.storage.practice_code import Cost
from appliance.storage.store import Store
from tests.kiosk_screen import PATIENCE_MS
from tests.panel import ServedBooth, served


@pytest.fixture(scope="module")
def kept(
    models_dir: Path, sample: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServedBooth]:
    folder = tmp_path_factory.mktemp("panel")
    store = Store(folder, 90, time.time, time.monotonic, Cost(1, 1, 64))
    with served(models_dir, sample, folder=folder, store=store) as booth:
        yield booth
    store.close()


@pytest.fixture
def booth(kept: ServedBooth) -> ServedBooth:
    """A booth that waits for somebody."""
    kept.does(Kind.LEAVE)
    kept.comes_to(State.ATTRACT)
    return kept


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(
        viewport={"width": 800, "height": 480}, has_touch=True, reduced_motion="reduce"
    )
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


@pytest.fixture
def page(booth: ServedBooth, context: BrowserContext) -> Iterator[Page]:
    """The screen of the booth; nothing on it may fail in the browser."""
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console",
        lambda said: (
            faults.append(said.text)
            if said.type == "error" and "Failed to load resource" not in said.text
            else None
        ),
    )
    page.goto(booth.address)
    yield page
    assert faults == []
