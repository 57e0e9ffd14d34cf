"""What a booth does whose starts come to nothing: it stays up, says why, and lets nobody in."""

import threading
from collections.abc import Callable

from appliance.devices.controls.controls import Controls
from appliance.devices.controls.lights import FaultLight
from appliance.domain.errors import ModelError, StorageError, WrongUsageError
from appliance.operations.service_manager import ServiceManager
from appliance.operations.start_guard import Before

_ROUND_S = 1.0
_LIGHTS = {
    ModelError.code: FaultLight.MODELS,
    WrongUsageError.code: FaultLight.SETTINGS,
    StorageError.code: FaultLight.STORAGE,
}
"""By the code of the fault that ended the last start."""

_UNKNOWN = "It ended without a word. 'booth doctor' may tell more."


def run_safely(
    before: Before,
    controls: Controls,
    manager: ServiceManager,
    stop: threading.Event,
    say: Callable[[str], None],
) -> None:
    """Blink a fault and tell why, until somebody stops the booth. The next start is a real one.

    Args:
        before: what became of the starts before.
        controls: the light.
        manager: told the reason; `systemctl status` shows it.
        stop: set to end.
        say: takes a line for the journal.
    """
    told = f"Safe mode, after two starts in vain. {before.words or _UNKNOWN}"
    controls.start()
    controls.show(_LIGHTS.get(before.code, FaultLight.OTHER))
    manager.ready()
    manager.status(told)
    say(told)
    while not stop.wait(_ROUND_S):
        controls.check()
        manager.alive()
    manager.stopping()
    controls.stop()
