"""What can happen in an interview, and what is to be done about it."""

from dataclasses import dataclass
from enum import Enum

from appliance.devices.controls.button import ButtonEvent
from appliance.devices.controls.lights import LightState


class State(str, Enum):
    """What goes on; the panel has a screen for each."""

    ATTRACT = "attract"
    WELCOME = "welcome"
    CONSENT = "consent"
    CHECK = "check"
    CHOOSE = "choose"
    ASK = "ask"
    LISTEN = "listen"
    PAUSED = "paused"
    THINKING = "thinking"
    REVIEW = "review"
    COMPARE = "compare"
    REPORT = "report"
    GOODBYE = "goodbye"
    WIPED = "wiped"


class Kind(str, Enum):
    """What happened."""

    START = "start"
    """Somebody came."""
    GO_ON = "go_on"
    BACK = "back"
    CONSENTED = "consented"
    """Comes as `Gave`."""
    CHOSE = "chose"
    """Comes as `Gave`."""
    ANSWER = "answer"
    """The person is ready to answer."""
    FINISH = "finish"
    """The answer, or the interview, is over."""
    PAUSE = "pause"
    SKIP = "skip"
    REPORTED = "reported"
    """The report of an answer is ready."""
    AGAIN = "again"
    TO_REPORT = "to_report"
    """Enough questions."""
    LEAVE = "leave"
    """Stop, and wipe."""
    AWAY = "away"
    """Nobody has been seen, heard or felt for long."""
    ACTIVE = "active"
    """Somebody is still there."""
    TIME_OUT = "time_out"
    WIPED = "wiped"
    """Everything was wiped."""


@dataclass(frozen=True, slots=True)
class Gave:
    """Something that a person gave, with what they gave.

    Attributes:
        kind: `CONSENTED` or `CHOSE`.
        voice: agreed to be heard.
        camera: agreed to be seen.
        expression: agreed to estimates from face and voice.
        wording: agreed that a language model on the site's network words the feedback.
        questions: ids of the chosen questions, at least one.
    """

    kind: Kind
    voice: bool = False
    camera: bool = False
    expression: bool = False
    wording: bool = False
    questions: tuple[str, ...] = ()


def consented(*, voice: bool, camera: bool, expression: bool, wording: bool = False) -> Gave:
    """What a person agreed to."""
    return Gave(Kind.CONSENTED, voice=voice, camera=camera, expression=expression, wording=wording)


def chose(first: str, *others: str) -> Gave:
    """The questions that a person wants."""
    return Gave(Kind.CHOSE, questions=(first, *others))


@dataclass(frozen=True, slots=True)
class FaultBegan:
    """A part does not work.

    Attributes:
        part: its name.
        words: what a person must know.
    """

    part: str
    words: str


@dataclass(frozen=True, slots=True)
class FaultEnded:
    """A part works again."""

    part: str


Event = Kind | Gave | FaultBegan | FaultEnded


class Effect(str, Enum):
    """What is to be done."""

    START_SENSORS = "start_sensors"
    """Camera and microphone, as far as the person agreed."""
    STOP_SENSORS = "stop_sensors"
    SAY_QUESTION = "say_question"
    HUSH = "hush"
    BEGIN_ANSWER = "begin_answer"
    PAUSE_ANSWER = "pause_answer"
    RESUME_ANSWER = "resume_answer"
    END_ANSWER = "end_answer"
    """Understand it, and make its report."""
    CANCEL_ANSWER = "cancel_answer"
    FORGET_ATTEMPT = "forget_attempt"
    """The report that is being made is not wanted."""
    WIPE = "wipe"


_PRESS = {
    State.ATTRACT: Kind.START,
    State.ASK: Kind.ANSWER,
    State.LISTEN: Kind.FINISH,
    State.PAUSED: Kind.GO_ON,
    State.REPORT: Kind.FINISH,
    State.GOODBYE: Kind.FINISH,
}


def of_button(event: ButtonEvent, state: State) -> Kind:
    """What the one button means where a person is.

    Args:
        event: what was done with it.
        state: where the interview is.
    """
    if event is ButtonEvent.WIPE:
        return Kind.LEAVE
    if event is ButtonEvent.SKIP:
        return Kind.SKIP
    return _PRESS.get(state, Kind.GO_ON)


LIGHTS = {
    State.ATTRACT: LightState.READY,
    State.WELCOME: LightState.READY,
    State.CONSENT: LightState.READY,
    State.CHECK: LightState.LISTENING,
    State.CHOOSE: LightState.LISTENING,
    State.ASK: LightState.ASKING,
    State.LISTEN: LightState.LISTENING,
    State.PAUSED: LightState.ASKING,
    State.THINKING: LightState.THINKING,
    State.REVIEW: LightState.REPORT,
    State.COMPARE: LightState.REPORT,
    State.REPORT: LightState.REPORT,
    State.GOODBYE: LightState.READY,
    State.WIPED: LightState.READY,
}
"""What the light shows in each state."""
