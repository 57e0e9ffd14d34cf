"""Photograph every screen of the panel: `python -m tests.tools.photograph_panel [FOLDER]`.

A real booth on the packaged sample, in Debian's Chromium; three sizes, light and dark. What the
recogniser would hear is scripted, so that the pictures are the same every time.
"""

import argparse
import contextlib
import io
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import gettempdir
from typing import NoReturn

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from appliance.domain.errors import DeviceError
from appliance.domain.media import AudioBlock
from appliance.domain.settings import Settings
from appliance.interview.session_events import Kind, State, chose, consented
from appliance.perception.speech.transcriber import SpeechEvent
from appliance.perception.voice_activity import VoiceUpdate
from appliance.storage.store import Store
from tests.answers import said_at
from tests.panel import ServedBooth, served
from tests.senses import ScriptedTranscriber
from web_panel.access import COOKIE
from web_panel.admin.progress import STEPS

SIZES = {"landscape": (800, 480), "portrait": (720, 1280), "laptop": (1280, 800)}
_SETTLED_MS = 700
_COLOURS = 128

_STORY = (
    "Last winter I was on the desk of a hotel in Leeds when the heating failed on a Friday night. "
    "Sixty guests were in the house, and I had to keep them warm until the fitter came. I rang "
    "five other hotels, um, I found twenty heaters, and I carried one to every room with a child. "
    "In the end nobody left, and three guests wrote to thank us."
)
_WORDS_A_MINUTE = 170
_FAULT_S = 8.0
_WHOLE_S, _PART_S = 24.0, 15.0

_STAFF = (
    ("health", ""),
    *((f"setup-{step}", f"setup/{step}") for step in STEPS),
    ("settings", "settings"),
    ("questions", "questions"),
    ("numbers", "numbers"),
    ("support", "support"),
    ("change-pin", "change-pin"),
    ("restart", "restart"),
)
"""What is behind the door, by name and address."""


class _SaidSoFar(ScriptedTranscriber):
    """Knows no more of the story than there was time to say."""

    _end_s = 0.0

    def accept(self, block: AudioBlock, voice: VoiceUpdate) -> list[SpeechEvent]:
        self._end_s = block.end_s
        return super().accept(block, voice)

    def finish(self, voice: VoiceUpdate) -> list[SpeechEvent]:
        events = self._until(self._end_s)
        self.reset()
        return events


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(prog="python -m tests.tools.photograph_panel")
    parser.add_argument("folder", type=Path, nargs="?", default=Path("docs/screens"))
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    root = Path(__file__).resolve().parent.parent.parent
    sample = root / "appliance" / "sample" / "answer.mp4"
    said = _SaidSoFar(said_at(_STORY, _WORDS_A_MINUTE))
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--font-render-hinting=none"]
        )
        with _folder() as kept, _store(kept) as store:
            state = kept / "state"
            state.mkdir()
            (kept / "booth.toml").touch()
            models = root / "models_tflite"
            with served(models, sample, folder=state, store=store, transcriber=said) as booth:
                _photograph_all(booth, browser, folder)
                _photograph_record(booth, browser, folder, store)
                _photograph_staff(booth, browser, folder)
        with served(root / "models_tflite", sample, Settings(), camera=_unplugged) as booth:
            booth.does(Kind.START, Kind.GO_ON, consented(voice=True, camera=True, expression=False))
            time.sleep(_FAULT_S)
            _photograph(browser, booth.address, folder, "fault")
        browser.close()


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    """A folder for this run, always of the same name, since a page shows it."""
    folder = Path(gettempdir()) / "interview-booth"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextlib.contextmanager
def _store(folder: Path) -> Iterator[Store]:
    store = Store(folder, 90, time.time, time.monotonic)
    try:
        yield store
    finally:
        store.close()


def _unplugged() -> NoReturn:
    raise DeviceError("The camera was unplugged.", "Check its cable.")


def _photograph_all(booth: ServedBooth, browser: Browser, folder: Path) -> None:
    def shoot(name: str, address: str = "/") -> None:
        _photograph(browser, f"{booth.address}{address}", folder, name)
        print(name)

    def then(*events: object) -> Callable[[], None]:
        return lambda: booth.does(*events)

    steps: tuple[tuple[str, Callable[[], None]], ...] = (
        ("attract", then()),
        ("welcome", then(Kind.START)),
        ("consent", then(Kind.GO_ON)),
        ("check", then(consented(voice=True, camera=True, expression=True))),
        ("choose", then(Kind.GO_ON)),
        ("ask", then(chose("solved-problem", "team-goal"))),
        ("listen", then(Kind.ANSWER)),
        ("paused", then(Kind.PAUSE)),
    )
    for name, step in steps:
        step()
        shoot(name)
        if name == "consent":
            shoot("needs", "/?view=needs")
    booth.does(Kind.GO_ON)
    time.sleep(_PART_S)
    booth.does(Kind.FINISH)
    booth.comes_to(State.REVIEW)
    for view in ("feedback", "ratings", "timeline", "words", "guide"):
        shoot(f"review-{view}" if view != "feedback" else "review", f"/?view={view}")
    booth.does(Kind.AGAIN, Kind.ANSWER)
    time.sleep(_WHOLE_S)
    booth.does(Kind.FINISH)
    booth.comes_to(State.COMPARE)
    shoot("compare")
    booth.does(Kind.TO_REPORT)
    shoot("report")
    booth.panel.home.offer_report()
    shoot("report-take-home")
    booth.does(Kind.FINISH)
    shoot("goodbye")
    booth.does(Kind.LEAVE)
    booth.comes_to(State.ATTRACT)
    booth.does(Kind.START, Kind.GO_ON)
    booth.does(consented(voice=False, camera=False, expression=False), chose("team-goal"))
    booth.does(Kind.ANSWER)
    shoot("typed")
    _photograph(browser, booth.address, folder, "typed-keys", touched="textarea")
    booth.does(Kind.LEAVE)
    booth.comes_to(State.ATTRACT)


def _photograph_record(booth: ServedBooth, browser: Browser, folder: Path, store: Store) -> None:
    """A person's own record, as it is after three visits."""
    booth.does(Kind.START, Kind.GO_ON)
    booth.does(consented(voice=True, camera=True, expression=False), Kind.GO_ON)
    booth.does(chose("solved-problem"), Kind.ANSWER)
    for seconds, then in ((_PART_S, Kind.AGAIN), (_WHOLE_S, Kind.TO_REPORT)):
        time.sleep(seconds)
        booth.does(Kind.FINISH)
        booth.comes_to(State.REVIEW, State.COMPARE)
        booth.does(then)
        if then is Kind.AGAIN:
            booth.does(Kind.ANSWER)
    _photograph(browser, f"{booth.address}/?view=record", folder, "record-keep")
    booth.panel.record.keep("", transcript=False)
    _photograph(browser, booth.address, folder, "record-kept")
    code = booth.panel.record.shown.code
    (summary,) = store.record.read(code)
    for weeks in (1, 2):
        store.record.keep(code, summary.model_copy(update={"day": summary.day - 7 * weeks}))
    booth.does(Kind.LEAVE)
    booth.comes_to(State.ATTRACT)
    booth.does(Kind.START)
    _photograph(browser, f"{booth.address}/?view=record", folder, "record-code")
    booth.panel.record.open(code)
    _photograph(browser, booth.address, folder, "record-ratings")
    _photograph(browser, f"{booth.address}/?view=record&page=1", folder, "record-measures")
    booth.does(Kind.LEAVE)
    booth.comes_to(State.ATTRACT)


def _photograph_staff(booth: ServedBooth, browser: Browser, folder: Path) -> None:
    """The administrator's pages: where a PIN is chosen, the door, and what is behind it."""
    _photograph(browser, f"{booth.address}/admin/pin", folder, "staff-pin")
    client = booth.app.test_client()
    chosen = {"token": booth.panel.doors.kiosk_token, "pin": "482913", "again": "482913"}
    client.post("/admin/pin", data=chosen)
    _photograph(browser, f"{booth.address}/admin/sign-in", folder, "staff-sign-in")
    cookie = client.get_cookie(COOKIE, path="/admin")
    value = cookie.value if cookie is not None else ""
    for name, path in _STAFF:
        _photograph(browser, f"{booth.address}/admin/{path}", folder, f"staff-{name}", value)


def _photograph(
    browser: Browser, address: str, folder: Path, name: str, staff: str = "", *, touched: str = ""
) -> None:
    for size, (width, height) in SIZES.items():
        for theme in ("light", "dark"):
            page = browser.new_page(
                viewport={"width": width, "height": height},
                color_scheme="dark" if theme == "dark" else "light",
                reduced_motion="reduce",
                has_touch=bool(touched),
            )
            if staff:
                page.context.add_cookies([{"name": COOKIE, "value": staff, "url": address}])
            page.goto(address)
            if touched:
                page.tap(touched)
            page.wait_for_timeout(_SETTLED_MS)
            picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            picture.quantize(_COLOURS).save(folder / f"{name}-{size}-{theme}.png", optimize=True)
            page.close()


if __name__ == "__main__":
    main()
