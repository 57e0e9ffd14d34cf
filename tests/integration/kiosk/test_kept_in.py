"""On a screen that the browser fills, no key or click leads out of the panel."""

import pytest
from playwright.sync_api import Page

from tests.panel import ServedBooth

pytestmark = pytest.mark.browser

_FILLS = """
const really = matchMedia;
window.matchMedia = (query) =>
  query === "(display-mode: fullscreen)" ? { matches: true } : really(query);
"""
_IS_STOPPED = """([kind, how]) => {
  const Happened = { keydown: KeyboardEvent, wheel: WheelEvent }[kind] ?? MouseEvent;
  const happened = new Happened(kind, { ...how, bubbles: true, cancelable: true });
  return !document.querySelector("button.primary").dispatchEvent(happened);
}"""


Act = tuple[str, dict[str, object]]


def _keys(*keys: str, **held: object) -> list[Act]:
    return [("keydown", {"key": key, **held}) for key in keys]


_OPENS_OR_DRAGS: list[Act] = [
    ("wheel", {"ctrlKey": True}),
    ("auxclick", {"button": 1}),
    ("click", {"ctrlKey": True}),
    ("click", {"shiftKey": True}),
    ("contextmenu", {}),
    ("dragstart", {}),
    ("drop", {}),
]
_OUT = [
    *_keys(*"DFHJLNOPSTUWdfhjlnopstuw", ctrlKey=True),
    *_keys("F4", "Home", "ArrowLeft", "d", altKey=True),
    *_keys(*(f"F{number}" for number in range(1, 13)), "BrowserBack", "ContextMenu"),
    *_keys("Delete", ctrlKey=True, shiftKey=True),
    *_keys("Escape", shiftKey=True),
    *_keys("l", metaKey=True),
]
_WRITES: list[Act] = [
    *_keys("a", "é", "F", "Enter", "Tab", "Escape", "Delete"),
    *_keys(*"acvxyz", ctrlKey=True),
    *_keys("ArrowLeft", ctrlKey=True, shiftKey=True),
    *_keys("@", ctrlKey=True, altKey=True, modifierAltGraph=True),
    *_keys("Tab", shiftKey=True),
    ("wheel", {}),
]


def _stopped(page: Page, acts: list[Act]) -> list[Act]:
    return [(kind, how) for kind, how in acts if page.evaluate(_IS_STOPPED, [kind, how])]


def test_what_leads_out_is_stopped_and_what_writes_is_not(booth: ServedBooth, page: Page) -> None:
    page.add_init_script(_FILLS)
    page.goto(booth.address)
    assert _stopped(page, [*_OUT, *_OPENS_OR_DRAGS]) == [*_OUT, *_OPENS_OR_DRAGS]
    assert _stopped(page, _WRITES) == []


def test_a_browser_that_does_not_fill_the_screen_is_left_alone(
    booth: ServedBooth, page: Page
) -> None:
    assert _stopped(page, _OUT) == []
