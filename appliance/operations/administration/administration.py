"""All that the administrator's side of the panel works with, built in one place."""

import threading
from functools import partial

from appliance.operations.administration.examination import Examination
from appliance.operations.administration.host_check import HostCheck
from appliance.operations.administration.premises import Premises
from appliance.operations.administration.questions_desk import QuestionsDesk
from appliance.operations.administration.restart import Restart, Versions
from appliance.operations.administration.settings_desk import SettingsDesk
from appliance.operations.administration.support import Support
from appliance.operations.doctor.doctor import examine_beside, try_sensors
from appliance.perception.speech.selection import can_hear


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
        support: makes what helpers need.
        questions: of the site's own.
        hosts: of Ollama, asked before anybody relies on them.
        store: what is kept; None where nothing can be.
    """

    def __init__(self, premises: Premises) -> None:
        self.settings = SettingsDesk(
            premises.environment,
            premises.config,
            premises.settings,
            partial(can_hear, premises.models_dir),
        )
        self.restart = Restart(premises.manager, premises.stop)
        self.versions = Versions()
        self.questions = QuestionsDesk(self.settings, premises.state_dir)
        self.store = premises.store
        self.hosts = HostCheck(lambda: premises.loaded().settings.ollama)
        one_at_a_time = threading.Lock()
        self.doctor = Examination(lambda: examine_beside(premises.patient()), one_at_a_time)
        self.sensors = Examination(lambda: try_sensors(premises.patient()), one_at_a_time)
        self.support = Support(premises, self.versions, self.doctor)
