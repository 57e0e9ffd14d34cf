"""All that the administrator's side of the panel works with, built in one place."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from appliance.domain.settings import Settings
from appliance.operations.administration.examination import Examination
from appliance.operations.administration.questions_desk import QuestionsDesk
from appliance.operations.administration.restart import Restart, Versions
from appliance.operations.administration.settings_desk import SettingsDesk
from appliance.operations.doctor.doctor import Booth, examine_beside, try_sensors
from appliance.operations.doctor.patient import patient_of
from appliance.operations.service_manager import ServiceManager
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


class Administration:
    """What can be seen and changed of a booth besides its interviews.

    Args:
        premises: where it runs.

    Attributes:
        settings: of the site.
        restart: of the booth.
        versions: of the booth.
        doctor: looks at all but the devices, while the booth runs.
        sensors: tries camera and microphone.
        questions: of the site's own.
        store: what is kept; None where nothing can be.
    """

    def __init__(self, premises: Premises) -> None:
        self.settings = SettingsDesk(premises.environment, premises.config, premises.settings)
        self.restart = Restart(premises.manager, premises.stop)
        self.versions = Versions()
        self.questions = QuestionsDesk(self.settings, premises.state_dir)
        self.store = premises.store
        self._premises = premises
        one_at_a_time = threading.Lock()
        self.doctor = Examination(lambda: examine_beside(self._patient()), one_at_a_time)
        self.sensors = Examination(lambda: try_sensors(self._patient()), one_at_a_time)

    def _patient(self) -> Booth:
        """The booth as its settings say now."""
        where = self._premises
        loaded = load(where.environment, where.config)
        return patient_of(loaded, where.models_dir, where.state_dir)
