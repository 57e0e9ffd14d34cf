"""The report as a browser shows it: on a phone, on a laptop, in the dark and on paper."""

import io
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Browser, Page, expect

from appliance.coaching.question_bank import find_question, load_questions
from appliance.domain.observations import FilledPause, Span, Word
from appliance.reporting.files import write_report
from tests.answers import answer, looks, said_at, words
from tests.coaches import coach_of

STORY = (
    "Last winter the heating of our hotel failed on a Friday night. I had to keep sixty guests "
    "warm. I rang five hotels and I carried twenty heaters to the rooms. In the end nobody left."
)

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A minute with an "um", a long pause, a turn away and one very long word."""
    said = (*words(60), Word("Donaudampfschifffahrtsgesellschaft" * 3, 33.0, 34.0, 0.9))
    filled = [FilledPause(12.0, 12.5, "sound", "um", 0.8)]
    seen = answer([Span(0, 30), Span(33, 60)], said, filled, looks(60, away=[Span(40, 45)]))
    question = find_question(load_questions("en"), "team-goal")
    report = coach_of().report(seen, source="answer.mp4", question=question)
    return write_report(report, tmp_path_factory.mktemp("report"))


def _open(browser: Browser, page_file: Path, width: int, scheme: str = "light") -> Page:
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(page_file.as_uri())
    return page


@pytest.mark.parametrize("width", [320, 390, 720, 1280])
def test_nobody_has_to_scroll_sideways(browser: Browser, page_file: Path, width: int) -> None:
    page = _open(browser, page_file, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


@pytest.mark.parametrize(("width", "shown"), [(390, "narrow"), (1280, "wide")])
def test_the_timeline_fits_the_screen(
    browser: Browser, page_file: Path, width: int, shown: str
) -> None:
    page = _open(browser, page_file, width)
    visible = page.locator("svg.timeline:visible")
    assert visible.count() == 1
    assert shown in (visible.get_attribute("class") or "")
    smallest_px = page.evaluate(
        "Math.min(...[...document.querySelectorAll('svg.timeline text')]"
        ".map(t => t.getBoundingClientRect().height).filter(h => h > 0))"
    )
    assert smallest_px >= 11
    page.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_a_quote_leads_to_its_place_on_the_timeline(
    browser: Browser, tmp_path: Path, width: int
) -> None:
    seen = answer([Span(0, 20)], said_at(STORY, 160), [], looks(20))
    question = find_question(load_questions("en"), "solved-problem")
    report = coach_of().report(seen, source="answer.mp4", question=question)
    page = _open(browser, write_report(report, tmp_path), width)
    marks = page.locator("svg.timeline:visible .mark")
    assert marks.count() > 0
    assert not any(mark.is_visible() for mark in marks.all())
    page.locator(".places a").first.click()
    assert [mark.is_visible() for mark in marks.all()].count(True) == 1
    expect(page.locator("svg.timeline:visible")).to_be_in_viewport()
    page.close()


def test_the_page_asks_for_nothing_and_reports_no_error(browser: Browser, page_file: Path) -> None:
    page = browser.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(page_file.as_uri())
    assert [url for url in asked if not url.startswith("data:")] == [page_file.as_uri()]
    assert said == []
    page.close()


def test_the_packaged_letters_are_used(browser: Browser, page_file: Path) -> None:
    page = _open(browser, page_file, 1280)
    assert page.evaluate("document.fonts.ready.then(() => document.fonts.check('16px Inter'))")
    assert page.evaluate("[...document.fonts].some(f => f.status === 'loaded')")
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_can_be_read_in_light_and_dark(
    browser: Browser, page_file: Path, scheme: str
) -> None:
    """WCAG contrast: 7 for the text, 4.5 for everything quieter."""
    page = _open(browser, page_file, 1280, scheme)
    for name, least in (("--ink", 7), ("--quiet", 4.5), ("--accent", 4.5), ("--amber", 4.5)):
        for ground in ("--card", "--paper"):
            assert page.evaluate(_CONTRAST, [name, ground]) >= least, (name, ground)
    assert page.evaluate(_CONTRAST, ["--amber", "--amber-soft"]) >= 4.5
    assert page.evaluate(_CONTRAST, ["--accent", "--soft"]) >= 4.5
    page.close()


_CONTRAST = """names => {
  const light = name => {
    const hex = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    const parts = [1, 3, 5].map(i => parseInt(hex.slice(i, i + 2), 16) / 255)
      .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  const [a, b] = names.map(light).sort((x, y) => y - x);
  return (a + 0.05) / (b + 0.05);
}"""


def test_on_paper_it_is_at_most_three_pages_with_all_of_it(
    browser: Browser, page_file: Path
) -> None:
    page = _open(browser, page_file, 1280, "dark")
    paper = pypdf.PdfReader(io.BytesIO(page.pdf(format="A4", print_background=True)))
    text = " ".join(sheet.extract_text() for sheet in paper.pages)
    assert len(paper.pages) <= 3
    for heading in ("In short", "Your answer along time", "What we measured", "What you said"):
        assert heading in text
    page.close()
