"""A person in a booth whose site has a host for words, and what they read."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from appliance.domain.report import Advice, Report
from appliance.domain.settings import Ollama, Settings
from appliance.interview.session_events import Kind, State, chose, consented
from tests.kiosk import QUESTION, Kiosk
from tests.words import MODEL, OPEN_STORY

Build = Callable[..., Kiosk]
"""Makes a booth from the addresses of its hosts, and from what else a `Kiosk` takes."""


class Clock:
    """The steady clock, which stands still until the test moves it on."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@contextmanager
def kiosks(models_dir: Path, sample: Path) -> Iterator[Build]:
    """Booths that are gone when the context ends.

    Args:
        models_dir: folder of the models.
        sample: recording that plays in place of the devices.
    """
    built: list[Kiosk] = []

    def build(*hosts: str, **more: Any) -> Kiosk:
        settings = Settings(ollama=Ollama.model_validate({"hosts": hosts, "model": MODEL}))
        built.append(Kiosk(models_dir, sample, None, settings, **more))
        return built[-1]

    yield build
    for kiosk in built:
        kiosk.booth.close()
        assert kiosk.equipment.stop()


def answers(kiosk: Kiosk, *, wording: bool = True, text: str = OPEN_STORY) -> None:
    """A person comes, agrees, and types one answer."""
    agreed = consented(voice=False, camera=False, expression=False, wording=wording)
    kiosk.does(Kind.START, Kind.GO_ON, agreed, chose(QUESTION, "plan-school-and-more"))
    kiosk.does(Kind.ANSWER)
    kiosk.booth.type_answer(text)
    kiosk.turns()
    assert kiosk.state is State.REVIEW


def report_of(kiosk: Kiosk) -> Report:
    report = kiosk.booth.given[-1].outcome.report
    assert report is not None
    return report


def advice_of(kiosk: Kiosk) -> Advice:
    return report_of(kiosk).advice


def words_of(kiosk: Kiosk) -> str:
    return str(kiosk.booth.snapshot()["wording"])
