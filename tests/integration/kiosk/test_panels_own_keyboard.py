"""The panel's own keyboard, where a screen is touched."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from appliance.interview.session_events import Kind, State, chose, consented
from tests.kiosk_screen import fits_all_sizes, says
from tests.panel import ServedBooth
from web_panel.keyboard import ACUTE, DIAERESIS

pytestmark = pytest.mark.browser


def _key(page: Page, name: str) -> Locator:
    keys = page.locator("#keyboard [data-page]:visible")
    return keys.locator(f'[data-key="{name}"], [data-mark="{name}"], [data-does="{name}"]')


def _types(page: Page, *keys: str) -> None:
    for key in keys:
        _key(page, key).tap()


def _can_be_used_by_everybody(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def _asks_for_typing(booth: ServedBooth) -> None:
    booth.does(Kind.START, Kind.GO_ON, consented(voice=False, camera=False, expression=False))
    booth.does(chose("team-goal"), Kind.ANSWER)


def test_an_answer_is_typed_by_touch_in_spanish(booth: ServedBooth, page: Page) -> None:
    page.get_by_role("button", name="español").tap()
    says(page, "Qué va a pasar")
    _asks_for_typing(booth)
    field = page.get_by_role("textbox")
    field.tap()
    keyboard = page.get_by_role("region", name="Teclado")
    expect(keyboard).to_be_visible()
    _types(
        page,
        *"ensee",
        "delete",
        "ñ",
        ACUTE,
        "e",
        " ",
        "signs",
        "¿",
        DIAERESIS,
        "letters",
        "u",
        ".",
        " ",
    )
    expect(field).to_have_value("Enseñé ¿ü. ")
    _types(page, "a", "capital", "capital", "n", "i", "capital", "line", "q")
    expect(field).to_have_value("Enseñé ¿ü. ANI\nQ")
    fits_all_sizes(page, "typing")
    _can_be_used_by_everybody(page)
    page.set_viewport_size({"width": 720, "height": 1280})
    page.get_by_role("button", name="Terminar").tap()
    booth.comes_to(State.REVIEW)
    expect(keyboard).to_be_hidden()
    report = booth.booth.given[0].outcome.report
    assert report is not None
    assert report.transcript is not None
    assert report.transcript.text.startswith("Enseñé ¿ü. ANI")


def test_it_stays_away_where_there_is_a_real_one_or_a_mouse(booth: ServedBooth, page: Page) -> None:
    _asks_for_typing(booth)
    field, keyboard = page.get_by_role("textbox"), page.get_by_role("region", name="Keyboard")
    field.click()
    expect(field).to_be_focused()
    expect(keyboard).to_be_hidden()
    field.tap()
    expect(keyboard).to_be_visible()
    page.keyboard.type("We")
    expect(keyboard).to_be_hidden()
    field.tap()
    _types(page, "close")
    expect(keyboard).to_be_hidden()
    expect(field).to_have_value("We")
    expect(page.get_by_role("button", name="Finish")).to_be_visible()


def test_a_practice_code_and_a_pin_are_typed_by_touch(booth: ServedBooth, page: Page) -> None:
    booth.does(Kind.START)
    page.goto(f"{booth.address}/?view=record")
    field = page.get_by_role("textbox")
    field.tap()
    _types(page, *"ab c")
    expect(field).to_have_value("ab c")
    fits_all_sizes(page, "the code")
    _can_be_used_by_everybody(page)
    booth.does(Kind.LEAVE)
    page.goto(f"{booth.address}/admin/pin")
    page.locator("input[name=pin]").tap()
    expect(page.locator("#keyboard [data-page=letters]")).to_be_hidden()
    _types(page, *"4829", "delete", "0")
    expect(page.locator("input[name=pin]")).to_have_value("4820")
    _can_be_used_by_everybody(page)


def test_each_key_has_a_name_and_none_is_a_stop_of_the_tab_key(
    booth: ServedBooth, page: Page
) -> None:
    _asks_for_typing(booth)
    page.get_by_role("textbox").tap()
    keys = page.locator("#keyboard button")
    named = keys.evaluate_all("all => all.map(one => one.ariaLabel ?? one.textContent.trim())")
    assert all(re.search(r"\S", name) for name in named)
    assert set(keys.evaluate_all("all => all.map(one => one.tabIndex)")) == {-1}
