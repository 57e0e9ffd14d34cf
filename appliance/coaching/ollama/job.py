"""Words that are on their way: asked for in a thread, checked one by one, late after a time.

The thread talks to the hosts; whoever wants the words looks now and then, takes what has passed,
and keeps the time: of all, and of each host's silence, so that the next one still has its share.
Nothing that the thread does later than that is ever seen.
"""

import math
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from queue import SimpleQueue

from appliance.coaching.ollama.call import Call
from appliance.coaching.ollama.claims import Complaint, Rules
from appliance.coaching.ollama.facts import Fact
from appliance.coaching.ollama.host import Asking, Host, HostError
from appliance.coaching.ollama.hosts import Candidate, Hosts
from appliance.coaching.ollama.prompts import ABOUT, Task, asking_again, asking_of, schema_of
from appliance.coaching.ollama.unfolding import NoObjectError, Unfolding
from appliance.coaching.ollama.worded import Worded, checked

_LEAST_S = 0.1
_TRIES = 2
"""The first, and one with what was wrong."""

_FAIR = 0.8
"""Of a host's even share of the deadline. Whoever was silent for less may still have answered, so
that nobody's haste, and no other host's silence, is held against it."""

_TELLS_NOTHING = frozenset({"cut_off", "silent"})
"""Ends that say nothing of a host that had less than its fair time."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Words that passed every check.

    Attributes:
        fact: that they are for.
        text: what the person reads: what code says before, and the words.
        model: that wrote them.
    """

    fact: Fact
    text: str
    model: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one request brought, for figures.

    Attributes:
        task: its name.
        number: 1, or 2 for the one after complaints.
        whole: the answer was an object with exactly the fields of the schema.
        complaints: by the name of the fact; only those that did not pass.
        passed: how many facts did.
        first_s: seconds until the first piece; None where none came.
        took_s: seconds until the end.
        fault: kind of what the host did wrong; None where it did nothing.
        raw: what the model wrote.
    """

    task: str
    number: int
    whole: bool
    complaints: dict[str, Complaint]
    passed: int
    first_s: float | None
    took_s: float
    fault: str | None
    raw: str


@dataclass(slots=True)
class _Reading:
    """What has come of one request."""

    began_s: float
    fields: dict[str, str] = field(default_factory=dict)
    complaints: dict[str, Complaint] = field(default_factory=dict)
    done: list[Fact] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    first_s: float | None = None
    whole: bool = False


class Job:
    """Words for some tasks, one after the other. One thread owns it, and looks at it.

    Args:
        tasks: what is to be worded, in the order of asking.
        hosts: that are asked.
        rules: by which words are checked.
        clock: monotonic seconds.
        limit_s: time after which words are too late.
    """

    def __init__(
        self,
        tasks: Sequence[Task],
        hosts: Hosts,
        rules: Rules,
        clock: Callable[[], float],
        limit_s: float,
    ) -> None:
        self._tasks = tuple(tasks)
        self._hosts = hosts
        self._rules = rules
        self._clock = clock
        self._ends_s = clock() + limit_s
        self._fair_s = _FAIR * limit_s / max(2, len(hosts))
        self._silent_since_s = self._patience_s = math.inf
        self._let_down: list[Host] = []
        self._arrived: SimpleQueue[Arrival] = SimpleQueue()
        self._lock = threading.Lock()
        self._call = Call()
        self._closed = False
        self.attempts: list[Attempt] = []
        self._thread = threading.Thread(target=self._run, name="words", daemon=True)

    def begin(self) -> None:
        """Ask for the words."""
        self._thread.start()

    def look(self) -> Iterator[Arrival]:
        """What has passed since the last look; nothing once it is too late."""
        now_s = self._clock()
        if now_s >= self._ends_s:
            self.cancel()
        with self._lock:
            if now_s - self._silent_since_s >= self._patience_s:
                self._call.cut()
        while not self._closed and not self._arrived.empty():
            yield self._arrived.get()

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self._closed or (not self._thread.is_alive() and self._arrived.empty())

    def cancel(self) -> None:
        """Nobody wants the words any more: hang up."""
        with self._lock:
            self._closed = True
            self._call.cut()

    def wait(self, timeout_s: float) -> bool:
        """Wait until the thread has ended; whether it has."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        for task in self._tasks:
            self._word(task)

    def _word(self, task: Task) -> None:
        facts, asking = task.facts, asking_of(task)
        for number in range(1, _TRIES + 1):
            complaints = self._ask_any(task, number, facts, asking)
            facts = tuple(fact for fact in facts if fact.name in complaints)
            if not facts or self._closed:
                return
            asking = asking_again(task, facts, self._reasons(complaints))

    def _ask_any(
        self, task: Task, number: int, facts: Sequence[Fact], asking: Asking
    ) -> dict[str, Complaint]:
        """Ask one host after the other; the complaints of the first that answers.

        Where none does there are none, since nothing is to be asked again.
        """
        for candidate in self._hosts.candidates(self._let_down):
            with candidate.trial:
                call = self._next_call(candidate.others)
                if call is None:
                    return {}
                attempt = self._ask(candidate.host, call, (task, number), facts, asking)
                self.attempts.append(attempt)
                self._judge(candidate, attempt)
            facts = tuple(fact for fact in facts if fact.name in attempt.complaints)
            if attempt.fault is None:
                return attempt.complaints
            if self._closed or not facts:
                return {}
            asking = replace(asking, schema=schema_of(facts))
        return {}

    def _next_call(self, others: int) -> Call | None:
        """A new call that can be cut off; None where nobody wants it, or it is too late.

        Args:
            others: how many hosts may still be asked after this one, and are left their share.
        """
        with self._lock:
            now_s = self._clock()
            if self._closed or now_s >= self._ends_s:
                return None
            self._call, self._silent_since_s = Call(), now_s
            self._patience_s = (self._ends_s - now_s) / (1 + others)
            return self._call

    def _judge(self, candidate: Candidate, attempt: Attempt) -> None:
        """Tell the breaker what a request says of its host, if anything.

        Who is late at the deadline had all the time since it was asked; who is left by a person
        that moves on, only the time of its silence.
        """
        now_s = self._clock()
        since_s = now_s - attempt.took_s if now_s >= self._ends_s else self._silent_since_s
        if attempt.fault is None:
            candidate.trial.succeeded()
            return
        self._let_down.append(candidate.host)
        if attempt.fault not in _TELLS_NOTHING or now_s - since_s >= self._fair_s:
            candidate.trial.failed()

    def _ask(
        self, host: Host, call: Call, which: tuple[Task, int], facts: Sequence[Fact], asking: Asking
    ) -> Attempt:
        """One request, its words taken in as they come."""
        task, number = which
        reading, unfolding, fault = _Reading(self._clock()), Unfolding(), None
        try:
            with closing(host.talk(asking, call, max(_LEAST_S, self._patience_s))) as words:
                for piece in words:
                    self._silent_since_s = self._clock()
                    if reading.first_s is None:
                        reading.first_s = self._clock() - reading.began_s
                    reading.pieces.append(piece)
                    for name, text in unfolding.feed(piece):
                        self._take(name, text, facts, reading, host.model)
            unfolding.close()
            reading.whole = set(reading.fields) == set(asking.schema["properties"])
        except NoObjectError:
            missing = Complaint("json")
        except HostError as error:
            fault, missing = error.kind, Complaint("missing")
            if fault == "cut_off" and not self._closed:
                fault = "silent"
        else:
            missing = Complaint("missing")
        for fact in facts:
            if fact not in reading.done and fact.name not in reading.complaints:
                reading.complaints[fact.name] = missing
        return Attempt(
            task=task.prompt.name,
            number=number,
            whole=reading.whole,
            complaints=reading.complaints,
            passed=len(reading.done),
            first_s=reading.first_s,
            took_s=self._clock() - reading.began_s,
            fault=fault,
            raw="".join(reading.pieces),
        )

    def _take(
        self, name: str, text: str, facts: Sequence[Fact], reading: _Reading, model: str
    ) -> None:
        """One field has come: where both of a fact are there, its words are checked and told."""
        reading.fields[name] = text
        fact = next((one for one in facts if one.name == name.removesuffix(ABOUT)), None)
        if fact is None:
            return
        about = reading.fields.get(f"{fact.name}{ABOUT}")
        words = reading.fields.get(fact.name)
        if about is None or words is None:
            return
        found = checked(fact, about, words, self._rules)
        if isinstance(found, Worded):
            reading.done.append(fact)
            self._arrived.put(Arrival(fact, fact.whole(found.text), model))
        else:
            reading.complaints[fact.name] = found

    def _reasons(self, complaints: dict[str, Complaint]) -> list[str]:
        """What is wrong, in the language of the prompt."""
        told = self._rules.lists.reasons
        return [
            told[complaint.name].format(field=name, word=complaint.word)
            for name, complaint in complaints.items()
        ]
