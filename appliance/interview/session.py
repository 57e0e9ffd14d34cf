"""One interview, from the first touch until everything is wiped: a table of states and events.

Nothing here reads a clock, opens a device or keeps a word of what was said. `step` takes a session
and an event, and gives the session after it and what is to be done; the booth does it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from appliance.interview.session_events import (
    Effect,
    Event,
    FaultBegan,
    FaultEnded,
    Gave,
    Kind,
    State,
)
from appliance.interview.transitions import ALWAYS, NEXT_QUESTION, TABLE, UNEXTENDED
from appliance.interview.transitions import effects as effects_of


@dataclass(frozen=True, slots=True)
class Consent:
    """What the person agreed to; nothing, until they did.

    Attributes:
        voice: to be heard; without it, answers are typed.
        camera: to be seen.
        expression: that what the face and the voice show is estimated.
        wording: that what was said goes to a language model on the site's network.
    """

    voice: bool = False
    camera: bool = False
    expression: bool = False
    wording: bool = False


@dataclass(frozen=True, slots=True)
class TimeOuts:
    """Seconds after which a state ends by itself; the person sees them count down.

    Attributes:
        by_state: the seconds; the state of rest has none.
    """

    by_state: Mapping[State, float] = field(
        default_factory=lambda: MappingProxyType(
            {
                State.WELCOME: 60.0,
                State.CONSENT: 120.0,
                State.CHECK: 120.0,
                State.CHOOSE: 120.0,
                State.ASK: 300.0,
                State.LISTEN: 600.0,
                State.PAUSED: 180.0,
                State.THINKING: 180.0,
                State.REVIEW: 300.0,
                State.COMPARE: 300.0,
                State.REPORT: 300.0,
                State.GOODBYE: 30.0,
                State.WIPED: 5.0,
            }
        )
    )

    def of(self, state: State) -> float | None:
        """Seconds that a state may last; None for as long as it likes."""
        return self.by_state.get(state)


@dataclass(frozen=True, slots=True)
class Session:
    """Where an interview is.

    Attributes:
        state: what goes on.
        deadline_s: when the state ends by itself, on the clock of the events; None for never.
        consent: what the person agreed to.
        sensing: camera and microphone run, as far as the person agreed.
        questions: ids of the questions that were chosen.
        place: number of the question that is asked, from 0.
        attempt: at this question, from 1.
        faults: what does not work, by the name of the part, in words.
        ignored: events that meant nothing where they came.
        time_outs: how long each state may last.
    """

    state: State = State.ATTRACT
    deadline_s: float | None = None
    consent: Consent = Consent()
    sensing: bool = False
    questions: tuple[str, ...] = ()
    place: int = 0
    attempt: int = 1
    faults: Mapping[str, str] = field(default_factory=dict)
    ignored: int = 0
    time_outs: TimeOuts = field(default_factory=TimeOuts)

    @property
    def question(self) -> str | None:
        """Id of the question that is asked; None where none is."""
        return self.questions[self.place] if self.place < len(self.questions) else None

    @property
    def is_last(self) -> bool:
        """Whether no question comes after this one."""
        return self.place + 1 >= len(self.questions)

    def left_s(self, now_s: float) -> float | None:
        """Seconds until the state ends by itself, for the countdown; None where it does not."""
        return None if self.deadline_s is None else max(0.0, self.deadline_s - now_s)


def step(session: Session, event: Event, now_s: float) -> tuple[Session, tuple[Effect, ...]]:
    """Take an event.

    Args:
        session: before it.
        event: what happened.
        now_s: seconds on any steady clock.

    Returns:
        The session after it, and what is to be done, in order.
    """
    session, due = tick(session, now_s)
    session, effects = _taken(session, event, now_s)
    return session, (*due, *effects)


def tick(session: Session, now_s: float) -> tuple[Session, tuple[Effect, ...]]:
    """Let time pass: states whose time is over end, each when it was over.

    However late this is called, nobody comes into the interview of a person who is gone.

    Args:
        session: before.
        now_s: seconds on the clock of the events.
    """
    due: tuple[Effect, ...] = ()
    while session.deadline_s is not None and now_s >= session.deadline_s:
        session, effects = _taken(session, Kind.TIME_OUT, session.deadline_s)
        due += effects
    return session, due


def _taken(session: Session, event: Event, now_s: float) -> tuple[Session, tuple[Effect, ...]]:
    """The session after an event that came in time."""
    if isinstance(event, FaultBegan):
        return replace(session, faults={**session.faults, event.part: event.words}), ()
    if isinstance(event, FaultEnded):
        left = {part: words for part, words in session.faults.items() if part != event.part}
        return replace(session, faults=left), ()
    kind = event.kind if isinstance(event, Gave) else event
    if kind is Kind.ACTIVE:
        return (session if session.state in UNEXTENDED else _timed(session, now_s)), ()
    went = _told(session, event)
    target = TABLE.get((session.state, kind)) or _always(session.state, kind)
    if target is None or not _is_whole(event):
        return replace(session, ignored=session.ignored + 1), ()
    state = target(went) if callable(target) else target
    effects = effects_of(session.state, kind, state)
    if not (went.consent.voice or went.consent.camera):
        effects = tuple(effect for effect in effects if effect is not Effect.START_SENSORS)
    return _timed(_entered(went, kind, state, effects), now_s), effects


def _is_whole(event: Event) -> bool:
    """Whether an event that must bring something brings it."""
    if not isinstance(event, Gave):
        return event not in {Kind.CONSENTED, Kind.CHOSE}
    return event.kind is Kind.CONSENTED or (event.kind is Kind.CHOSE and bool(event.questions))


def _always(state: State, kind: Kind) -> State | None:
    """Where an event leads wherever a person is."""
    return ALWAYS.get(kind) if state not in {State.ATTRACT, State.WIPED} else None


def _timed(session: Session, now_s: float) -> Session:
    """The session with all of its state's time before it."""
    length_s = session.time_outs.of(session.state)
    return replace(session, deadline_s=None if length_s is None else now_s + length_s)


def _told(session: Session, event: Event) -> Session:
    """The session with what a person gave where they were asked for it."""
    if not isinstance(event, Gave) or (session.state, event.kind) not in TABLE:
        return session
    if event.kind is Kind.CONSENTED:
        consent = Consent(event.voice, event.camera, event.expression, event.wording)
        return replace(session, consent=consent)
    return replace(session, questions=event.questions, place=0, attempt=1)


def _entered(session: Session, kind: Kind, state: State, effects: tuple[Effect, ...]) -> Session:
    """The session in its new state."""
    if state is State.ATTRACT:
        return Session(faults=session.faults, ignored=session.ignored, time_outs=session.time_outs)
    if (session.state, kind) in NEXT_QUESTION:
        session = replace(session, place=session.place + 1, attempt=1)
    elif kind is Kind.AGAIN:
        session = replace(session, attempt=session.attempt + 1)
    if Effect.START_SENSORS in effects:
        session = replace(session, sensing=True)
    if Effect.STOP_SENSORS in effects:
        session = replace(session, sensing=False)
    if state is State.WIPED:
        session = replace(session, consent=Consent(), questions=(), place=0, attempt=1)
    return replace(session, state=state)
