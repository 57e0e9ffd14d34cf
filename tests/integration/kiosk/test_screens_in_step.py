"""Screens that keep up: loaded again, overtaken, tapped twice, and two of them."""

import pytest
from playwright.sync_api import APIResponse, BrowserContext, Page, Route, expect

from appliance.interview.session_events import Kind, State, chose
from tests.kiosk_screen import STEPS, TYPED, hears, says
from tests.panel import ServedBooth

pytestmark = pytest.mark.browser


def holds(page: Page, address: str) -> list[Route]:
    """The next call of the page there, once it comes; it waits for the test to let it go on."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(address, hold, times=1)
    return held


def test_loading_the_page_again_loses_nothing_and_another_persons_page_shows_nothing(
    booth: ServedBooth, page: Page
) -> None:
    booth.does(Kind.START, Kind.GO_ON)
    says(page, "What may the booth take in?")
    page.get_by_role("switch", name="Voice", exact=True).tap()
    page.get_by_role("switch", name="Camera").tap()
    expect(page.get_by_role("switch", name="Camera")).not_to_be_checked()
    page.reload()
    expect(page.get_by_role("switch", name="Voice", exact=True)).not_to_be_checked()
    expect(page.get_by_role("switch", name="Camera")).not_to_be_checked()
    page.get_by_role("button", name="Continue").tap()
    booth.comes_to(State.CHOOSE)
    booth.does(chose("solved-problem"), Kind.ANSWER)
    says(page, "Type your answer")
    with page.expect_response("**/kiosk/draft"):
        page.locator("textarea").type("The heating failed on a Friday")
    page.reload()
    expect(page.locator("textarea")).to_have_value("The heating failed on a Friday")
    page.locator("textarea").fill(TYPED)
    page.get_by_role("button", name="Finish").tap()
    says(page, "Your answer")
    page.reload()
    says(page, "Your answer")
    booth.does(Kind.LEAVE)
    booth.comes_to(State.ATTRACT)
    page.go_back()
    page.goto(f"{booth.address}/?view=words")
    says(page, "Practise an interview.")
    assert "heating" not in page.content()
    assert page.request.get(f"{booth.address}/kiosk/answers/0/wide.svg").status == 404


def test_every_screen_is_there_again_when_the_page_is_loaded_again(
    booth: ServedBooth, page: Page
) -> None:
    for words, events in STEPS:
        booth.does(*events)
        says(page, words)
        before = page.locator("#screen").get_attribute("data-version")
        controls = page.locator("button, a, input, textarea").all_inner_texts()
        page.reload()
        says(page, words)
        assert page.locator("#screen").get_attribute("data-version") == before
        assert page.locator("button, a, input, textarea").all_inner_texts() == controls
        if booth.booth.session.state is State.LISTEN:
            hears(booth, page)
        if booth.booth.session.state is State.REVIEW:
            page.get_by_role("link", name="Your words").tap()
            expect(page.get_by_text("marigold and um")).to_be_visible()
    booth.does(Kind.LEAVE)
    booth.comes_to(State.ATTRACT)
    page.reload()
    says(page, "Practise an interview.")
    assert "marigold" not in page.content()


def test_a_second_tap_does_nothing_that_nobody_saw(booth: ServedBooth, page: Page) -> None:
    page.get_by_role("button", name="Start").dblclick()
    says(page, "What will happen")
    token = booth.panel.doors.kiosk_token
    stale: dict[str, str | float | bool] = {
        "token": token,
        "act": "go_on",
        "version": "attract-0-1-0",
    }
    answer = page.request.post(f"{booth.address}/kiosk/do", form=stale, max_redirects=0)
    assert answer.status == 303
    assert booth.booth.session.state is State.WELCOME


def test_an_answer_that_is_overtaken_does_not_bring_an_older_screen_back(
    booth: ServedBooth, page: Page
) -> None:
    held: list[tuple[Route, APIResponse]] = []
    page.route("**/kiosk/screen*", lambda route: held.append((route, route.fetch())), times=1)
    booth.does(Kind.START)
    while not held:
        page.evaluate("() => null")  # lets the browser's own thread tell of the call
    booth.does(Kind.GO_ON)
    says(page, "What may the booth take in?")
    route, older = held[0]
    assert "What will happen" in older.text()
    with page.expect_response("**/kiosk/screen*") as came:
        route.fulfill(response=older)
    came.value.finished()
    page.evaluate("() => fetch('/healthz').then((answer) => answer.text())")
    says(page, "What may the booth take in?")


def test_what_somebody_switched_off_no_late_news_switches_on(
    booth: ServedBooth, page: Page
) -> None:
    page.get_by_role("button", name="Start").tap()
    page.get_by_role("button", name="Continue").tap()
    says(page, "What may the booth take in?")
    held = holds(page, "**/kiosk/propose")
    page.get_by_role("switch", name="Voice", exact=True).tap()
    booth.booth.propose(voice=True, camera=True, expression=False)
    page.get_by_role("switch", name="Camera").tap()
    while not held:
        page.evaluate("() => null")
    booth.does(Kind.ACTIVE)
    held[0].continue_()
    page.get_by_role("button", name="Continue").tap()
    says(page, "What do you practise for?")
    assert not booth.booth.session.consent.camera
    assert not booth.booth.session.consent.voice


def test_what_somebody_switched_off_stays_off_while_the_booth_is_slow_to_hear_of_it(
    booth: ServedBooth, page: Page
) -> None:
    booth.does(Kind.START, Kind.GO_ON)
    page.clock.install()
    page.reload()
    says(page, "What may the booth take in?")
    booth.does(Kind.ACTIVE)
    held = holds(page, "**/kiosk/propose")
    page.get_by_role("switch", name="Camera").tap()
    while not held:
        page.evaluate("() => null")
    page.clock.fast_forward(5_000)
    expect(page.get_by_role("switch", name="Camera")).not_to_be_checked()
    with page.expect_response("**/kiosk/propose"):
        held[0].continue_()
    page.clock.fast_forward(5_000)
    expect(page.get_by_role("switch", name="Camera")).not_to_be_checked()
    page.get_by_role("button", name="Continue").tap()
    says(page, "Can we see and hear you?")
    assert not booth.booth.session.consent.camera


def test_two_screens_are_in_step(booth: ServedBooth, context: BrowserContext, page: Page) -> None:
    other = context.new_page()
    other.goto(booth.address)
    page.get_by_role("button", name="Start").tap()
    says(other, "What will happen")
    other.get_by_role("button", name="Continue").tap()
    says(page, "What may the booth take in?")
    page.get_by_role("switch", name="Camera").tap()
    expect(other.get_by_role("switch", name="Camera")).not_to_be_checked()
