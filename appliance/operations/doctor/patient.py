"""A booth as the doctor looks at it, by its settings."""

from pathlib import Path

from appliance.devices.from_settings import camera_of, controls_of, microphone_of
from appliance.operations.doctor.doctor import Booth
from appliance.operations.settings.loaded import Loaded


def patient_of(loaded: Loaded, models_dir: Path, state_dir: Path) -> Booth:
    """What the doctor is to look at.

    Args:
        loaded: the settings, and what is wrong with them.
        models_dir: folder of the models.
        state_dir: where the booth keeps things.
    """
    settings = loaded.settings
    return Booth(
        models_dir=models_dir,
        state_dir=state_dir,
        camera=camera_of(settings),
        microphone=microphone_of(settings),
        controls=controls_of(settings),
        printer=settings.printer,
        ollama=settings.ollama,
        mistakes=tuple(map(str, (*loaded.mistakes, *loaded.warnings))),
    )
