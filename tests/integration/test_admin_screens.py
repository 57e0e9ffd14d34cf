"""The administrator's side in a real browser, from the first step of the set-up to the support."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from appliance.domain.health import Health, Status
from appliance.domain.settings import Settings, Site
from appliance.interview.session_events import Kind, State
from appliance.operations.settings.loading import load
from tests.panel import ServedBooth, served
from tests.unit.web_panel.staff import PIN
from tests.unit.web_panel.test_admin_questions import OWN

pytestmark = pytest.mark.browser

_SIZES = ((1280, 800), (720, 1280), (800, 480))
_PATIENCE_MS = 60_000
_FOUND = (
    Health("camera", Status.HEALTHY, "It works.", details={"first_sample_s": 0.4}),
    Health("microphone", Status.WARNING, "It hears hardly anything.", "Say something."),
)


@pytest.fixture
def booth(
    models_dir: Path, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ServedBooth]:
    """A booth under a service manager, whose devices are not those of this machine."""
    surroundings = {"NOTIFY_SOCKET": "@booth-test", "BOOTH_PANEL_PORT": "8080"}
    with served(models_dir, sample, folder=tmp_path / "panel", environment=surroundings) as one:
        for look in (one.staff.sensors, one.staff.doctor):
            monkeypatch.setattr(look, "_look", lambda: _FOUND)
        yield one


@pytest.fixture
def page(booth: ServedBooth, browser: Browser) -> Iterator[Page]:
    """The screen of staff; nothing on it may fail in the browser."""
    context = browser.new_context(reduced_motion="reduce", accept_downloads=True)
    context.set_default_timeout(_PATIENCE_MS)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.goto(booth.address)
    yield page
    context.close()
    assert [fault for fault in faults if "Failed to load resource" not in fault] == []


def stands(page: Page, title: str) -> None:
    """A page is there, everybody can use it, and it is no wider than the screen."""
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        found = Axe().run(page)
        assert found.violations_count == 0, f"{title}, {theme}: {found.generate_report()}"
    for width, height in _SIZES:
        page.set_viewport_size({"width": width, "height": height})
        beyond = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert beyond <= 0, f"{title} in {width}x{height} is too wide by {beyond}"
        small = page.evaluate(
            "[...document.querySelectorAll('button, a, select, summary, input:not([type=hidden])')]"
            ".filter(one => one.offsetParent && one.offsetHeight < 48"
            " && !one.closest('label, .setting')?.offsetHeight)"
            ".map(one => one.outerHTML)"
        )
        assert small == [], f"{title}: too small for a finger: {small}"


def opens(page: Page, room: str, title: str) -> None:
    """Go to a page by its link above, and look at it."""
    page.get_by_role("navigation").get_by_role("link", name=room, exact=True).click()
    stands(page, title)


def test_staff_go_from_the_first_step_to_the_support_archive(
    booth: ServedBooth, page: Page
) -> None:
    _choose_pin(page)
    _set_up(page)
    _change_settings(booth, page)
    _look_around(page)
    _bring_questions(booth, page)
    _take_support(page)
    _start_again(booth, page)


def _choose_pin(page: Page) -> None:
    page.get_by_role("link", name="For staff").click()
    stands(page, "Choose a PIN for staff")
    page.get_by_label("PIN").fill(PIN)
    page.get_by_label("Once more").fill(PIN)
    page.get_by_role("button", name="Keep this PIN").click()


def _set_up(page: Page) -> None:
    stands(page, "The site")
    page.get_by_label("For whom is it?").select_option("observations")
    page.get_by_label("Name of the site").fill("Town Library")
    page.get_by_role("button", name="Continue").click()
    stands(page, "Camera and microphone")
    page.get_by_role("button", name="Try camera and microphone").click()
    while page.get_by_role("link", name="Load again").count():
        page.get_by_role("link", name="Load again").click()
    expect(page.get_by_text("It hears hardly anything.")).to_be_visible()
    stands(page, "Camera and microphone")
    page.get_by_role("button", name="Continue").click()
    stands(page, "A language model in the house")
    page.get_by_label("Addresses").fill("http://127.0.0.1:9")
    page.get_by_role("button", name="Ask these hosts now").click()
    expect(page.get_by_text("http://127.0.0.1:9 does not answer.")).to_be_visible()
    stands(page, "A language model in the house")
    page.get_by_role("button", name="Skip this").click()
    stands(page, "What is kept")
    page.get_by_label("Days until it is deleted").fill("30")
    page.get_by_role("button", name="Continue").click()
    stands(page, "Done")
    page.get_by_role("button", name="Finish").click()
    stands(page, "How the booth does")


def _change_settings(booth: ServedBooth, page: Page) -> None:
    opens(page, "Settings", "Settings")
    closed = page.locator("details:not([open]) > summary")
    while closed.count():
        closed.first.click()
    stands(page, "Settings")
    expect(page.locator("[id='panel.port']")).to_be_disabled()
    page.locator("[id='controls.button_pin']").fill("17")
    page.locator("[id='camera.rate_hz']").fill("20")
    page.get_by_role("button", name="Save the settings").click()
    expect(page.get_by_text("Missing: red_pin, green_pin")).to_be_visible()
    expect(page.locator("[id='camera.rate_hz']")).to_have_value("20")
    stands(page, "Settings")
    page.locator("[id='controls.button_pin']").fill("")
    page.get_by_role("button", name="Save the settings").click()
    expect(page.get_by_text("The settings are saved.")).to_be_visible()
    settings = load({}, booth.config).settings
    assert (settings.site.profile, settings.site.name) == ("observations", "Town Library")
    assert (settings.camera.rate_hz, settings.storage.retention_days) == (20, 30)


def _look_around(page: Page) -> None:
    opens(page, "Use", "How often the booth is used")
    opens(page, "PIN", "Change the PIN")
    opens(page, "Health", "How the booth does")
    page.get_by_role("button", name="Look at everything").click()
    while page.get_by_role("link", name="Load again").count():
        page.get_by_role("link", name="Load again").click()
    expect(page.get_by_role("heading", name="What the doctor found")).to_be_visible()
    stands(page, "How the booth does")


def _bring_questions(booth: ServedBooth, page: Page) -> None:
    opens(page, "Questions", "Questions")
    wrong = {"name": "ours.toml", "mimeType": "text/plain", "buffer": b"oops"}
    page.get_by_label("A file of questions").set_input_files(wrong)  # type: ignore[arg-type]
    page.get_by_role("button", name="Check and keep it").click()
    expect(page.get_by_role("alert")).to_contain_text("are no TOML")
    right = {**wrong, "buffer": OWN.encode()}
    page.get_by_label("A file of questions").set_input_files(right)  # type: ignore[arg-type]
    page.get_by_role("button", name="Check and keep it").click()
    expect(page.get_by_text("The file is right and kept")).to_be_visible()
    stands(page, "Questions")
    assert (booth.config.parent / "questions.toml").read_text() == OWN


def _take_support(page: Page) -> None:
    opens(page, "Support", "For whoever helps you")
    page.get_by_text("settings.json").click()
    stands(page, "For whoever helps you")
    with page.expect_download() as taken:
        page.get_by_role("link", name="Download the archive").click()
    content = taken.value.path().read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        everything = "".join(archive.read(name).decode() for name in archive.namelist())
        assert len(archive.namelist()) == 7
    assert "observations" in everything
    assert "Town Library" not in everything


def _sign_in_anew(page: Page) -> None:
    """Somebody came or went, so that nobody is signed in at the booth any more."""
    page.get_by_role("navigation").get_by_role("link", name="Health", exact=True).click()
    stands(page, "Sign in")
    page.get_by_label("PIN").fill(PIN)
    page.get_by_role("button", name="Sign in").click()
    stands(page, "How the booth does")


def _start_again(booth: ServedBooth, page: Page) -> None:
    booth.does(Kind.START)
    _sign_in_anew(page)
    opens(page, "Start again", "Start the booth again")
    expect(page.get_by_text("Somebody is being interviewed.")).to_be_visible()
    booth.does(Kind.LEAVE)
    booth.comes_to(State.ATTRACT)
    _sign_in_anew(page)
    opens(page, "Start again", "Start the booth again")
    page.get_by_role("button", name="Start again now").click()
    stands(page, "The booth starts again")
    assert booth.stopped.is_set()
    page.route("**/healthz", lambda route: route.abort())
    expect(page.get_by_role("link", name="Look whether it is back")).to_be_hidden()
    page.unroute("**/healthz")
    stands(page, "How the booth does")


@pytest.mark.parametrize("language", ["de", "es"])
def test_on_a_low_screen_the_rooms_are_one_row_in_every_language(
    models_dir: Path, sample: Path, tmp_path: Path, browser: Browser, language: str
) -> None:
    settings = Settings(site=Site(language=language))
    with served(models_dir, sample, settings, folder=tmp_path / "panel") as booth:
        page = browser.new_page(viewport={"width": 800, "height": 480})
        page.goto(f"{booth.address}/admin/pin")
        for field in ("pin", "again"):
            page.locator(f"[name={field}]").fill(PIN)
        page.locator("button.primary").click()
        rooms = page.locator(".rooms")
        expect(rooms.locator("a")).to_have_count(8)
        page.evaluate("document.fonts.ready")  # others are wider
        row = rooms.evaluate("one => one.querySelector('a').offsetHeight")
        assert rooms.evaluate("one => one.clientHeight") < 2 * row
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        page.close()
