"""A visitor made of software, who goes through interviews as a person would."""

from collections.abc import Callable

from appliance.interview.booth import Booth
from appliance.interview.session_events import Event, Kind, State, chose, consented

_READS_S = 0.5
"""How long it looks at a screen."""


class Visitor:
    """Does on each screen what leads on, and answers for a while.

    Args:
        booth: that it visits.
        question: id of the question that it wants.
        answer_s: how long it answers.
        clock: monotonic seconds.
    """

    def __init__(
        self, booth: Booth, question: str, answer_s: float, clock: Callable[[], float]
    ) -> None:
        self._booth = booth
        self._answer_s = answer_s
        self._clock = clock
        self._acts: dict[State, Event] = {
            State.ATTRACT: Kind.START,
            State.WELCOME: Kind.GO_ON,
            State.CONSENT: consented(voice=True, camera=True, expression=True),
            State.CHECK: Kind.GO_ON,
            State.CHOOSE: chose(question),
            State.ASK: Kind.ANSWER,
            State.LISTEN: Kind.FINISH,
            State.REVIEW: Kind.TO_REPORT,
            State.REPORT: Kind.FINISH,
            State.GOODBYE: Kind.FINISH,
        }
        self._state = State.ATTRACT
        self._since_s = clock()
        self._acted = False
        self.visits = 0

    def look(self) -> None:
        """Look at the screen, and do what is to be done; to be called some times a second."""
        state, now_s = self._booth.session.state, self._clock()
        if state is not self._state:
            if state is State.ATTRACT:
                self.visits += 1
            self._state, self._since_s, self._acted = state, now_s, False
        waits_s = self._answer_s if state is State.LISTEN else _READS_S
        if not self._acted and state in self._acts and now_s - self._since_s >= waits_s:
            self._acted = True
            self._booth.do(self._acts[state])
