"""Somebody who walks away in the middle: the screen goes back, and shows nothing of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from appliance.domain.settings import Interview, Settings
from appliance.interview.session_events import Kind, State, chose, consented
from tests.kiosk import QUESTION
from tests.kiosk_screen import TYPED, hears, says
from tests.panel import ServedBooth, served
from tests.somebody import LeapingClock, Somebody
from tests.waiting import until

pytestmark = pytest.mark.browser

_AWAY_S = 20.0
_THEIRS = ("marigold", "heating", "Tell me about a time")
"""What they said, typed and were asked."""


@pytest.fixture(scope="module")
def clock() -> LeapingClock:
    return LeapingClock()


@pytest.fixture(scope="module")
def person(sample: Path, clock: LeapingClock) -> Somebody:
    return Somebody(sample, clock)


@pytest.fixture(scope="module")
def kept(
    models_dir: Path, sample: Path, person: Somebody, clock: LeapingClock
) -> Iterator[ServedBooth]:
    """A booth that waits twenty seconds for whoever went."""
    with served(
        models_dir,
        sample,
        Settings(interview=Interview(away_s=_AWAY_S)),
        camera=person.camera,
        microphone=person.microphone,
        interview_clock=clock,
    ) as booth:
        yield booth


@pytest.fixture
def booth(booth: ServedBooth, person: Somebody) -> ServedBooth:
    person.comes()
    return booth


def passes(booth: ServedBooth, clock: LeapingClock, seconds: float) -> None:
    """So much time passes, and the booth looks around."""
    clock.leaps(seconds)
    before = booth.booth.turns
    until(lambda: booth.booth.turns > before + 10)


def is_missed(booth: ServedBooth, clock: LeapingClock, person: Somebody) -> None:
    """The person goes while the camera may look, and the booth notices before any time-out."""
    state = booth.booth.session.state
    passes(booth, clock, _AWAY_S + 1)
    assert booth.booth.session.state is state, "who is in view may take their time"
    person.walks_away()
    until(lambda: booth.booth.snapshot()["face_in_view"] is not True)
    for _ in range(10):  # perception may lag a little; a question lasts 300 s, an answer longer
        if booth.booth.session.state is state:
            passes(booth, clock, _AWAY_S + 1)
    assert booth.booth.session.state is State.GOODBYE


def is_forgotten(booth: ServedBooth, page: Page, context: BrowserContext) -> None:
    """Nothing of the person is on any screen, whoever looks for it and however."""
    says(page, "Practise an interview.")
    other = context.new_page()
    for address in ("/", "/?view=words", "/?view=record", "/kiosk/screen?view=words"):
        other.goto(booth.address + address)
        for screen in (page, other):
            assert not [words for words in _THEIRS if words in screen.content()]
    page.go_back()
    page.goto(booth.address)
    says(page, "Practise an interview.")
    for gone in ("/kiosk/answers/0/wide.svg", "/kiosk/preview.jpg"):
        assert page.request.get(booth.address + gone).status == 404
    assert booth.booth.given == ()


def test_who_walks_away_from_the_question_is_forgotten(
    booth: ServedBooth, context: BrowserContext, page: Page, person: Somebody, clock: LeapingClock
) -> None:
    booth.does(Kind.START, Kind.GO_ON, consented(voice=True, camera=True, expression=False))
    booth.does(Kind.GO_ON, chose(QUESTION))
    says(page, "Tell me about a time")
    is_missed(booth, clock, person)
    says(page, "Thank you")
    expect(page.get_by_role("timer")).to_contain_text("Everything is wiped in")
    passes(booth, clock, 31.0)
    is_forgotten(booth, page, context)


def test_who_walks_away_while_answering_is_forgotten(
    booth: ServedBooth, context: BrowserContext, page: Page, person: Somebody, clock: LeapingClock
) -> None:
    booth.does(Kind.START, Kind.GO_ON, consented(voice=True, camera=True, expression=False))
    booth.does(Kind.GO_ON, chose(QUESTION), Kind.ANSWER)
    says(page, "Listening")
    hears(booth, page)
    is_missed(booth, clock, person)
    says(page, "Thank you")
    assert "marigold" not in page.content()
    passes(booth, clock, 31.0)
    is_forgotten(booth, page, context)


def test_who_leaves_their_report_on_the_screen_is_forgotten_in_time(
    booth: ServedBooth, context: BrowserContext, page: Page, clock: LeapingClock
) -> None:
    booth.does(Kind.START, Kind.GO_ON, consented(voice=False, camera=False, expression=False))
    booth.does(chose(QUESTION), Kind.ANSWER)
    booth.booth.type_answer(TYPED)
    booth.comes_to(State.REVIEW)
    booth.does(Kind.TO_REPORT)
    says(page, "Your practice today")
    page.get_by_role("button", name="Take it home on my phone").tap()
    expect(page.locator("figure.code svg")).to_be_visible()
    code = booth.panel.home.code
    assert code is not None
    passes(booth, clock, 301.0)
    says(page, "Thank you")
    passes(booth, clock, 31.0)
    is_forgotten(booth, page, context)
    assert booth.panel.home.code is None
