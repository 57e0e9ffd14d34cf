"""The table: where each event leads from each state, and what each way from state to state does.

What is not in the table is ignored, and counted.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from appliance.interview.session_events import Effect, Kind, State

if TYPE_CHECKING:
    from appliance.interview.session import Session


def _check_or_choose(session: "Session") -> State:
    """Who agreed to neither camera nor microphone has nothing to check."""
    return State.CHECK if session.consent.voice or session.consent.camera else State.CHOOSE


def _review_or_compare(session: "Session") -> State:
    """A second attempt is shown beside the first."""
    return State.COMPARE if session.attempt > 1 else State.REVIEW


def _next_or_report(session: "Session") -> State:
    return State.REPORT if session.is_last else State.ASK


TABLE: "Mapping[tuple[State, Kind], State | Callable[[Session], State]]" = {
    (State.ATTRACT, Kind.START): State.WELCOME,
    (State.WELCOME, Kind.GO_ON): State.CONSENT,
    (State.CONSENT, Kind.BACK): State.WELCOME,
    (State.CONSENT, Kind.CONSENTED): _check_or_choose,
    (State.CHECK, Kind.BACK): State.CONSENT,
    (State.CHECK, Kind.GO_ON): State.CHOOSE,
    (State.CHECK, Kind.SKIP): State.CHOOSE,
    (State.CHOOSE, Kind.CHOSE): State.ASK,
    (State.ASK, Kind.ANSWER): State.LISTEN,
    (State.ASK, Kind.SKIP): _next_or_report,
    (State.LISTEN, Kind.FINISH): State.THINKING,
    (State.LISTEN, Kind.TIME_OUT): State.THINKING,
    (State.LISTEN, Kind.PAUSE): State.PAUSED,
    (State.LISTEN, Kind.SKIP): _next_or_report,
    (State.PAUSED, Kind.GO_ON): State.LISTEN,
    (State.PAUSED, Kind.FINISH): State.THINKING,
    (State.PAUSED, Kind.TIME_OUT): State.THINKING,
    (State.THINKING, Kind.REPORTED): _review_or_compare,
    (State.THINKING, Kind.SKIP): State.REVIEW,
    (State.THINKING, Kind.TIME_OUT): State.REVIEW,
    (State.REVIEW, Kind.AGAIN): State.ASK,
    (State.REVIEW, Kind.GO_ON): _next_or_report,
    (State.REVIEW, Kind.TO_REPORT): State.REPORT,
    (State.COMPARE, Kind.AGAIN): State.ASK,
    (State.COMPARE, Kind.GO_ON): _next_or_report,
    (State.COMPARE, Kind.TO_REPORT): State.REPORT,
    (State.REPORT, Kind.FINISH): State.GOODBYE,
    (State.GOODBYE, Kind.FINISH): State.WIPED,
    (State.GOODBYE, Kind.TIME_OUT): State.WIPED,
    (State.GOODBYE, Kind.AWAY): State.WIPED,
    (State.WIPED, Kind.WIPED): State.ATTRACT,
    (State.WIPED, Kind.TIME_OUT): State.ATTRACT,
}

ALWAYS: Mapping[Kind, State] = {
    Kind.LEAVE: State.WIPED,
    Kind.AWAY: State.GOODBYE,
    Kind.TIME_OUT: State.GOODBYE,
}
"""Where an event leads from every state in which a person is there, but for the table's own."""

UNEXTENDED = {State.THINKING, State.GOODBYE, State.WIPED}
"""Where the booth has something to do, whoever is active: a report that never comes is given up in
time, and the countdown to the wiping is a promise."""

NEXT_QUESTION = {
    (State.ASK, Kind.SKIP),
    (State.LISTEN, Kind.SKIP),
    (State.REVIEW, Kind.GO_ON),
    (State.COMPARE, Kind.GO_ON),
}
"""The next question is asked, where there is one."""

_EITHER: "Mapping[Callable[[Session], State], str]" = {
    _check_or_choose: "check, or choose without camera and microphone",
    _review_or_compare: "review, or compare from the second attempt on",
    _next_or_report: "ask, or report after the last question",
}

_ANSWERING = {State.LISTEN, State.PAUSED}
_READING = {State.REVIEW, State.COMPARE}
_UNWATCHED = {*_READING, State.REPORT, State.GOODBYE, State.WIPED}

_ON_THE_WAY: Mapping[tuple[State, State], tuple[Effect, ...]] = {
    (State.CHECK, State.CONSENT): (Effect.STOP_SENSORS,),
    (State.ASK, State.LISTEN): (Effect.HUSH, Effect.BEGIN_ANSWER),
    (State.LISTEN, State.PAUSED): (Effect.PAUSE_ANSWER,),
    (State.PAUSED, State.LISTEN): (Effect.RESUME_ANSWER,),
    (State.LISTEN, State.THINKING): (Effect.END_ANSWER,),
    (State.PAUSED, State.THINKING): (Effect.END_ANSWER,),
}


def effects(before: State, kind: Kind, after: State) -> tuple[Effect, ...]:
    """What is to be done on the way from one state to another, in order.

    Args:
        before: the state that ends.
        kind: the event that ended it.
        after: the state that begins.
    """
    done = list(_ON_THE_WAY.get((before, after), ()))
    if before in _ANSWERING and not done:
        done.append(Effect.CANCEL_ANSWER)
    if before is State.THINKING and kind is not Kind.REPORTED:
        done.append(Effect.FORGET_ATTEMPT)
    if before is State.ASK and not done:
        done.append(Effect.HUSH)
    if after is State.CHECK or (after is State.ASK and before in _READING):
        done.append(Effect.START_SENSORS)
    if after is State.ASK:
        done.append(Effect.SAY_QUESTION)
    if after in _UNWATCHED:
        done.append(Effect.STOP_SENSORS)
    if after is State.WIPED:
        done.append(Effect.WIPE)
    return tuple(done)


def to_markdown(time_outs: Mapping[State, float]) -> str:
    """The table as the documentation has it.

    Args:
        time_outs: seconds after which a state ends by itself; none for the state of rest.
    """
    rows = [
        f"| {state.value} | {_ways(state)} | {_seconds(time_outs.get(state))} |" for state in State
    ]
    return "\n".join(["| state | event: leads to | time-out, s |", "|---|---|---|", *rows])


def _seconds(length_s: float | None) -> str:
    return "none" if length_s is None else f"{length_s:g}"


def _ways(state: State) -> str:
    ways = {kind: target for (start, kind), target in TABLE.items() if start is state}
    if state not in {State.ATTRACT, State.WIPED}:
        ways = {**ways, **{kind: to for kind, to in ALWAYS.items() if kind not in ways}}
    return " · ".join(
        f"{kind.value}: {to.value if isinstance(to, State) else _EITHER[to]}"
        for kind, to in ways.items()
    )
