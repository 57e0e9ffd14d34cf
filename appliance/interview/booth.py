"""The booth as the panel sees it: events in, news and reports out.

`turn` must be called some times a second by one thread, which does everything; what else is called
may be called from any thread.
"""

import queue
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from appliance.coaching.cue import Cue
from appliance.coaching.question_bank import BankQuestion
from appliance.devices.controls.button import ButtonEvent
from appliance.devices.controls.lights import LightState, fault_light
from appliance.devices.supervisor import State as DeviceState
from appliance.domain.health import Health
from appliance.domain.settings import Accommodations
from appliance.interview.agreement import allowed, possible
from appliance.interview.answer import Answer, Outcome
from appliance.interview.answering import Answering, missing_by
from appliance.interview.caretaker import Caretaker
from appliance.interview.drawing import drawn
from appliance.interview.end_of_answer import Hint
from appliance.interview.events import NewsStream
from appliance.interview.given import Given, attempt_before
from appliance.interview.happened import Happened, Needs, Typed
from appliance.interview.listening import Media
from appliance.interview.session import Consent, Session, step, tick
from appliance.interview.session_events import (
    LIGHTS,
    Effect,
    Event,
    FaultBegan,
    FaultEnded,
    Gave,
    Kind,
    State,
    chose,
    consented,
    of_button,
)
from appliance.interview.telling import live_of, state_of
from appliance.interview.warm_up import WarmUp
from appliance.interview.wiring import Wiring
from appliance.interview.wording import Wording

_ROUND_S = 1.0
"""Between two looks at the devices."""

_AT_FIRST = Consent(voice=True, camera=True)
"""What the screen proposes to somebody new."""


class Booth:
    """One booth, with one person at a time."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring
        self._questions = {question.id: question for question in wiring.questions}
        self._session = Session()
        self._draft = _AT_FIRST
        self._accommodations = wiring.settings.accommodations
        self._given: tuple[Given, ...] = ()
        self._answer: Answer | None = None
        self._thinking: Answer | None = None
        self._warm_up: WarmUp | None = None
        self._counted = False
        self._turns = 0
        self._looked_s = wiring.clock() - _ROUND_S
        self._told: dict[str, Any] = {}
        media = Media(wiring.equipment.frames, wiring.equipment.blocks, wiring.clock)
        self._answering = Answering(wiring.senses, media, wiring.coach, wiring.settings)
        self._caretaker = Caretaker(wiring)
        self._wording = Wording(wiring)
        self._waiting: queue.SimpleQueue[Happened] = queue.SimpleQueue()
        self.news = NewsStream(self.snapshot)

    # ------------------------------------------------------------ from any thread

    def do(self, event: Event | ButtonEvent) -> None:
        """Something happened, or somebody wants something; it is taken at the next turn."""
        self._waiting.put(event)

    def propose(
        self, *, voice: bool, camera: bool, expression: bool, wording: bool = False
    ) -> None:
        """What the screen shows to be agreed to; the person agrees by going on.

        It counts only where that is asked: what comes late is of somebody who has left.
        """
        if self._session.state is not State.CONSENT:
            return
        self._draft = Consent(voice, camera, expression, wording)

    @property
    def proposed(self) -> Consent:
        """What going on from the question of consent agrees to, as far as it may be."""
        return possible(self._draft, self._accommodations, self._wiring.settings)

    @property
    def accommodations(self) -> Accommodations:
        """What the person who is there needs; the site's own for each new one."""
        return self._accommodations

    def accommodate(self, accommodations: Accommodations) -> None:
        """What this person needs; it is taken where they are asked what they agree to."""
        self._waiting.put(Needs(accommodations))

    def type_answer(self, text: str) -> None:
        """Take a typed answer, and end the answer with it."""
        self._waiting.put(Typed(text))

    @property
    def session(self) -> Session:
        """Where the interview is."""
        return self._session

    @property
    def turns(self) -> int:
        """How many turns began; once two more did, all that was done before is taken."""
        return self._turns

    @property
    def question_ids(self) -> Sequence[str]:
        """The questions that can be chosen."""
        return tuple(self._questions)

    @property
    def windows_known(self) -> int:
        """Windows of the person's voice by which the next are judged, once there are enough."""
        return self._answering.windows_known

    @property
    def given(self) -> tuple[Given, ...]:
        """All answers of this person, in order."""
        return self._given

    @property
    def summary(self) -> tuple[str, ...]:
        """A look back at all answers in a language model's words; empty where there is none."""
        return self._wording.summary

    def snapshot(self) -> Mapping[str, Any]:
        """How things are, in values that JSON can hold; reports have their own way."""
        return {**self._state(), **self._live(), "left_s": self._left_s()}

    def health(self) -> tuple[Health, ...]:
        """How devices, storage, settings and, while somebody answers, perception do."""
        return self._caretaker.health(self._answer)

    # ------------------------------------------------------------ from the one thread

    def progress(self) -> Mapping[str, float | None]:
        """Figures that grow while the booth works: its turns, and seconds of sound of an answer.

        Sound is None while none needs to be taken in.
        """
        answer = self._answer
        heard = self._wiring.equipment.microphone_state is DeviceState.HEALTHY
        taken = self._session.state is State.LISTEN and heard and answer is not None
        return {
            "turns": float(self._turns),
            "sound": answer.heard_s if taken and answer is not None else None,
        }

    def turn(self) -> None:
        """Take what happened, let time pass, look after devices and answer, tell what changed."""
        self._turns += 1
        while not self._wiring.presses.empty():
            self._take(self._wiring.presses.get())
        while not self._waiting.empty():
            self._take(self._waiting.get())
        now_s = self._wiring.clock()
        self._went(*tick(self._session, now_s))
        self._follow_answer()
        self._given = self._wording.look(self._given)
        self._wording.tell()
        if now_s - self._looked_s >= _ROUND_S:
            self._looked_s = now_s
            self._look_after_everything()
        self._tell()

    def close(self) -> None:
        """Forget the person, and let everybody who reads go."""
        self._take(Kind.LEAVE)
        self._went(*step(self._session, Kind.WIPED, self._wiring.clock()))
        self.news.close()

    def _take(self, happened: Happened) -> None:
        if happened is not Kind.AWAY and not isinstance(happened, (FaultBegan, FaultEnded)):
            self._caretaker.sign()
        if isinstance(happened, Typed):
            self._take_typed(happened.text)
            return
        if isinstance(happened, Needs):
            if self._session.state is State.CONSENT:
                self._accommodations = happened.accommodations
            return
        state = self._session.state
        event = of_button(happened, state) if isinstance(happened, ButtonEvent) else happened
        if event is Kind.GO_ON and state is State.CONSENT:
            event = consented(**asdict(self.proposed))
        if event is Kind.GO_ON and state is State.CHOOSE:
            event = chose(*drawn(self._wiring))
        if isinstance(event, Gave):
            needs, settings = self._accommodations, self._wiring.settings
            event = allowed(event, self._questions, needs, settings)
        self._went(*step(self._session, event, self._wiring.clock()))

    def _take_typed(self, text: str) -> None:
        question = self._question()
        if self._session.state is not State.LISTEN or question is None:
            return
        if self._answer is not None:
            self._answer.cancel()
            self._answer = None
        report = self._answering.judge_typed(
            text, question, self._accommodations, attempt_before(self._given, question)
        )
        self._went(*step(self._session, Kind.FINISH, self._wiring.clock()))
        self._note(Outcome(report))

    def _went(self, session: Session, effects: tuple[Effect, ...]) -> None:
        """Take the session as it is now, and do what is to be done."""
        before, self._session = self._session.state, session
        if before is State.CHECK and session.state is not State.CHECK:
            self._end_warm_up(learns=session.state is State.CHOOSE)
        for effect in effects:
            self._do(effect)
        if before is State.WELCOME:
            self._draft = _AT_FIRST
        self._wording.follow(before, session, self._given)
        if session.state is not before:
            self._count(session.state)
            if session.state is State.CHECK and session.sensing:
                self._warm_up = self._answering.warm_up(session.consent)

    def _end_warm_up(self, *, learns: bool) -> None:
        if self._warm_up is not None:
            self._warm_up.end(learns=learns)
            self._answering.keep_voice(counts=learns)
            self._warm_up = None

    def _do(self, effect: Effect) -> None:
        equipment = self._wiring.equipment
        if effect is Effect.START_SENSORS:
            if self._session.consent.camera:
                equipment.start_camera()
            if self._session.consent.voice:
                equipment.start_microphone()
        elif effect is Effect.STOP_SENSORS:
            equipment.stop_sensors()
        elif effect is Effect.SAY_QUESTION:
            self._say_question()
        elif effect is Effect.HUSH:
            equipment.speaker.cancel()
        elif effect is Effect.BEGIN_ANSWER:
            self._begin_answer()
        elif effect is Effect.WIPE:
            self._wipe()
        else:
            self._do_with_answer(effect)

    def _do_with_answer(self, effect: Effect) -> None:
        answer = self._answer
        if effect is Effect.FORGET_ATTEMPT:
            self._thinking = None
            self._give_up()
        elif answer is None:
            return
        elif effect is Effect.PAUSE_ANSWER:
            answer.pause()
        elif effect is Effect.RESUME_ANSWER:
            answer.resume()
        elif effect is Effect.CANCEL_ANSWER:
            answer.cancel()
            self._answer = None
        elif effect is Effect.END_ANSWER:
            answer.finish(missing_by(self._session.consent))
            self._answer, self._thinking = None, answer

    def _say_question(self) -> None:
        question = self._question()
        if question is not None and self._wiring.settings.speaker.on:
            language = self._wiring.settings.site.language
            self._wiring.equipment.speaker.say(question.text, language)

    def _begin_answer(self) -> None:
        question = self._question()
        if question is None or not self._session.sensing:
            return
        self._answer = self._answering.begin(
            question,
            self._session.consent,
            self._accommodations,
            attempt_before(self._given, question),
        )

    def _follow_answer(self) -> None:
        """End an answer that is over, and take the report of one that is understood."""
        answer = self._answer
        listening = answer is not None and self._session.state is State.LISTEN
        if answer is not None and listening and (answer.is_over or answer.fault is not None):
            self._went(*step(self._session, Kind.FINISH, self._wiring.clock()))
        thinking = self._thinking
        if thinking is not None and thinking.outcome is not None:
            self._thinking = None
            self._answering.keep_voice(counts=thinking.outcome.report is not None)
            self._note(thinking.outcome)

    def _note(self, outcome: Outcome) -> None:
        """An answer is understood, or cannot be."""
        question = self._question()
        if question is not None:
            self._given = (*self._given, Given(question, self._session.attempt, outcome))
        self._went(*step(self._session, Kind.REPORTED, self._wiring.clock()))

    def _give_up(self) -> None:
        """A report was not waited for: its answer stands there without one, and no other's does."""
        question = self._question()
        if question is not None and self._session.state is State.REVIEW:
            outcome = Outcome(None, "Its report was not waited for.")
            self._given = (*self._given, Given(question, self._session.attempt, outcome))

    def _question(self) -> BankQuestion | None:
        return self._questions.get(self._session.question or "")

    def _count(self, state: State) -> None:
        """Count sessions that began, and those that came to their end; no more is counted."""
        store = self._wiring.store
        if store is None:
            return
        if state is State.WELCOME and not self._counted:
            self._counted = True
            store.count_started()
        elif state is State.REPORT:
            store.count_completed()

    def _wipe(self) -> None:
        """Forget everything of the person."""
        self._wiring.equipment.speaker.cancel()
        self._given = ()
        self._answer = self._thinking = None
        self._answering.forget()
        self._wording.forget()
        self._counted = False
        self._draft = _AT_FIRST
        self._accommodations = self._wiring.settings.accommodations
        self._told = {}
        self.news.forget()
        self._went(*step(self._session, Kind.WIPED, self._wiring.clock()))

    # ------------------------------------------------------------ devices and news

    def _look_after_everything(self) -> None:
        """Once a second: devices, storage, and whether somebody is still there."""
        for event in self._caretaker.look(self._session, self._answer, self._warm_up):
            self._take(event)
        equipment, store = self._wiring.equipment, self._wiring.store
        if self._answer is not None:
            self._answer.look(equipment.level.level.rms_dbfs)
        resting = self._session.state is State.ATTRACT
        if store is not None and resting:
            store.keep_house()
        fault = fault_light(self.health()) if resting else None
        equipment.controls.show(fault if fault is not None else self._light())

    def _light(self) -> LightState:
        """Red only while somebody is listened to; amber for a hint."""
        listening = self._session.state is State.LISTEN
        if listening and self._answer is None:
            return LightState.ASKING
        answer = self._answer
        if listening and answer and (answer.hint is not Hint.NONE or answer.cue is not Cue.NONE):
            return LightState.CUE
        return LIGHTS[self._session.state]

    def _tell(self) -> None:
        for kind, now in (("state", self._state()), ("live", self._live())):
            if self._told.get(kind) != now:
                if kind == "state" and "state" in self._told:
                    self._wiring.equipment.controls.show(self._light())
                self._told[kind] = now
                more = {"left_s": self._left_s()} if kind == "state" else {}
                self.news.tell(kind, {**now, **more})

    def _left_s(self) -> float | None:
        left_s = self._session.left_s(self._wiring.clock())
        return None if left_s is None else round(left_s, 1)

    def _state(self) -> dict[str, Any]:
        question = self._question()
        plain = None if question is None else question.plain
        words = {"wording": self._wording.state.value, "worded": self._wording.count}
        return {**state_of(self._session, plain, len(self._given), self.proposed), **words}

    def _live(self) -> dict[str, Any]:
        return live_of(self._answer, self._warm_up, self._wiring.equipment.level.level)
