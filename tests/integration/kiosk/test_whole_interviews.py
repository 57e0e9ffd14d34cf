"""Whole interviews in a real browser: by touch, keyboard, typing and button, without scripts."""

import pytest
from playwright.sync_api import Browser, Page, expect

from appliance.devices.controls.button import ButtonEvent
from appliance.interview.session_events import Kind, State, chose, consented
from tests.kiosk_screen import PATIENCE_MS, TYPED, hears, says
from tests.panel import ServedBooth
from tests.waiting import until

pytestmark = pytest.mark.browser


def test_a_whole_interview_by_touch(booth: ServedBooth, page: Page) -> None:
    says(page, "Practise an interview.")
    page.get_by_role("button", name="Start").tap()
    says(page, "What will happen")
    page.get_by_role("button", name="Continue").tap()
    says(page, "What may the booth take in?")
    assert page.get_by_role("switch", name="Voice", exact=True).is_checked()
    assert not page.get_by_role("switch", name="Expression").is_checked()
    page.get_by_role("button", name="Continue").tap()
    says(page, "Can we see and hear you?")
    expect(page.get_by_text("We can see you.")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_text("We can hear you.")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator("#preview")).to_have_js_property("naturalWidth", 480)
    page.get_by_role("button", name="Continue").tap()
    says(page, "What do you practise for?")
    page.get_by_role("button", name="Office").tap()
    booth.comes_to(State.ASK)
    expect(page.get_by_text("Question 1 of 3")).to_be_visible()
    page.get_by_role("button", name="Start answering").tap()
    says(page, "Listening")
    hears(booth, page)
    page.get_by_role("button", name="Pause").tap()
    says(page, "Paused")
    page.get_by_role("button", name="Go on").tap()
    says(page, "Listening")
    page.get_by_role("button", name="Finish").tap()
    says(page, "Your answer")
    page.get_by_role("link", name="Your words").tap()
    expect(page.get_by_text("marigold and um")).to_be_visible()
    page.get_by_role("link", name="Ratings").tap()
    page.get_by_role("link", name="How this is rated").tap()
    expect(page.get_by_role("heading", name="Delivery")).to_be_visible()
    page.get_by_role("button", name="Try again").tap()
    booth.comes_to(State.ASK)
    page.get_by_role("button", name="Start answering").tap()
    hears(booth, page)
    page.get_by_role("button", name="Finish").tap()
    says(page, "This attempt beside the last")
    page.get_by_role("button", name="Enough for today").tap()
    says(page, "Your practice today")
    page.get_by_role("button", name="Finish and wipe").tap()
    says(page, "Thank you")
    expect(page.get_by_role("timer")).to_contain_text("Everything is wiped in")
    page.get_by_role("button", name="Wipe now").tap()
    says(page, "Practise an interview.")
    expect(page.get_by_text("Everything has been wiped.")).to_be_visible()
    assert booth.booth.given == ()


def test_a_whole_interview_by_keyboard_and_typed(booth: ServedBooth, page: Page) -> None:
    def press(name: str) -> None:
        """Reach a button by Tab alone, and press Enter."""
        for _ in range(20):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.textContent.trim()") == name:
                page.keyboard.press("Enter")
                return
        pytest.fail(f"Tab does not lead to {name!r}")

    press("Start")
    says(page, "What will happen")
    press("Continue")
    says(page, "What may the booth take in?")
    for name in ("voice", "camera"):
        page.locator(f"[name={name}]").focus()
        page.keyboard.press("Space")
        expect(page.locator(f"[name={name}]")).not_to_be_checked()
    press("Continue")
    says(page, "What do you practise for?")
    press("Any job")
    booth.comes_to(State.ASK)
    expect(page.get_by_text("Question 1 of 3")).to_be_visible()
    press("Start answering")
    says(page, "Type your answer")
    expect(page.locator("textarea")).to_be_focused()
    page.keyboard.type(TYPED)
    press("Finish")
    says(page, "Your answer")
    assert booth.booth.session.consent.voice is False
    page.get_by_role("link", name="Your words").press("Enter")
    expect(page.get_by_text("carried twenty heaters")).to_be_visible()
    press("Enough for today")
    says(page, "Your practice today")
    press("Finish and wipe")
    says(page, "Thank you")
    press("Wipe now")
    says(page, "Practise an interview.")
    assert booth.booth.given == ()


def test_a_whole_interview_by_the_one_button(booth: ServedBooth, page: Page) -> None:
    for words in ("What will happen", "What may the booth take in?", "Can we see and hear you?"):
        booth.does(ButtonEvent.PRESS)
        says(page, words)
    booth.does(ButtonEvent.PRESS)
    says(page, "What do you practise for?")
    for number in (1, 2, 3):
        booth.does(ButtonEvent.PRESS)
        booth.comes_to(State.ASK)
        expect(page.get_by_text(f"Question {number} of 3")).to_be_visible()
        booth.does(ButtonEvent.PRESS)
        says(page, "Listening")
        hears(booth, page)
        booth.does(ButtonEvent.PRESS)
        says(page, "Your answer")
    for words in ("Your practice today", "Thank you", "Practise an interview."):
        booth.does(ButtonEvent.PRESS)
        says(page, words)
    assert booth.booth.given == ()


def test_the_one_button_wipes_when_it_is_held(booth: ServedBooth, page: Page) -> None:
    booth.does(Kind.START, Kind.GO_ON, consented(voice=False, camera=False, expression=False))
    booth.does(chose("solved-problem"), Kind.ANSWER)
    booth.booth.type_answer(TYPED)
    says(page, "Your answer")
    booth.does(ButtonEvent.WIPE)
    says(page, "Practise an interview.")
    assert booth.booth.given == ()


@pytest.mark.parametrize("refused", ["Voice", "Camera"])
def test_who_refuses_one_sense_gets_the_rest(booth: ServedBooth, page: Page, refused: str) -> None:
    booth.does(Kind.START, Kind.GO_ON)
    says(page, "What may the booth take in?")
    page.get_by_role("switch", name=refused).tap()
    page.get_by_role("button", name="Continue").tap()
    says(page, "Can we see and hear you?")
    assert page.locator("#preview").count() == (0 if refused == "Camera" else 1)
    assert page.locator(".hear").count() == (0 if refused == "Voice" else 1)
    page.get_by_role("button", name="Skip this").tap()
    booth.comes_to(State.CHOOSE)
    booth.does(chose("solved-problem"), Kind.ANSWER)
    if refused == "Voice":
        says(page, "Type your answer")
        page.locator("textarea").fill(TYPED)
        # A finger has touched the screen, so that the panel's own keyboard is there.
        page.get_by_role("button", name="Close the keyboard").tap()
    else:
        says(page, "Listening")
        hears(booth, page)
    page.get_by_role("button", name="Finish").tap()
    says(page, "Your answer")


@pytest.mark.parametrize("agrees", [False, True])
def test_face_and_voice_are_estimated_for_who_agreed_alone(
    booth: ServedBooth, page: Page, agrees: bool
) -> None:
    booth.does(Kind.START, Kind.GO_ON)
    says(page, "What may the booth take in?")
    expression = page.get_by_role("switch", name="Expression")
    expect(expression).not_to_be_checked()
    if agrees:
        expression.tap()
    page.get_by_role("button", name="Continue").tap()
    says(page, "Can we see and hear you?")
    expect(page.get_by_text("We can see you.")).to_be_visible()
    booth.does(Kind.GO_ON, chose("solved-problem"), Kind.ANSWER)
    says(page, "Listening")
    hears(booth, page)
    until(lambda: (booth.booth.progress()["sound"] or 0.0) > 3.0)
    page.get_by_role("button", name="Finish").tap()
    says(page, "Your answer")
    page.get_by_role("link", name="Timeline").tap()
    estimates = page.get_by_text("Strips of face and voice are estimates")
    expect(estimates).to_have_count(1 if agrees else 0)
    report = booth.booth.given[-1].outcome.report
    assert report is not None
    assert report.face is not None
    assert bool(report.face.expression) == agrees


def test_it_works_without_scripts(booth: ServedBooth, browser: Browser) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(booth.address)
    page.get_by_role("button", name="Start").click()
    says(page, "What will happen")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("switch", name="Voice", exact=True).uncheck()
    page.get_by_role("switch", name="Camera").uncheck()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("link", name="Other work").click()
    page.get_by_role("button", name="Career change").click()
    page.get_by_role("button", name="Start answering").click()
    page.locator("textarea").fill(TYPED)
    page.get_by_role("button", name="Finish").click()
    booth.comes_to(State.REVIEW)
    page.goto(booth.address)
    says(page, "Your answer")
    page.close()
