"""Words for feedback: which facts are worded, by whom, and what becomes of a report by them."""

from collections.abc import Callable, Sequence

from appliance.coaching.ollama.claims import Rules
from appliance.coaching.ollama.facts import Facts, facts_of, summary_of
from appliance.coaching.ollama.hosts import Hosts, hosts_of
from appliance.coaching.ollama.job import Arrival, Job
from appliance.coaching.ollama.prompts import Prompt, Task, load_prompt, material_of
from appliance.coaching.tools import Tools
from appliance.domain.errors import WrongUsageError
from appliance.domain.report import Advice, Report, Suggestion
from appliance.domain.settings import Ollama


class Wordsmith:
    """Asks hosts for words in one language. Threads may share it.

    Args:
        settings: where the hosts are, and how long anybody waits.
        tools: of the language.
        clock: monotonic seconds.

    Raises:
        WrongUsageError: there are no prompts in that language.
    """

    def __init__(self, settings: Ollama, tools: Tools, clock: Callable[[], float]) -> None:
        language = tools.language.code
        self._settings = settings
        self._clock = clock
        self._hosts: Hosts = hosts_of(settings, clock)
        self._rules = Rules(tools)
        self._feedback: Prompt = load_prompt("feedback", language)
        self._follow_up: Prompt = load_prompt("follow_up", language)
        self._summary: Prompt = load_prompt("summary", language)

    def preload(self) -> None:
        """Have the model loaded before it is needed; nothing of a person is sent."""
        self._hosts.preload()

    def stop_preload(self) -> None:
        """Nobody needs it."""
        self._hosts.stop_preload()

    def feedback(self, report: Report) -> Job | None:
        """Ask for words for one answer; None where there is nothing to be worded.

        Args:
            report: with standard advice.
        """
        facts = facts_of(report)
        return None if facts is None else self._begun(self.tasks(facts))

    def summary(self, reports: Sequence[Report]) -> Job | None:
        """Ask for a look back at a session; None where there is nothing to look back at.

        Args:
            reports: of its answers.
        """
        facts = summary_of(reports)
        return self._begun([Task(self._summary, facts, {})]) if facts else None

    def tasks(self, facts: Facts) -> list[Task]:
        """What is asked for one answer, in order."""
        material, tasks = material_of(facts), []
        if facts.advice:
            tasks.append(Task(self._feedback, facts.advice, material))
        if facts.follow_up is not None:
            tasks.append(Task(self._follow_up, (facts.follow_up,), material))
        return tasks

    def _begun(self, tasks: Sequence[Task]) -> Job | None:
        if not tasks or not self._hosts.are_there:
            return None
        job = Job(tasks, self._hosts, self._rules, self._clock, self._settings.deadline_s)
        job.begin()
        return job


def wordsmith_of(settings: Ollama, tools: Tools, clock: Callable[[], float]) -> Wordsmith | None:
    """Whoever asks for words; None where a site has no host, or nobody words that language.

    Args:
        settings: where the hosts are, and how long anybody waits.
        tools: of the language.
        clock: monotonic seconds.
    """
    if not settings.hosts:
        return None
    try:
        return Wordsmith(settings, tools, clock)
    except WrongUsageError:
        return None


def worded(report: Report, arrival: Arrival) -> Report:
    """The report with the words that came in the place of its own; nothing else changes.

    Args:
        report: of the answer.
        arrival: for one of its facts.
    """
    advice, fact = report.advice, arrival.fact
    changed: dict[str, object] = {"source": "ollama", "model": arrival.model}
    if fact.kind == "follow_up":
        changed["follow_up"] = arrival.text
    elif fact.kind == "strength":
        changed["strengths"] = _replaced(advice.strengths, arrival)
    else:
        changed["next_steps"] = _replaced(advice.next_steps, arrival)
    return report.model_copy(update={"advice": Advice.model_copy(advice, update=changed)})


def _replaced(items: tuple[Suggestion, ...], arrival: Arrival) -> tuple[Suggestion, ...]:
    """The items, that of the fact with the words that came."""
    place = int(arrival.fact.name.rpartition("_")[2]) - 1
    new = items[place].model_copy(update={"text": arrival.text, "source": "ollama"})
    return (*items[:place], new, *items[place + 1 :])
