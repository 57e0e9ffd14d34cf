"""Asks Ollama hosts whether they answer, before anybody relies on them."""

import time
from collections.abc import Callable

from pydantic import ValidationError

from appliance.domain.errors import WrongUsageError
from appliance.domain.health import Health, Status
from appliance.domain.settings import Ollama
from appliance.operations.doctor.check import Check
from appliance.operations.doctor.ollama_host import check_ollama
from appliance.operations.doctor.runner import run_checks
from appliance.operations.settings.environment import value_of

_LIMIT_S = 8.0
_MOST_HOSTS = 2
"""Each may take three seconds, and somebody waits."""


class HostCheck:
    """A live check, in a thread that nobody waits for longer than some seconds.

    Args:
        settings: of the site as they are now, by whose token and certificate hosts are asked.
    """

    def __init__(self, settings: Callable[[], Ollama]) -> None:
        self._settings = settings

    def ask(self, hosts: str, model: str) -> tuple[Health, ...]:
        """Ask the first hosts which models they have.

        Args:
            hosts: addresses in the own network, with commas between.
            model: that words the feedback.

        Raises:
            WrongUsageError: an address is none, or not of the own network; nobody is asked.
        """
        own = self._settings()
        typed = {"hosts": value_of(hosts, ()), "model": model.strip()}
        kept = {"token": own.token, "certificate": own.certificate}
        try:
            asked = Ollama.model_validate({**typed, **kept})
        except ValidationError as error:
            raise WrongUsageError(
                "That is no address in your own network, or no model.",
                'An address is such as "http://192.168.1.20:11434".',
            ) from error
        check = Check(
            "Ollama",
            _LIMIT_S,
            lambda: check_ollama(asked.model_copy(update={"hosts": asked.hosts[:_MOST_HOSTS]})),
            Status.WARNING,
        )
        return run_checks([check], time.monotonic, lambda _: None)
