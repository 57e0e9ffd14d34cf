"""The panel in a real browser: whole interviews by touch, keyboard, button and typing."""

import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import APIResponse, Browser, BrowserContext, Page, Route, expect

from appliance.devices.controls.button import ButtonEvent
from appliance.devices.printer.port import UsbPort
from appliance.devices.printer.printer import Printer
from appliance.domain.settings import Settings, Site
from appliance.interview.session_events import Kind, State, chose, consented
from appliance.storage.practice_code import Cost
from appliance.storage.store import Store
from tests.panel import ServedBooth, served
from tests.printers import PipePrinter

pytestmark = pytest.mark.browser

_PATIENCE_MS = 60_000

SIZES = [(800, 480), (720, 1280), (1280, 800)]

TYPED = (
    "Last winter I was on the desk of a hotel when the heating failed on a Friday night. I had to "
    "keep sixty guests warm, so I rang five hotels and carried twenty heaters to the rooms. In the "
    "end nobody left, and three guests wrote to thank us."
)


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
    context.set_default_timeout(_PATIENCE_MS)
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


def says(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(words, timeout=_PATIENCE_MS)


def hears(booth: ServedBooth, page: Page) -> None:
    """Wait until something of the answer is on the screen."""
    expect(page.locator('[data-live="captions"]')).to_contain_text("marigold", timeout=_PATIENCE_MS)


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
    expect(page.get_by_text("We can see you.")).to_be_visible(timeout=_PATIENCE_MS)
    expect(page.get_by_text("We can hear you.")).to_be_visible(timeout=_PATIENCE_MS)
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


def test_a_whole_interview_by_the_one_button(booth: ServedBooth, page: Page) -> None:
    for words in ("What will happen", "What may the booth take in?", "Can we see and hear you?"):
        booth.does(ButtonEvent.PRESS)
        says(page, words)
    booth.does(ButtonEvent.PRESS)
    says(page, "What do you practise for?")
    booth.does(ButtonEvent.PRESS)
    booth.comes_to(State.ASK)
    expect(page.get_by_text("Question 1 of 3")).to_be_visible()
    booth.does(ButtonEvent.PRESS)
    says(page, "Listening")
    hears(booth, page)
    booth.does(ButtonEvent.PRESS)
    says(page, "Your answer")
    booth.does(ButtonEvent.WIPE)
    says(page, "Practise an interview.")


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
    else:
        says(page, "Listening")
        hears(booth, page)
    page.get_by_role("button", name="Finish").tap()
    says(page, "Your answer")


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
        _fits_all_sizes(page, "the report")
        paper.tap()
        expect(page.get_by_text("Der Drucker ist nicht zu erreichen.")).to_be_visible()
        _fits_all_sizes(page, "a fault of the printer")
        pipe = PipePrinter(tmp_path / "lp0")
        pipe.reads()
        paper.tap()
        expect(page.get_by_text("Es wird gedruckt.")).to_be_visible()
        assert "Nichts davon bleibt in der" in pipe.printed()
        booth.panel.home.offer_report()
        booth.panel.record.keep("", transcript=False)
        page.reload()
        _fits_all_sizes(page, "all of the report")
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
    _fits(page, "keep")
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
    _fits(page, "progress")
    page.get_by_text("Delete all", exact=True).tap()
    page.get_by_role("button", name="Yes, delete all my sessions: 1").tap()
    expect(page.get_by_text("Everything that was kept under your code")).to_be_visible()
    page.get_by_role("button", name="Back").tap()
    says(page, "What will happen")


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
            _fits(page, f"consent in {language}")
        page.close()


def test_what_helps_a_person_is_chosen_and_holds_for_them(booth: ServedBooth, page: Page) -> None:
    page.get_by_role("button", name="Start").tap()
    page.get_by_role("button", name="Continue").tap()
    page.get_by_role("link", name="What helps you?").tap()
    says(page, "What helps you?")
    _fits(page, "needs")
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


def test_a_person_takes_their_language_and_the_next_has_that_of_the_site(
    booth: ServedBooth, page: Page
) -> None:
    page.get_by_role("button", name="Deutsch").tap()
    says(page, "Was geschieht")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.get_by_text("in dieser Sprache: Englisch")).to_be_visible()
    _fits(page, "welcome in German")
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
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/kiosk/propose", hold, times=1)
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


def test_two_screens_are_in_step(booth: ServedBooth, context: BrowserContext, page: Page) -> None:
    other = context.new_page()
    other.goto(booth.address)
    page.get_by_role("button", name="Start").tap()
    says(other, "What will happen")
    other.get_by_role("button", name="Continue").tap()
    says(page, "What may the booth take in?")
    page.get_by_role("switch", name="Camera").tap()
    expect(other.get_by_role("switch", name="Camera")).not_to_be_checked()


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


def test_staff_choose_a_pin_sign_out_and_sign_in_again(booth: ServedBooth, page: Page) -> None:
    def is_accessible() -> None:
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()

    page.get_by_role("link", name="For staff").tap()
    says(page, "Choose a PIN for staff")
    is_accessible()
    page.get_by_label("PIN").fill("1234")
    page.get_by_label("Once more").fill("1234")
    page.get_by_role("button", name="Keep this PIN").tap()
    expect(page.get_by_role("alert")).to_contain_text("among the first that anybody tries")
    page.get_by_label("PIN").fill("482913")
    page.get_by_label("Once more").fill("482913")
    page.get_by_role("button", name="Keep this PIN").tap()
    says(page, "The site")
    page.get_by_role("link", name="Health").tap()
    says(page, "How the booth does")
    is_accessible()
    expect(page.get_by_role("row", name="Camera")).to_be_visible()
    page.get_by_role("button", name="Sign out").tap()
    says(page, "Sign in")
    is_accessible()
    page.get_by_label("PIN").fill("482914")
    page.get_by_role("button", name="Sign in").tap()
    expect(page.get_by_role("alert")).to_have_text("That is not the PIN.")
    page.get_by_label("PIN").fill("482913")
    page.get_by_role("button", name="Sign in").tap()
    says(page, "How the booth does")
    page.get_by_role("button", name="Back to the booth").tap()
    says(page, "Practise an interview.")
    page.get_by_role("link", name="For staff").tap()
    says(page, "Sign in")
    page.get_by_role("link", name="Back to the booth").tap()
    says(page, "Practise an interview.")


def test_every_screen_fits_and_can_be_used_by_everybody(
    booth: ServedBooth, browser: Browser
) -> None:
    """axe-core finds nothing, nothing must be scrolled, and every target is large enough."""
    page = browser.new_page(reduced_motion="reduce")
    page.goto(booth.address)
    steps = (
        ("Practise", ()),
        ("What will happen", (Kind.START,)),
        ("What may", (Kind.GO_ON,)),
        ("Can we", (consented(voice=True, camera=True, expression=True),)),
        ("What do you", (Kind.GO_ON,)),
        ("Tell me", (chose("solved-problem"),)),
        ("Listening", (Kind.ANSWER,)),
        ("Paused", (Kind.PAUSE,)),
        ("Your answer", (Kind.FINISH,)),
        ("Your practice", (Kind.TO_REPORT,)),
        ("Thank you", (Kind.FINISH,)),
    )
    for words, events in steps:
        booth.does(*events)
        says(page, words)
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
            found = Axe().run(page)
            assert found.violations_count == 0, f"{words}, {theme}: {found.generate_report()}"
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            _fits(page, f"{words} in {width}x{height}")
    page.close()


def _fits_all_sizes(page: Page, name: str) -> None:
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        _fits(page, f"{name} in {width}x{height}")


def _fits(page: Page, name: str) -> None:
    beyond = page.evaluate(
        "[document.documentElement.scrollWidth - innerWidth,"
        " document.documentElement.scrollHeight - innerHeight]"
    )
    assert max(beyond) <= 0, f"{name} must be scrolled by {beyond}"
    small = page.evaluate(
        "[...document.querySelectorAll('button, a, select, summary, label.choice')]"
        ".filter(one => one.offsetParent && one.offsetHeight < 48)"
        ".map(one => one.textContent.trim())"
    )
    assert small == [], f"{name}: too small for a finger: {small}"
