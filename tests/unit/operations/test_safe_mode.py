"""Safe mode: the booth stays up and says why."""

import threading
from typing import Any

import pytest

from appliance.devices.controls.controls import NoControls
from appliance.devices.controls.lights import FaultLight
from appliance.domain.errors import BoothError, ModelError, StorageError, WrongUsageError
from appliance.operations.safe_mode import run_safely
from appliance.operations.start_guard import Before
from tests.devices import ManualClock
from tests.unit.operations.test_rounds import FakeManager
from tests.waiting import until


def _run(before: Before) -> tuple[FakeManager, NoControls, list[str]]:
    manager, controls, said = FakeManager(), NoControls("", ManualClock()), list[str]()
    stop = threading.Event()
    any_manager: Any = manager
    running = threading.Thread(
        target=run_safely, args=(before, controls, any_manager, stop, said.append)
    )
    running.start()
    until(lambda: "alive" in manager.told)
    stop.set()
    running.join(30)
    assert not running.is_alive()
    return manager, controls, said


def test_it_says_why_and_blinks() -> None:
    manager, controls, said = _run(Before(2, "There is no such file."))
    told = "Safe mode, after two starts in vain. There is no such file."
    assert said == [told]
    assert manager.told[:2] == ["ready", told]
    assert manager.told[-1] == "stopping"
    assert controls.light is FaultLight.OTHER


@pytest.mark.parametrize(
    ("fault", "light"),
    [
        (ModelError, FaultLight.MODELS),
        (WrongUsageError, FaultLight.SETTINGS),
        (StorageError, FaultLight.STORAGE),
    ],
)
def test_the_blinks_tell_what_kept_it_from_starting(
    fault: type[BoothError], light: FaultLight
) -> None:
    _, controls, _ = _run(Before(2, "It is broken.", fault.code))
    assert controls.light is light


def test_a_start_that_ended_without_a_word_is_told_as_such() -> None:
    _, _, (said,) = _run(Before(2))
    assert "It ended without a word. 'booth doctor' may tell more." in said
