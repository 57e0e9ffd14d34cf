"""Screens that everybody can use: each fits, in each language, with what helps a person."""

from pathlib import Path
from typing import NoReturn

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from appliance.domain.errors import DeviceError
from appliance.domain.settings import Settings, Site
from appliance.interview.session_events import Kind, consented
from tests.kiosk_screen import PATIENCE_MS, SIZES, STEPS, fits, fits_all_sizes, says
from tests.panel import ServedBooth, served

pytestmark = pytest.mark.browser


def test_every_screen_fits_and_can_be_used_by_everybody(
    booth: ServedBooth, browser: Browser
) -> None:
    """axe-core finds nothing, nothing must be scrolled, and every target is large enough."""
    page = browser.new_page(reduced_motion="reduce")
    page.goto(booth.address)
    for words, events in STEPS:
        booth.does(*events)
        says(page, words)
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
            found = Axe().run(page)
            assert found.violations_count == 0, f"{words}, {theme}: {found.generate_report()}"
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            fits(page, f"{words} in {width}x{height}")
    page.close()


@pytest.mark.parametrize(
    ("language", "words"),
    [("de", "Was darf die Kabine wahrnehmen?"), ("es", "¿Qué puede percibir la cabina?")],
)
def test_the_screen_speaks_the_language_of_the_site(
    models_dir: Path, sample: Path, browser: Browser, language: str, words: str
) -> None:
    settings = Settings(site=Site(language=language))
    with served(models_dir, sample, settings) as booth:
        page = browser.new_page(viewport={"width": 800, "height": 480})
        page.goto(booth.address)
        booth.does(Kind.START, Kind.GO_ON)
        says(page, words)
        assert page.locator("html").get_attribute("lang") == language
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            fits(page, f"consent in {language}")
        page.close()


def test_a_person_takes_their_language_and_the_next_has_that_of_the_site(
    booth: ServedBooth, page: Page
) -> None:
    page.get_by_role("button", name="Deutsch").tap()
    says(page, "Was geschieht")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.get_by_text("in dieser Sprache: Englisch")).to_be_visible()
    fits(page, "welcome in German")
    page.get_by_role("button", name="español").tap()
    says(page, "Qué va a pasar")
    page.reload()
    says(page, "Qué va a pasar")
    page.get_by_role("button", name="Continuar").tap()
    says(page, "¿Qué puede percibir la cabina?")
    page.get_by_role("button", name="Parar y borrar").tap()
    expect(page.get_by_text("Todo está borrado.")).to_be_visible()
    says(page, "Practise an interview.")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_what_helps_a_person_is_chosen_and_holds_for_them(booth: ServedBooth, page: Page) -> None:
    page.get_by_role("button", name="Start").tap()
    page.get_by_role("button", name="Continue").tap()
    page.get_by_role("link", name="What helps you?").tap()
    says(page, "What helps you?")
    fits(page, "needs")
    assert Axe().run(page).violations_count == 0
    page.get_by_role("switch", name="Longer pauses").tap()
    page.get_by_role("switch", name="Larger letters").tap()
    page.get_by_role("button", name="Done").tap()
    says(page, "What may the booth take in?")
    expect(page.locator("html")).to_have_class("larger")
    assert booth.booth.accommodations.silence_factor == 3.0
    page.get_by_role("link", name="What helps you?").tap()
    expect(page.get_by_role("switch", name="Longer pauses")).to_be_checked()
    page.get_by_role("button", name="Stop and wipe").tap()
    says(page, "Practise an interview.")
    expect(page.locator("html")).not_to_have_class("larger")


def test_what_does_not_work_fits_beside_the_rest(
    models_dir: Path, sample: Path, browser: Browser
) -> None:
    """In German, whose words are the longest, with neither camera nor microphone."""

    def broken() -> NoReturn:
        raise DeviceError("It was unplugged.", "Check its cable.")

    settings = Settings(site=Site(language="de"))
    with served(models_dir, sample, settings, camera=broken, microphone=broken) as booth:
        page = browser.new_page()
        page.goto(booth.address)
        booth.does(Kind.START, Kind.GO_ON, consented(voice=True, camera=True, expression=False))
        faults = page.get_by_role("status", name="Was nicht geht")
        expect(faults).to_contain_text("Kamera", timeout=PATIENCE_MS)
        expect(faults).to_contain_text("Mikrofon", timeout=PATIENCE_MS)
        fits_all_sizes(page, "faults")
        assert Axe().run(page).violations_count == 0
        page.close()
