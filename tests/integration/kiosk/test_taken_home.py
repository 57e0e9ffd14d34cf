"""What a person takes along from the screen: a code for their phone, paper, their progress."""

import time
from pathlib import Path

import cv2
import numpy as np
import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from appliance.devices.printer.port import UsbPort
from appliance.devices.printer.printer import Printer
from appliance.interview.session_events import Kind, State, chose, consented
from appliance.storage.practice_code import Cost
from appliance.storage.store import Store
from tests.kiosk_screen import TYPED, fits, fits_all_sizes, says
from tests.panel import ServedBooth, served
from tests.printers import PipePrinter

pytestmark = pytest.mark.browser


def test_the_report_is_taken_home_once_by_the_code_on_the_screen(
    booth: ServedBooth, browser: Browser, page: Page
) -> None:
    booth.does(Kind.START, Kind.GO_ON, consented(voice=False, camera=False, expression=False))
    booth.does(chose("solved-problem"), Kind.ANSWER)
    says(page, "Type your answer")
    page.locator("textarea").fill(TYPED)
    page.get_by_role("button", name="Finish").tap()
    says(page, "Your answer")
    page.get_by_role("button", name="To the report").tap()
    says(page, "Your practice today")
    page.get_by_role("button", name="Take it home on my phone").tap()
    code = page.locator("figure.code svg")
    expect(code).to_be_visible()
    picture = cv2.imdecode(np.frombuffer(code.screenshot(), np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    address, *_ = cv2.QRCodeDetector().detectAndDecode(picture)
    assert address.startswith(f"{booth.address}/take/")
    phone = browser.new_page()
    for _ in range(2):  # looking takes nothing
        phone.goto(address)
    with phone.expect_download() as download:
        phone.get_by_role("button", name="Take the PDF").click()
    pdf = pypdf.PdfReader(download.value.path())
    text = " ".join(" ".join(sheet.extract_text().split()) for sheet in pdf.pages)
    assert "Tell me about a time you solved a problem at work." in text
    assert "carried twenty heaters" in text
    again = phone.request.post(address)
    assert again.status == 410
    booth.does(Kind.LEAVE)
    assert phone.request.get(address).status == 410
    phone.close()


def test_the_report_is_printed_and_the_screen_says_what_is_wrong(
    models_dir: Path, sample: Path, tmp_path: Path, browser: Browser
) -> None:
    """In German, whose words are the longest, with everything else that can stand there, too."""
    store = Store(tmp_path / "kept", 90, time.time, time.monotonic, Cost(1, 1, 64))
    printer = Printer(UsbPort(folder=tmp_path), 32)
    with served(models_dir, sample, store=store, printer=printer) as booth:
        booth.does(Kind.START, Kind.GO_ON, consented(voice=False, camera=False, expression=False))
        booth.does(chose("solved-problem"), Kind.ANSWER)
        booth.booth.type_answer(TYPED)
        booth.comes_to(State.REVIEW)
        booth.does(Kind.TO_REPORT)
        booth.panel.visit.speak("de", booth.panel.visit.number)
        page = browser.new_page(viewport={"width": 800, "height": 480}, has_touch=True)
        page.goto(booth.address)
        paper = page.get_by_role("button", name="Auf Papier drucken")
        fits_all_sizes(page, "the report")
        paper.tap()
        expect(page.get_by_text("Der Drucker ist nicht zu erreichen.")).to_be_visible()
        fits_all_sizes(page, "a fault of the printer")
        pipe = PipePrinter(tmp_path / "lp0")
        pipe.reads()
        paper.tap()
        expect(page.get_by_text("Es wird gedruckt.")).to_be_visible()
        assert "Nichts davon bleibt in der" in pipe.printed()
        booth.panel.home.offer_report()
        booth.panel.record.keep("", transcript=False)
        page.reload()
        fits_all_sizes(page, "all of the report")
        assert Axe().run(page).violations_count == 0
        page.close()
    store.close()


def test_progress_is_kept_seen_again_and_deleted_by_the_code(
    booth: ServedBooth, page: Page
) -> None:
    booth.does(Kind.START, Kind.GO_ON)
    booth.does(consented(voice=False, camera=False, expression=False), chose("solved-problem"))
    booth.does(Kind.ANSWER)
    booth.booth.type_answer(TYPED)
    booth.comes_to(State.REVIEW)
    booth.does(Kind.TO_REPORT)
    page.get_by_role("link", name="Keep my progress").tap()
    says(page, "Keep your progress")
    fits(page, "keep")
    page.get_by_role("button", name="Keep it").tap()
    code = page.locator(".code-words").inner_text()
    assert len(code.split()) == 5
    page.get_by_role("button", name="Finish and wipe").tap()
    page.get_by_role("button", name="Wipe now").tap()
    says(page, "Practise an interview.")
    page.get_by_role("button", name="Start").tap()
    page.get_by_role("link", name="I have a practice code").tap()
    says(page, "Your practice code")
    page.get_by_label("The five words").fill("one two three")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("A code has five words.")
    page.get_by_label("The five words").fill(code)
    page.keyboard.press("Enter")
    says(page, "Your progress")
    expect(page.get_by_text("Sessions: 1 · answers: 1")).to_be_visible()
    expect(page.get_by_role("img", name="Structure: 4")).to_be_visible()
    assert Axe().run(page).violations_count == 0
    fits(page, "progress")
    page.get_by_text("Delete all", exact=True).tap()
    page.get_by_role("button", name="Yes, delete all my sessions: 1").tap()
    expect(page.get_by_text("Everything that was kept under your code")).to_be_visible()
    page.get_by_role("button", name="Back").tap()
    says(page, "What will happen")
