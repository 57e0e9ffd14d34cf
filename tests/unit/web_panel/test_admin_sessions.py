"""Sessions that end by themselves, that are few, and whose forms nobody else can send."""

import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from appliance.domain.errors import WrongUsageError
from web_panel.admin_sessions import AdminSession, AdminSessions

_IDLE_S = 900.0
_LONGEST_S = 8 * 3600.0


class _Clock:
    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def _sessions() -> tuple[_Clock, AdminSessions]:
    clock = _Clock()
    return clock, AdminSessions(clock)


def test_whoever_began_is_found_and_nobody_else() -> None:
    clock, sessions = _sessions()
    token = sessions.begin()
    clock.now_s += 10
    assert sessions.find(token) == AdminSession(begun_s=1000.0, seen_s=1010.0)
    for other in ("", token[:-1], token + "x", "é", "\udcff", "\0"):
        assert sessions.find(other) is None


def test_the_token_is_long_is_new_each_time_and_is_not_kept() -> None:
    _, sessions = _sessions()
    token, other = sessions.begin(), sessions.begin()
    assert len(token) == 43
    assert token != other
    assert hashlib.sha256(token.encode()).digest() in sessions._kept
    assert token not in repr(vars(sessions))
    assert sessions._kept[hashlib.sha256(token.encode()).digest()].key.hex() not in repr(
        vars(sessions)
    )


def test_idle_for_too_long_is_signed_out() -> None:
    clock, sessions = _sessions()
    token = sessions.begin()
    clock.now_s += _IDLE_S - 1
    assert sessions.find(token)
    clock.now_s += _IDLE_S - 1
    assert sessions.find(token)
    clock.now_s += _IDLE_S
    assert sessions.find(token) is None
    assert not sessions._kept


def test_busy_for_too_long_is_signed_out_too() -> None:
    clock, sessions = _sessions()
    token = sessions.begin()
    end_s = clock.now_s + _LONGEST_S
    while clock.now_s + 600 < end_s:
        clock.now_s += 600
        assert sessions.find(token)
    clock.now_s = end_s
    assert sessions.find(token) is None


def test_a_fifth_ends_the_oldest() -> None:
    _, sessions = _sessions()
    tokens = [sessions.begin() for _ in range(4)]
    assert sessions.find(tokens[0])
    tokens.append(sessions.begin())
    assert [sessions.find(token) is not None for token in tokens] == [False, True, True, True, True]


def test_one_that_is_over_anyway_makes_room_first() -> None:
    clock, sessions = _sessions()
    busy = sessions.begin()
    idle = [sessions.begin() for _ in range(3)]
    clock.now_s += 600
    assert sessions.find(busy)
    clock.now_s += 600
    new = sessions.begin()
    assert sessions.find(busy)
    assert sessions.find(new)
    assert not any(sessions.find(token) for token in idle)


def test_signing_out_ends_one_session_and_no_other() -> None:
    _, sessions = _sessions()
    one, other, third = sessions.begin(), sessions.begin(), sessions.begin()
    sessions.end(one)
    sessions.end(one)
    sessions.end("never begun \udcff")
    assert sessions.find(one) is None
    assert sessions.find(other)
    assert sessions.find(third)


def test_a_form_of_the_session_is_taken_and_no_other() -> None:
    _, sessions = _sessions()
    token, other = sessions.begin(), sessions.begin()
    csrf = sessions.csrf(token)
    assert csrf == sessions.csrf(token)
    assert sessions.is_csrf(token, csrf)
    assert not sessions.is_csrf(other, csrf)
    for given in ("", csrf[:-1], csrf + "0", csrf.upper() + "é", token, "\udcff"):
        assert not sessions.is_csrf(token, given)


def test_nobody_can_make_the_form_token_out_of_the_token() -> None:
    _, sessions = _sessions()
    token = sessions.begin()
    assert token not in sessions.csrf(token)
    assert hashlib.sha256(token.encode()).hexdigest() != sessions.csrf(token)


def test_a_form_of_a_session_that_is_over_is_not_taken() -> None:
    clock, sessions = _sessions()
    token = sessions.begin()
    csrf = sessions.csrf(token)
    clock.now_s += _IDLE_S
    assert not sessions.is_csrf(token, csrf)
    assert not sessions.is_csrf("never begun", "")
    with pytest.raises(WrongUsageError, match="Sign in again"):
        sessions.csrf(token)


def test_form_tokens_are_no_sign_of_life() -> None:
    clock, sessions = _sessions()
    token = sessions.begin()
    clock.now_s += _IDLE_S - 1
    assert sessions.is_csrf(token, sessions.csrf(token))
    clock.now_s += 1
    assert sessions.find(token) is None


def test_threads_that_begin_and_end_leave_no_more_than_may_be() -> None:
    _, sessions = _sessions()

    def visit(number: int) -> None:
        token = sessions.begin()
        sessions.find(token)
        sessions.is_csrf(token, "x")
        if number % 2:
            sessions.end(token)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(visit, range(500)))
    assert len(sessions._kept) <= 4


class _Machine(RuleBasedStateMachine):
    """Any order of acts, against a plain list of who should be signed in."""

    def __init__(self) -> None:
        super().__init__()
        self.clock, self.sessions = _sessions()
        self.known: list[str] = []
        self.living: dict[str, tuple[float, float]] = {}

    def _expire(self) -> None:
        now_s = self.clock.now_s
        self.living = {
            token: (begun_s, seen_s)
            for token, (begun_s, seen_s) in self.living.items()
            if now_s - begun_s < _LONGEST_S and now_s - seen_s < _IDLE_S
        }

    @rule(seconds=st.sampled_from([1.0, 300.0, 899.0, 900.0, 3600.0]))
    def wait(self, seconds: float) -> None:
        self.clock.now_s += seconds
        self._expire()

    @rule()
    def begin(self) -> None:
        token = self.sessions.begin()
        assert token not in self.known
        self.known.append(token)
        self.living[token] = (self.clock.now_s, self.clock.now_s)
        if len(self.living) > 4:
            del self.living[next(iter(self.living))]

    @precondition(lambda self: self.known)
    @rule(data=st.data())
    def find(self, data: st.DataObject) -> None:
        token = data.draw(st.sampled_from(self.known))
        found = self.sessions.find(token)
        assert (found is not None) == (token in self.living)
        if found:
            self.living[token] = (self.living[token][0], self.clock.now_s)
            assert (found.begun_s, found.seen_s) == self.living[token]

    @precondition(lambda self: self.known)
    @rule(data=st.data())
    def end(self, data: st.DataObject) -> None:
        token = data.draw(st.sampled_from(self.known))
        self.sessions.end(token)
        self.living.pop(token, None)

    @invariant()
    def forms_go_with_their_own_session(self) -> None:
        for token in self.living:
            csrf = self.sessions.csrf(token)
            takers = [one for one in self.known if self.sessions.is_csrf(one, csrf)]
            assert takers == [token]

    @invariant()
    def there_are_never_too_many(self) -> None:
        assert len(self.sessions._kept) <= 4


TestAnyOrderOfActs = _Machine.TestCase
