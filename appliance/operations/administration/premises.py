"""Where a booth runs, as its administration needs to know it."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from appliance.domain.settings import Settings
from appliance.operations.doctor.doctor import Booth
from appliance.operations.doctor.patient import patient_of
from appliance.operations.service_manager import ServiceManager
from appliance.operations.settings.loaded import Loaded
from appliance.operations.settings.loading import load
from appliance.storage.store import Store


@dataclass(frozen=True, slots=True)
class Premises:
    """Where a booth runs.

    Attributes:
        environment: of the process.
        config: the settings file; None for the booth's own.
        settings: by which it runs.
        models_dir: folder of the models.
        state_dir: where it keeps things.
        store: what is kept; None where nothing can be.
        manager: what started it.
        stop: ends it when it is set.
    """

    environment: Mapping[str, str]
    config: Path | None
    settings: Settings
    models_dir: Path
    state_dir: Path
    store: Store | None
    manager: ServiceManager
    stop: threading.Event

    def loaded(self) -> Loaded:
        """The settings as they are in file and environment now."""
        return load(self.environment, self.config)

    def patient(self) -> Booth:
        """The booth as the doctor looks at it, by the settings of now."""
        return patient_of(self.loaded(), self.models_dir, self.state_dir)
