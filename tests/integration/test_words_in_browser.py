"""Words of a language model on the screen of a real browser, as they come."""

import logging
import re
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import APIResponse, Browser, Page, Route, expect

from appliance.domain.settings import Ollama, Settings
from appliance.interview.session_events import Kind, State, chose, consented
from tests.ollama_server import OllamaServer, ollama_server
from tests.panel import ServedBooth, served
from tests.words import MODEL, OPEN_STORY, plainly

pytestmark = pytest.mark.browser

_LOG = logging.getLogger(__name__)
_SOON_S = 0.1

_WATCH = """() => {
  window.seen = {};
  new MutationObserver(() => {
    const text = document.getElementById("booth").textContent;
    if (text.includes("After that, say how it ended")) window.seen.words ??= Date.now();
  }).observe(document.getElementById("booth"), { childList: true, subtree: true });
}"""


@pytest.fixture(scope="module")
def server() -> Iterator[OllamaServer]:
    with ollama_server(MODEL, says=plainly) as server:
        yield server


@pytest.fixture(scope="module")
def booth(models_dir: Path, sample: Path, server: OllamaServer) -> Iterator[ServedBooth]:
    settings = Settings(ollama=Ollama(hosts=(server.host,), model=MODEL))
    with served(models_dir, sample, settings) as one:
        yield one


@pytest.fixture
def page(booth: ServedBooth, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 800, "height": 480}, has_touch=True, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(booth.address)
    yield page
    booth.does(Kind.LEAVE)
    booth.comes_to(State.ATTRACT)
    context.close()


def answers(booth: ServedBooth, page: Page) -> None:
    """Somebody agrees by touch, and types an answer."""
    page.get_by_role("button", name="Start").tap()
    page.get_by_role("button", name="Continue").tap()
    for name in ("Voice", "Camera"):
        page.get_by_role("switch", name=name, exact=True).uncheck()
    wording = page.get_by_role("switch", name="Wording")
    assert not wording.is_checked()
    wording.check()
    page.get_by_role("button", name="Continue").tap()
    booth.comes_to(State.CHOOSE)
    assert booth.booth.session.consent.wording
    booth.does(chose("solved-problem"), Kind.ANSWER)
    booth.booth.type_answer(OPEN_STORY)
    booth.comes_to(State.REVIEW)


def test_words_come_onto_the_screen_and_no_button_moves(
    booth: ServedBooth, page: Page, server: OllamaServer
) -> None:
    server.held.clear()
    answers(booth, page)
    expect(page.get_by_text("Words for your own answer are on their way.")).to_be_visible()
    button = page.get_by_role("button", name="Try again").element_handle()
    server.held.set()
    expect(page.get_by_text(f"Worded by the language model {MODEL}")).to_be_visible()
    expect(page.get_by_text("After that, say how it ended")).to_be_visible()
    assert button is not None
    assert button.evaluate("it => it.isConnected"), "a finger may be on it"


def test_a_text_is_on_the_screen_within_a_tenth_of_a_second_of_its_last_chunk(
    booth: ServedBooth, page: Page, server: OllamaServer
) -> None:
    """The middle of five; a turn of the booth, one question of the browser, and its drawing."""
    took_s = []
    for _ in range(5):
        ended_s: list[float] = []

        def sent(text: str, ended_s: list[float] = ended_s) -> None:
            if not ended_s and re.search(r'"next_step_1": "[^"]+"', text):
                ended_s.append(time.time())

        server.pieces = sent
        server.held.clear()
        answers(booth, page)
        expect(page.get_by_text("Words for your own answer are on their way.")).to_be_visible()
        page.evaluate(_WATCH)
        server.held.set()
        page.wait_for_function("() => window.seen.words")
        took_s.append(page.evaluate("() => window.seen.words") / 1000 - ended_s[0])
        booth.does(Kind.LEAVE)
        booth.comes_to(State.ATTRACT)
        expect(page.get_by_role("button", name="Start")).to_be_visible()
    _LOG.info("Seconds from the last chunk to the screen: %s", sorted(took_s))
    assert statistics.median(took_s) < _SOON_S, took_s


def test_a_screen_that_was_on_its_way_while_words_came_gets_them_too(
    booth: ServedBooth, page: Page, server: OllamaServer
) -> None:
    """It was drawn before them, and arrives when nothing more is told of them."""
    late: list[tuple[Route, APIResponse]] = []

    def hold(route: Route) -> None:
        late.append((route, route.fetch()))

    server.held.clear()
    answers(booth, page)
    expect(page.get_by_text("Words for your own answer are on their way.")).to_be_visible()
    page.route("**/kiosk/screen*", hold, times=1)
    page.get_by_role("link", name="Feedback").tap()
    while not late:
        page.wait_for_timeout(10)
    server.held.set()
    worded = page.get_by_text(f"Worded by the language model {MODEL}")
    expect(worded).to_be_visible()
    page.evaluate("() => { document.getElementById('screen').dataset.mark = 'replaced'; }")
    route, drawn_before = late[0]
    assert "are on their way" in drawn_before.text()
    route.fulfill(response=drawn_before)
    page.wait_for_function("() => !document.getElementById('screen').dataset.mark")
    expect(worded).to_be_visible()
    expect(page.get_by_text("After that, say how it ended")).to_be_visible()


def test_words_that_could_not_be_fetched_are_fetched_again(
    booth: ServedBooth, page: Page, server: OllamaServer
) -> None:
    """And whoever reads the place aloud stays at it: its element is the same."""
    server.held.clear()
    answers(booth, page)
    said = page.locator('[data-words="by"]')
    expect(said).to_contain_text("are on their way")
    place = said.element_handle()
    failed: list[str] = []
    fails = [True]

    def fail(route: Route) -> None:
        failed.append(route.request.url)
        if fails:
            route.abort()
        else:
            route.continue_()

    page.route("**/kiosk/screen*", fail)
    server.held.set()
    while not failed or booth.booth.snapshot()["wording"] != "here":
        page.wait_for_timeout(10)
    page.wait_for_timeout(500)  # so that all news of it has come to nothing
    expect(said).to_contain_text("are on their way")
    fails.clear()
    expect(said).to_contain_text(f"Worded by the language model {MODEL}", timeout=30_000)
    assert place is not None
    assert place.evaluate("it => it.isConnected")


def test_somebody_who_does_not_switch_it_on_gets_standard_feedback(
    booth: ServedBooth, page: Page, server: OllamaServer
) -> None:
    before = len(server.asked)
    booth.does(
        Kind.START,
        Kind.GO_ON,
        consented(voice=False, camera=False, expression=False),
        chose("solved-problem"),
        Kind.ANSWER,
    )
    booth.booth.type_answer(OPEN_STORY)
    expect(page.get_by_text("Standard feedback.")).to_be_visible()
    assert len(server.asked) == before
