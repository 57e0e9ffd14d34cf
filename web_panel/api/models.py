"""What the API takes and tells, as types, from which its document is written."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from appliance.coaching.cue import Cue
from appliance.domain.health import Status
from appliance.domain.questions import SET_LENGTHS, Competency, Role, SetLength
from appliance.domain.report import Question
from appliance.interview.end_of_answer import Hint
from appliance.interview.session_events import State
from appliance.interview.wording import WordsState
from appliance.storage.practice_record import SessionSummary
from web_panel.admin_pin import FEWEST_DIGITS, MOST_DIGITS
from web_panel.hands import ACTS, LONGEST_ANSWER, Act
from web_panel.own_record import LONGEST_CODE


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Taken(BaseModel):
    """Nothing is read into what is sent: 1 is not true, and what is not known is refused.

    Descriptions of fields are whole sentences: who sends something else is told them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Fault(_Told):
    """What went wrong."""

    code: str = Field(description="stable, for programs")
    message: str = Field(description="for people, in English")


class Problem(_Told):
    """Every refusal and every fault."""

    error: Fault


class Consent(_Taken):
    """What a person agrees to."""

    voice: bool = Field(description="True to be heard, false to type.")
    camera: bool = Field(description="True to be seen, else false.")
    expression: bool = Field(
        description="True to have estimated what face and voice show, else false."
    )
    wording: bool = Field(
        default=False,
        description="True to have the feedback worded by a language model on the site's network, "
        "to which what was said is sent; else false.",
    )


class ActOnScreen(_Taken):
    """Something a person does that needs no more words."""

    act: Act = Field(description=f"One of {', '.join(ACTS)}.")


class Choice(_Taken):
    """A set of questions; one or two may be missing where there are not so many."""

    role: Role = Field(description="The kind of work, one of those in /api/v1/choices.")
    focus: Competency | None = Field(
        description="What the questions look for, one of those in /api/v1/choices, "
        "or null for a balance."
    )
    count: SetLength = Field(
        description=f"How many questions: one of {', '.join(map(str, SET_LENGTHS))}."
    )


class Needed(_Taken):
    """What helps a person."""

    longer_pauses: bool = Field(description="True where a silence may last longer, else false.")
    no_fillers: bool = Field(description='True to have "um" and its kin not counted, else false.')
    no_pace: bool = Field(description="True to have pace not measured, else false.")
    no_gaze: bool = Field(description="True to have facing the camera not measured, else false.")
    larger_text: bool = Field(description="True for larger letters, else false.")


class Tongue(_Taken):
    """A language of the screen."""

    language: str = Field(
        pattern="^[a-z]{2}$", description="Two letters, as ISO 639-1 has them, such as 'de'."
    )


class Typed(_Taken):
    """An answer in writing, or what there is of it so far."""

    text: str = Field(
        max_length=LONGEST_ANSWER, description=f"Text of at most {LONGEST_ANSWER:,} characters."
    )


class CodeGiven(_Taken):
    """A person's code."""

    code: str = Field(max_length=LONGEST_CODE, description="A text of five words.")


class KeepRecord(_Taken):
    """What is to be kept of today."""

    code: str = Field(
        max_length=LONGEST_CODE, description="A text of five words, or empty for a new code."
    )
    transcript: bool = Field(description="True to keep the words, too, else false.")


class Record(_Told):
    """A person's own record, as far as the screen shows it."""

    code: str = Field(description="that was given or made; empty while there is none")
    is_kept: bool = Field(description="what was measured today is in it")
    sessions: tuple[SessionSummary, ...] = Field(description="of the record that is open")


class Deleted(_Told):
    """What was deleted."""

    sessions: int


class Pin(_Taken):
    """The PIN of the administrator."""

    pin: str = Field(
        pattern=f"^[0-9]{{{FEWEST_DIGITS},{MOST_DIGITS}}}$",
        description=f"A text of {FEWEST_DIGITS} to {MOST_DIGITS} digits.",
    )


class Session(_Told):
    """Where the interview is, and what is heard and seen now."""

    state: State
    deadline_s: float | None = Field(
        description="when the state ends by itself, on a clock of the booth's own"
    )
    left_s: float | None = Field(description="seconds until then; null where it does not")
    question: Question | None = Field(description="that is asked")
    place: int | None = Field(description="number of the question, from 1")
    questions: int = Field(description="how many were chosen")
    attempt: int = Field(description="at this question, from 1")
    answers: int = Field(description="how many were given; their numbers begin at 0")
    wording: WordsState = Field(description="whether a language model words what the screen shows")
    worded: int = Field(description="how many texts it has worded for this screen")
    consent: Consent = Field(description="what the person agreed to")
    proposed: Consent = Field(description="what going on from the question of consent agrees to")
    sensing: bool = Field(description="camera and microphone run, as far as the person agreed")
    typed: bool = Field(description="an answer is expected in writing")
    faults: dict[str, str] = Field(description="what does not work, by the name of the part")
    elapsed_s: int = Field(description="of the answer that is given")
    captions: str = Field(description="what is understood of it so far")
    cue: Cue = Field(description="what the person may be reminded of")
    hint: Hint = Field(description="what the person should know")
    face_in_view: bool | None = Field(description="null where nobody looks")
    heard: bool | None = Field(description="the voice was heard; null but while that is tried out")
    level_dbfs: int = Field(description="of the microphone")
    too_loud: bool


class Choices(_Told):
    """What can be chosen before the first question."""

    roles: tuple[Role, ...] = Field(description="the site's own first")
    focuses: tuple[Competency, ...]
    lengths: tuple[int, ...] = Field(description="how many questions a set may have")


class AnswerGiven(_Told):
    """An answer, and what became of it."""

    number: int = Field(description="from 0")
    question: str = Field(description="its id")
    attempt: int = Field(description="at this question, from 1")
    rated: bool = Field(description="what was said could be rated")
    wrong: str | None = Field(description="why it could not, one sentence; else null")


class Answers(_Told):
    """All answers of the person who is there, in order."""

    answers: tuple[AnswerGiven, ...]


class TakeAway(_Told):
    """Where a phone finds the report, once."""

    address: str
    lasts_s: float = Field(description="seconds until it is gone")


class OnPaper(_Told):
    """What a printer has taken."""

    answers: int = Field(description="whose reports are on the strip")


class SignedIn(_Told):
    """Somebody is signed in as administrator."""

    token: str = Field(description="goes along as `Authorization: Bearer`")


class Part(_Told):
    """How a part of the booth or of its machine does."""

    name: str
    status: Status
    message: str = Field(description="one sentence of what was found")
    advice: str = Field(description="one sentence of what to do; empty where nothing is")
    details: dict[str, Any] = Field(description="figures and names behind the message")


class Parts(_Told):
    """How everything does."""

    parts: tuple[Part, ...]


class Life(_Told):
    """A sign of life."""

    status: str
