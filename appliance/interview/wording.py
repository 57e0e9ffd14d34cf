"""Words of a language model on the site's network, for a person who agreed to them.

Standard advice is there at once. Where the person agreed, the words of a model take its place one
by one, as each has passed the checks; once the person moves on, or the time is over, nothing more
changes. The booth's one thread calls all of it.
"""

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum

from appliance.coaching.ollama.job import Job
from appliance.coaching.ollama.wordsmith import Wordsmith, worded, wordsmith_of
from appliance.interview.given import Given, own_reports_of
from appliance.interview.session import Session
from appliance.interview.session_events import State
from appliance.interview.wiring import Wiring

_READING = {State.REVIEW, State.COMPARE}
_AGREED = (State.CHECK, State.CHOOSE)


class WordsState(str, Enum):
    """How it is with the words on the screen that is there."""

    NONE = "none"
    """Nobody agreed to any, or there is nothing to be worded."""
    COMING = "coming"
    HERE = "here"
    """Some came."""
    STANDARD = "standard"
    """None came that could be shown."""


class Wording:
    """Asks for words, and puts them where they belong.

    Args:
        wiring: of the booth.
    """

    def __init__(self, wiring: Wiring) -> None:
        self._smith: Wordsmith | None = wordsmith_of(
            wiring.settings.ollama, wiring.coach.tools, wiring.clock
        )
        self._job: Job | None = None
        self._came = 0
        self._told = 0
        self._state = WordsState.NONE
        self._summary: dict[str, str] = {}

    @property
    def state(self) -> WordsState:
        """How it is with the words."""
        return self._state

    @property
    def count(self) -> int:
        """How many texts are there for the screen that is there."""
        return self._told

    @property
    def summary(self) -> tuple[str, ...]:
        """A look back at the session, one or two short texts; empty where there is none."""
        return tuple(self._summary[name] for name in ("well", "next") if name in self._summary)

    def follow(self, before: State, session: Session, given: Sequence[Given]) -> None:
        """Do what a step of the interview asks for.

        Args:
            before: the state that ended.
            session: as it is now.
            given: the answers so far.
        """
        state = session.state
        if state is before or self._smith is None:
            return
        if before in _READING or before is State.REPORT:
            self.stop()
        if not session.consent.wording:
            self._smith.stop_preload()
            return
        if before is State.CONSENT and state in _AGREED:
            self._smith.preload()
        elif state in _READING and before is State.THINKING:
            report = given[-1].outcome.in_own_words if given else None
            self._begin(None if report is None else self._smith.feedback(report))
        elif state is State.REPORT:
            self._begin(self._smith.summary(own_reports_of(given)))

    def look(self, given: tuple[Given, ...]) -> tuple[Given, ...]:
        """The answers, the last one with the words that came since the last look.

        Call `tell` once they are where a screen finds them.

        Args:
            given: the answers so far.
        """
        job = self._job
        if job is None:
            return given
        for arrival in job.look():
            self._came += 1
            if arrival.fact.kind == "summary":
                self._summary[arrival.fact.name] = arrival.text
            elif given and (report := given[-1].outcome.report) is not None:
                outcome = given[-1].outcome.shown_as(worded(report, arrival))
                given = (*given[:-1], replace(given[-1], outcome=outcome))
        return given

    def tell(self) -> None:
        """Count what `look` brought: no earlier, or a screen would take old words for new ones."""
        self._told = self._came
        if self._job is not None and self._job.is_over:
            self._job = None
            self._state = WordsState.HERE if self._came else WordsState.STANDARD

    def stop(self) -> None:
        """The person has moved on: nothing that is on its way is wanted any more."""
        if self._job is not None:
            self._job.cancel()
        self._job, self._came, self._told, self._state = None, 0, 0, WordsState.NONE

    def forget(self) -> None:
        """The person is gone."""
        self.stop()
        self._summary = {}
        if self._smith is not None:
            self._smith.stop_preload()

    def _begin(self, job: Job | None) -> None:
        self._job = job
        self._state = WordsState.NONE if job is None else WordsState.COMING
