"""The panel for a long time: six screens and an administrator, while interviews are given.

`./setup.sh test -m soak -k panel --log-cli-level=INFO` tells the figures as it goes on.
"""

import logging
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from appliance.operations.bench.running_booth import RunningBooth, running_booth

_MINUTES = 10
_SCREENS = 6
_PIN = "482913"
_STEPS = ("start", "go_on", "consent", "skip", "choose", "answer")
_ANSWER_S = 8.0


@pytest.mark.soak
def test_memory_and_threads_stay_as_they_are(sample: Path) -> None:
    log = logging.getLogger(__name__)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    with running_booth(sample) as booth, _screens(booth), _administrator(booth) as looks:
        seen: list[tuple[float, int]] = []
        began_s = time.monotonic()
        while time.monotonic() - began_s < 60 * _MINUTES:
            _interview(booth)
            looks()
            seen.append((booth.memory_mb, booth.threads))
            memory_mb, threads = seen[-1]
            passed_s = time.monotonic() - began_s
            log.info("%4.0f s: %.0f MB, %d threads", passed_s, memory_mb, threads)
    third = len(seen) // 3
    early, late = seen[third : 2 * third], seen[2 * third :]
    assert max(memory for memory, _ in late) < max(memory for memory, _ in early) + 20
    assert max(threads for _, threads in late) <= max(threads for _, threads in early)


@contextmanager
def _screens(booth: RunningBooth) -> Iterator[None]:
    """Screens that follow everything until the booth ends."""

    def follow() -> None:
        address = f"{booth.address}/api/v1/events"
        with suppress(httpx.HTTPError), httpx.stream("GET", address, timeout=60) as stream:
            for _ in stream.iter_lines():
                pass

    for _ in range(_SCREENS):
        threading.Thread(target=follow, daemon=True).start()
    yield


@contextmanager
def _administrator(booth: RunningBooth) -> Iterator[Callable[[], None]]:
    """Somebody who is signed in, and looks at every page of theirs again and again."""
    with httpx.Client(base_url=booth.address, follow_redirects=True, timeout=60) as client:
        token = re.findall(r'name="token" value="([^"]+)"', client.get("/admin/").text)[0]
        client.post("/admin/pin", data={"token": token, "pin": _PIN, "again": _PIN})

        def looks() -> None:
            for page in ("", "settings", "questions", "numbers", "support", "restart"):
                assert client.get(f"/admin/{page}").status_code == 200

        yield looks


def _interview(booth: RunningBooth) -> None:
    for step in _STEPS:
        if step == "consent":
            booth.agree()
        elif step == "choose":
            booth.choose(3)
        else:
            booth.act(step)
    time.sleep(_ANSWER_S)
    booth.act("finish")
    while booth.look()["state"] != "review":
        time.sleep(0.2)
    booth.act("leave")
    while booth.look()["state"] != "attract":
        time.sleep(0.2)
