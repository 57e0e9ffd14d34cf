"""What the booth tells of itself, in values that JSON can hold; reports have their own way."""

from dataclasses import asdict
from typing import Any

from appliance.coaching.cue import Cue
from appliance.devices.microphone.level import Level
from appliance.domain.report import Question
from appliance.interview.answer import Answer
from appliance.interview.end_of_answer import Hint
from appliance.interview.session import Consent, Session
from appliance.interview.session_events import State
from appliance.interview.warm_up import WarmUp


def state_of(
    session: Session, question: Question | None, answers: int, proposed: Consent
) -> dict[str, Any]:
    """Where the interview is; changes with every step.

    Args:
        session: of now.
        question: that is asked.
        answers: how many were given.
        proposed: what going on from the question of consent agrees to.
    """
    return {
        "state": session.state.value,
        "deadline_s": session.deadline_s,
        "question": question.model_dump() if question is not None else None,
        "place": session.place + 1 if question is not None else None,
        "questions": len(session.questions),
        "attempt": session.attempt,
        "consent": asdict(session.consent),
        "proposed": asdict(proposed),
        "sensing": session.sensing,
        "typed": session.state is State.LISTEN and not session.consent.voice,
        "faults": dict(session.faults),
        "answers": answers,
    }


def live_of(answer: Answer | None, warm_up: WarmUp | None, level: Level) -> dict[str, Any]:
    """What is heard and seen now; changes some times a second.

    Args:
        answer: that is being given.
        warm_up: that goes on.
        level: of the microphone.
    """
    watching = answer or warm_up
    return {
        "elapsed_s": int(answer.heard_s) if answer is not None else 0,
        "captions": answer.captions if answer is not None else "",
        "cue": (answer.cue if answer is not None else Cue.NONE).value,
        "hint": (answer.hint if answer is not None else Hint.NONE).value,
        "face_in_view": watching.face_in_view if watching is not None else None,
        "heard": warm_up.is_heard if warm_up is not None else None,
        "level_dbfs": round(level.rms_dbfs),
        "too_loud": level.clips,
    }
