"""Safe mode: the booth stays up and says why."""

import threading
from typing import Any

from appliance.devices.controls.controls import NoControls
from appliance.devices.controls.lights import FaultLight
from appliance.operations.safe_mode import run_safely
from tests.devices import ManualClock
from tests.unit.operations.test_rounds import FakeManager
from tests.waiting import until


def _run(words: str) -> tuple[FakeManager, NoControls, list[str]]:
    manager, controls, said = FakeManager(), NoControls("", ManualClock()), list[str]()
    stop = threading.Event()
    any_manager: Any = manager
    running = threading.Thread(
        target=run_safely, args=(words, controls, any_manager, stop, said.append)
    )
    running.start()
    until(lambda: "alive" in manager.told)
    stop.set()
    running.join(30)
    assert not running.is_alive()
    return manager, controls, said


def test_it_says_why_and_blinks() -> None:
    manager, controls, said = _run("The model is damaged.")
    told = "Safe mode, after two starts in vain. The model is damaged."
    assert said == [told]
    assert manager.told[:2] == ["ready", told]
    assert manager.told[-1] == "stopping"
    assert controls.light is FaultLight.OTHER


def test_a_start_that_ended_without_a_word_is_told_as_such() -> None:
    _, _, (said,) = _run("")
    assert "It ended without a word. 'booth doctor' may tell more." in said
