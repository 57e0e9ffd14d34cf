"""The interview: every way through it ends wiped, and nobody is heard who did not agree."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.devices.controls.button import ButtonEvent
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
from appliance.interview.transitions import ALWAYS, TABLE, to_markdown

_ROOT = Path(__file__).resolve().parents[3]

_TO_ASKING: tuple[Event, ...] = (
    Kind.START,
    Kind.GO_ON,
    consented(voice=True, camera=True, expression=False),
    Kind.GO_ON,
    chose("one", "two"),
)


def _after(*events: Event, session: Session | None = None) -> tuple[Session, list[Effect]]:
    """The session after events, one a second, and all that was to be done."""
    session = session or Session()
    done: list[Effect] = []
    for now_s, event in enumerate(events):
        session, effects = step(session, event, float(now_s))
        done += effects
    return session, done


# ---------------------------------------------------------------- one whole interview


def test_a_whole_interview() -> None:
    session, done = _after(
        *_TO_ASKING,
        Kind.ANSWER,
        Kind.FINISH,
        Kind.REPORTED,
        Kind.GO_ON,
        Kind.ANSWER,
        Kind.FINISH,
        Kind.REPORTED,
        Kind.GO_ON,
        Kind.FINISH,
        Kind.FINISH,
        Kind.WIPED,
    )
    assert session == Session()
    assert done == [
        Effect.START_SENSORS,
        Effect.SAY_QUESTION,
        Effect.HUSH,
        Effect.BEGIN_ANSWER,
        Effect.END_ANSWER,
        Effect.STOP_SENSORS,
        Effect.START_SENSORS,
        Effect.SAY_QUESTION,
        Effect.HUSH,
        Effect.BEGIN_ANSWER,
        Effect.END_ANSWER,
        Effect.STOP_SENSORS,
        Effect.STOP_SENSORS,
        Effect.STOP_SENSORS,
        Effect.STOP_SENSORS,
        Effect.WIPE,
    ]


def test_the_questions_come_one_after_the_other() -> None:
    session, _ = _after(*_TO_ASKING)
    assert (session.question, session.attempt, session.is_last) == ("one", 1, False)
    session, _ = _after(Kind.SKIP, session=session)
    assert (session.state, session.question, session.is_last) == (State.ASK, "two", True)
    session, _ = _after(Kind.SKIP, session=session)
    assert (session.state, session.question) == (State.REPORT, None)


def test_a_second_attempt_is_compared_with_the_first() -> None:
    session, _ = _after(*_TO_ASKING, Kind.ANSWER, Kind.FINISH, Kind.REPORTED)
    assert session.state is State.REVIEW
    session, _ = _after(Kind.AGAIN, Kind.ANSWER, Kind.FINISH, Kind.REPORTED, session=session)
    assert (session.state, session.question, session.attempt) == (State.COMPARE, "one", 2)


def test_a_pause_takes_nothing_from_the_answer() -> None:
    session, done = _after(*_TO_ASKING, Kind.ANSWER, Kind.PAUSE, Kind.GO_ON, Kind.FINISH)
    assert session.state is State.THINKING
    assert done[-3:] == [Effect.PAUSE_ANSWER, Effect.RESUME_ANSWER, Effect.END_ANSWER]


def test_who_agrees_to_nothing_goes_on_without_sensors() -> None:
    nothing = consented(voice=False, camera=False, expression=False)
    session, done = _after(Kind.START, Kind.GO_ON, nothing, chose("one"), Kind.ANSWER)
    assert session.state is State.LISTEN
    assert not session.sensing
    assert Effect.START_SENSORS not in done


def test_consent_can_be_given_anew_before_the_check_is_over() -> None:
    session, done = _after(*_TO_ASKING[:3], Kind.BACK)
    assert (session.state, session.sensing) == (State.CONSENT, False)
    assert done == [Effect.START_SENSORS, Effect.STOP_SENSORS]


def test_an_answer_that_is_not_understood_in_time_is_gone_on_from() -> None:
    session, done = _after(*_TO_ASKING, Kind.ANSWER, Kind.FINISH, Kind.TIME_OUT)
    assert session.state is State.REVIEW
    assert done[-2:] == [Effect.FORGET_ATTEMPT, Effect.STOP_SENSORS]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ((), [Effect.HUSH]),
        ((Kind.ANSWER,), [Effect.CANCEL_ANSWER]),
        ((Kind.ANSWER, Kind.PAUSE), [Effect.CANCEL_ANSWER]),
        ((Kind.ANSWER, Kind.FINISH), [Effect.FORGET_ATTEMPT]),
    ],
)
def test_leaving_wipes_wherever_one_is(events: Iterable[Event], expected: list[Effect]) -> None:
    before, _ = _after(*_TO_ASKING, *events)
    session, done = _after(Kind.LEAVE, session=before)
    assert session.state is State.WIPED
    assert done == [*expected, Effect.STOP_SENSORS, Effect.WIPE]
    assert (session.consent, session.questions, session.sensing) == (Consent(), (), False)


# ---------------------------------------------------------------- time


def test_every_state_but_that_of_rest_counts_down() -> None:
    limits = Session().time_outs
    assert {state for state in State if limits.of(state) is None} == {State.ATTRACT}


def test_the_countdown_ends_the_state() -> None:
    session, _ = step(Session(), Kind.START, 10.0)
    assert session.left_s(10.0) == 60.0
    assert session.left_s(100.0) == 0.0
    assert tick(session, 69.9) == (session, ())
    session, effects = tick(session, 70.0)
    assert (session.state, effects) == (State.GOODBYE, (Effect.STOP_SENSORS,))
    session, effects = tick(session, 100.0)
    assert (session.state, effects) == (State.WIPED, (Effect.STOP_SENSORS, Effect.WIPE))
    session, _ = tick(session, 105.0)
    assert session.state is State.ATTRACT
    assert tick(session, 1e9) == (session, ())


def test_somebody_who_is_active_gets_all_of_the_time_again() -> None:
    session, _ = step(Session(), Kind.START, 0.0)
    session, effects = step(session, Kind.ACTIVE, 50.0)
    assert (session.state, session.left_s(50.0), effects) == (State.WELCOME, 60.0, ())
    assert session.ignored == 0


def test_who_comes_long_after_does_not_come_into_the_interview_of_who_left() -> None:
    review, _ = _after(*_TO_ASKING, Kind.ANSWER, Kind.FINISH, Kind.REPORTED)
    session, done = step(review, Kind.START, 3600.0)
    assert (session.state, session.questions, session.consent) == (State.WELCOME, (), Consent())
    assert done == (Effect.STOP_SENSORS, Effect.STOP_SENSORS, Effect.WIPE)
    assert step(review, Kind.GO_ON, 3600.0)[0].state is State.ATTRACT


@pytest.mark.parametrize("state", [State.THINKING, State.GOODBYE, State.WIPED])
def test_what_the_booth_must_do_in_time_is_not_put_off_by_activity(state: State) -> None:
    session, _ = step(Session(state=state, deadline_s=10.0), Kind.ACTIVE, 9.0)
    assert session.deadline_s == 10.0
    assert tick(session, 10.0)[0].state is not state


def test_an_attempt_that_was_not_understood_is_not_compared() -> None:
    asked_again = (Kind.AGAIN, Kind.ANSWER, Kind.FINISH)
    first, _ = _after(*_TO_ASKING, Kind.ANSWER, Kind.FINISH, Kind.REPORTED)
    for kind in (Kind.TIME_OUT, Kind.SKIP):
        session, done = _after(*asked_again, kind, session=first)
        assert session.state is State.REVIEW
        assert done[-2:] == [Effect.FORGET_ATTEMPT, Effect.STOP_SENSORS]


@pytest.mark.parametrize("event", [Kind.CHOSE, Gave(Kind.CHOSE)])
def test_no_question_is_no_choice(event: Event) -> None:
    session, done = step(Session(state=State.CHOOSE), event, 0.0)
    assert (session.state, session.ignored, done) == (State.CHOOSE, 1, ())


@pytest.mark.parametrize("event", [Kind.CONSENTED, Gave(Kind.GO_ON)])
def test_consent_comes_with_what_was_agreed_to(event: Event) -> None:
    session, done = step(Session(state=State.CONSENT), event, 0.0)
    assert (session.state, session.ignored, done) == (State.CONSENT, 1, ())


def test_the_documentation_has_the_table_as_it_is_in_the_code() -> None:
    text = (_ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert f"\n\n{to_markdown(Session().time_outs.by_state)}\n\n" in text


# ---------------------------------------------------------------- faults, button, light


def test_faults_come_and_go_and_change_no_state() -> None:
    before, _ = _after(*_TO_ASKING)
    session, done = _after(
        FaultBegan("camera", "There is no camera."),
        FaultBegan("microphone", "It went quiet."),
        FaultEnded("camera"),
        FaultEnded("speaker"),
        session=before,
    )
    assert (session.state, done) == (State.ASK, [])
    assert session.faults == {"microphone": "It went quiet."}
    assert session.ignored == before.ignored


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        (State.ATTRACT, Kind.START),
        (State.WELCOME, Kind.GO_ON),
        (State.ASK, Kind.ANSWER),
        (State.LISTEN, Kind.FINISH),
        (State.PAUSED, Kind.GO_ON),
        (State.REVIEW, Kind.GO_ON),
        (State.REPORT, Kind.FINISH),
        (State.GOODBYE, Kind.FINISH),
    ],
)
def test_one_button_leads_through_everything(state: State, kind: Kind) -> None:
    assert of_button(ButtonEvent.PRESS, state) is kind
    assert of_button(ButtonEvent.SKIP, state) is Kind.SKIP
    assert of_button(ButtonEvent.WIPE, state) is Kind.LEAVE


def test_every_state_has_a_light() -> None:
    assert set(LIGHTS) == set(State)


def test_what_means_nothing_where_it_comes_is_counted() -> None:
    session, done = _after(Kind.FINISH, Kind.LEAVE, Kind.WIPED, chose("one"))
    assert (session.state, session.ignored, done) == (State.ATTRACT, 4, [])
    assert session.questions == ()


def test_consent_counts_only_where_it_was_asked_for() -> None:
    asking, _ = _after(*_TO_ASKING)
    late = consented(voice=True, camera=True, expression=True)
    session, _ = _after(late, session=asking)
    assert session.consent == asking.consent
    assert session.ignored == 1


# ---------------------------------------------------------------- whatever happens

_EVENTS = st.one_of(
    st.sampled_from(sorted(Kind)),
    st.builds(consented, voice=st.booleans(), camera=st.booleans(), expression=st.booleans()),
    st.lists(st.sampled_from("abc"), min_size=1, max_size=4).map(lambda ids: chose(*ids)),
    st.builds(Gave, st.sampled_from(sorted(Kind))),
    st.builds(FaultBegan, st.sampled_from(["camera", "microphone"]), st.just("It is gone.")),
    st.builds(FaultEnded, st.sampled_from(["camera", "microphone"])),
)
_HAPPENINGS = st.lists(st.tuples(_EVENTS, st.floats(0, 400)), max_size=60)

# As often as not, hypothesis starts where the interview is already going on.
_STARTS = st.sampled_from([(), _TO_ASKING, (*_TO_ASKING, Kind.ANSWER)])


class Watched:
    """A session that is checked at every step, with what its effects brought about."""

    def __init__(self) -> None:
        self.session = Session()
        self.now_s = 0.0
        self.sensors = False
        self.answering = False
        self.wiped = True

    def takes(self, event: Event, passed_s: float) -> None:
        self.now_s += passed_s
        self._check(*tick(self.session, self.now_s))
        agreed = isinstance(event, Gave) and event.kind is Kind.CONSENTED and self._is_asked()
        self._check(*step(self.session, event, self.now_s))
        if agreed and isinstance(event, Gave):
            assert self.session.consent == Consent(event.voice, event.camera, event.expression)

    def passes(self, seconds: float) -> None:
        self.now_s += seconds
        self._check(*tick(self.session, self.now_s))

    def _is_asked(self) -> bool:
        return self.session.state is State.CONSENT

    def _check(self, session: Session, effects: tuple[Effect, ...]) -> None:
        self.session = session
        for effect in effects:
            self._do(effect)
        consent = session.consent
        assert session.sensing == self.sensors
        assert not self.sensors or consent.voice or consent.camera
        if session.state in {State.ATTRACT, State.WELCOME, State.CONSENT}:
            assert not self.sensors
        if session.state in {State.REVIEW, State.COMPARE, State.REPORT, State.GOODBYE}:
            assert not self.sensors
        if session.state in {State.REPORT, State.GOODBYE, State.WIPED}:
            assert not self.sensors
            assert not self.answering
        if session.state in {State.ATTRACT, State.WIPED}:
            assert consent == Consent()
            assert self.wiped
        assert self.answering == (session.state in {State.LISTEN, State.PAUSED})
        assert (session.deadline_s is None) == (session.state is State.ATTRACT)
        assert session.deadline_s is None or session.deadline_s > self.now_s - 1e-9

    def _do(self, effect: Effect) -> None:
        if effect is Effect.START_SENSORS:
            self.sensors, self.wiped = True, False
        elif effect is Effect.STOP_SENSORS:
            self.sensors = False
        elif effect is Effect.BEGIN_ANSWER:
            self.answering, self.wiped = True, False
        elif effect in {Effect.END_ANSWER, Effect.CANCEL_ANSWER}:
            assert self.answering
            self.answering = False
        elif effect is Effect.WIPE:
            self.wiped = True


@given(start=_STARTS, happenings=_HAPPENINGS)
def test_whatever_happens_it_ends_wiped_and_never_listens_without_consent(
    start: tuple[Event, ...], happenings: list[tuple[Event, float]]
) -> None:
    watched = Watched()
    for event in start:
        watched.takes(event, 1.0)
    for event, passed_s in happenings:
        watched.takes(event, passed_s)
    for _ in range(10):
        watched.passes(1000.0)
    assert watched.session.state is State.ATTRACT
    assert watched.wiped


@given(happenings=_HAPPENINGS)
def test_every_event_is_taken_or_counted(happenings: list[tuple[Event, float]]) -> None:
    session = Session()
    for event, passed_s in happenings:
        del passed_s
        before = session
        session, effects = step(session, event, 0.0)
        if session.ignored > before.ignored:
            assert effects == ()
            assert session.state is before.state


def test_every_state_can_be_come_to_and_left() -> None:
    come_to = {state for state in TABLE.values() if isinstance(state, State)} | set(ALWAYS.values())
    chosen = {State.CHECK, State.CHOOSE, State.REVIEW, State.COMPARE, State.REPORT, State.ASK}
    assert come_to | chosen == set(State)
    assert {state for state, _ in TABLE} == set(State)
