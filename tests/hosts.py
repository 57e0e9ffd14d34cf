"""Hosts that are asked for words for one report, and what comes of it."""

from appliance.coaching.ollama.job import Job
from appliance.coaching.ollama.wordsmith import Wordsmith
from appliance.domain.settings import Ollama
from tests.coaches import tools_of
from tests.words import MODEL, story_report


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def smith_of(*hosts: str, clock: Clock | None = None, token: str = "") -> Wordsmith:
    settings = Ollama.model_validate({"hosts": hosts, "model": MODEL, "token": token})
    return Wordsmith(settings, tools_of(), clock or Clock())


def begun(smith: Wordsmith) -> Job:
    job = smith.feedback(story_report())
    assert job is not None
    return job


def all_of(job: Job) -> list[str]:
    """The names of the facts whose words came."""
    assert job.wait(30)
    return [arrival.fact.name for arrival in job.look()]


EVERY = ["strength_1", "strength_2", "next_step_1"]
