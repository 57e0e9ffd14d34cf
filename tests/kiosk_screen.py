"""What tests look for on the booth's own screen."""

from playwright.sync_api import Page, expect

from appliance.interview.session_events import Kind, chose, consented
from tests.panel import ServedBooth

PATIENCE_MS = 60_000
SIZES = [(800, 480), (720, 1280), (1280, 800)]
TYPED = (
    "Last winter I was on the desk of a hotel when the heating failed on a Friday night. I had to "
    "keep sixty guests warm, so I rang five hotels and carried twenty heaters to the rooms. In the "
    "end nobody left, and three guests wrote to thank us."
)
STEPS = (
    ("Practise", ()),
    ("What will happen", (Kind.START,)),
    ("What may", (Kind.GO_ON,)),
    ("Can we", (consented(voice=True, camera=True, expression=True),)),
    ("What do you", (Kind.GO_ON,)),
    ("Tell me", (chose("solved-problem"),)),
    ("Listening", (Kind.ANSWER,)),
    ("Paused", (Kind.PAUSE,)),
    ("Your answer", (Kind.FINISH,)),
    ("This attempt", (Kind.AGAIN, Kind.ANSWER, Kind.FINISH)),
    ("Your practice", (Kind.TO_REPORT,)),
    ("Thank you", (Kind.FINISH,)),
)
"""The heading of each screen of an interview in turn, and what leads to it from the one before."""


def says(page: Page, words: str) -> None:
    """Wait until the screen is headed by these words."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(words, timeout=PATIENCE_MS)


def hears(booth: ServedBooth, page: Page) -> None:
    """Wait until something of the answer is on the screen."""
    expect(page.locator('[data-live="captions"]')).to_contain_text("marigold", timeout=PATIENCE_MS)


def fits_all_sizes(page: Page, name: str) -> None:
    """The screen fits on a small, a standing and a large display."""
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        fits(page, f"{name} in {width}x{height}")


def fits(page: Page, name: str) -> None:
    """Nothing must be scrolled, and nothing is too small for a finger."""
    page.evaluate("document.fonts.ready")  # others are wider
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
