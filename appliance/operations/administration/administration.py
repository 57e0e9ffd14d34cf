"""All that the administrator's side of the panel works with, built in one place."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from appliance.domain.settings import Settings
from appliance.operations.administration.restart import Restart, Versions
from appliance.operations.administration.settings_desk import SettingsDesk
from appliance.operations.service_manager import ServiceManager


@dataclass(frozen=True, slots=True)
class Premises:
    """Where a booth runs.

    Attributes:
        environment: of the process.
        config: the settings file; None for the booth's own.
        settings: by which it runs.
        manager: what started it.
        stop: ends it when it is set.
    """

    environment: Mapping[str, str]
    config: Path | None
    settings: Settings
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
    """

    def __init__(self, premises: Premises) -> None:
        self.settings = SettingsDesk(premises.environment, premises.config, premises.settings)
        self.restart = Restart(premises.manager, premises.stop)
        self.versions = Versions()
