"""Records that only their owners can read, and that leave nothing behind."""

import itertools
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appliance.domain.errors import WrongUsageError
from appliance.domain.report import Advice
from appliance.storage.database import FILE
from appliance.storage.practice_code import new_code
from appliance.storage.practice_record import Attempt, SessionSummary
from appliance.storage.store import Store
from tests.unit.storage.conftest import Clock

_SECRET = "I led the marigold project with Quentin"


def _bytes_of(folder: Path) -> bytes:
    """All that lies in the folder, name by name."""
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def _rows(folder: Path) -> list[tuple[bytes, bytes, int, bytes]]:
    with sqlite3.connect(folder / FILE) as connection:
        return connection.execute("SELECT mark, nonce, week, sealed FROM summary").fetchall()


def _pairs(code: str) -> list[str]:
    words = code.split()
    return [f"{one} {other}" for one, other in itertools.pairwise(words)]


def test_what_was_kept_is_read_by_its_code_alone(
    open_store: Callable[..., Store], summary: Callable[..., SessionSummary]
) -> None:
    store = open_store()
    mine, other = new_code(), new_code()
    later, earlier = summary(20_507), summary(20_500, _SECRET)
    store.record.keep(mine, later)
    store.record.keep(mine.upper().replace(" ", "-"), earlier)
    assert store.record.read(mine) == (earlier.model_copy(update={"number": 1}), later)
    assert store.record.read(other) == ()


def test_sessions_of_one_day_are_read_in_the_order_in_which_they_were_kept(
    open_store: Callable[..., Store], summary: Callable[..., SessionSummary]
) -> None:
    code, store = new_code(), open_store()
    words = [f"session {number}" for number in range(8)]
    for text in words:
        store.record.keep(code, summary(20_500, text))
    assert [one.attempts[0].transcript for one in store.record.read(code)] == words


def test_it_is_there_after_a_restart(
    open_store: Callable[..., Store], summary: Callable[..., SessionSummary]
) -> None:
    code, store = new_code(), open_store()
    store.record.keep(code, summary())
    store.close()
    assert open_store().record.read(code) == (summary(),)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(transcript=st.text(max_size=20_000), language=st.sampled_from(["en", "es"]))
def test_any_words_come_back_as_they_were(
    open_store: Callable[..., Store], transcript: str, language: str
) -> None:
    advice = Advice(source="standard", model=None, strengths=(), next_steps=())
    attempt = Attempt(question="q", measures=(), advice=advice, transcript=transcript)
    kept = SessionSummary(day=20_500, language=language, attempts=(attempt,))
    code, store = new_code(), open_store()
    store.record.keep(code, kept)
    assert store.record.read(code) == (kept,)


def test_nothing_readable_lies_on_the_disk(
    open_store: Callable[..., Store], summary: Callable[..., SessionSummary], folder: Path
) -> None:
    code, store = new_code(), open_store()
    store.record.keep(code, summary(transcript=_SECRET))
    raw = _bytes_of(folder)
    # Three letters turn up in noise of this length; a short word is looked for with its neighbour.
    long_enough = [word for word in code.split() if len(word) > 3]
    for words in (*_SECRET.split()[3:], "solved-problem", "Pace", *long_enough, *_pairs(code)):
        assert words.encode() not in raw
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_rows_of_one_person_look_like_those_of_two(
    open_store: Callable[..., Store], summary: Callable[..., SessionSummary], folder: Path
) -> None:
    code, store = new_code(), open_store()
    for _ in range(3):
        store.record.keep(code, summary())
    store.record.keep(new_code(), summary(transcript=_SECRET * 5))
    rows = _rows(folder)
    assert len({mark for mark, *_ in rows}) == len({nonce for _, nonce, *_ in rows}) == 4
    assert len({sealed for *_, sealed in rows}) == 4
    assert {len(sealed) for *_, sealed in rows} == {4096 + 16}
    assert [mark for mark, *_ in rows] == sorted(mark for mark, *_ in rows)


def test_what_somebody_changed_is_not_read(
    open_store: Callable[..., Store], summary: Callable[..., SessionSummary], folder: Path
) -> None:
    code, store = new_code(), open_store()
    store.record.keep(code, summary())
    (row,) = _rows(folder)
    changed = bytes([row[3][0] ^ 1]) + row[3][1:]
    with sqlite3.connect(folder / FILE) as connection:
        connection.execute("UPDATE summary SET sealed = ?", (changed,))
    assert store.record.read(code) == ()


def test_what_is_deleted_is_not_in_the_files_any_more(
    open_store: Callable[..., Store], summary: Callable[..., SessionSummary], folder: Path
) -> None:
    mine, other, store = new_code(), new_code(), open_store()
    store.record.keep(mine, summary())
    store.record.keep(mine, summary())
    before = _rows(folder)
    store.record.keep(other, summary())
    assert store.record.delete(mine) == 2
    raw = _bytes_of(folder)
    for mark, nonce, _, sealed in before:
        for part in (mark, nonce, sealed[:64], sealed[-64:]):
            assert part not in raw
    assert store.record.read(mine) == ()
    assert store.record.read(other) == (summary(),)
    assert store.record.delete(mine) == 0


def test_wiping_deletes_everything_and_the_salt(
    open_store: Callable[..., Store], summary: Callable[..., SessionSummary], folder: Path
) -> None:
    code, store = new_code(), open_store()
    store.record.keep(code, summary())
    (row,) = _rows(folder)
    assert store.record.wipe() == 1
    assert row[3][:64] not in _bytes_of(folder)
    assert store.record.read(code) == ()
    with sqlite3.connect(folder / FILE) as connection:
        connection.execute("INSERT INTO summary VALUES (?, ?, ?, ?)", row)
    assert store.record.read(code) == (), "with another salt the code opens nothing"


def test_a_wrong_code_is_told_before_anything_is_kept(
    open_store: Callable[..., Store], summary: Callable[..., SessionSummary], folder: Path
) -> None:
    store = open_store()
    for call in (lambda: store.record.keep("one two", summary()), lambda: store.record.read("x")):
        with pytest.raises(WrongUsageError):
            call()
    assert _rows(folder) == []


# ---------------------------------------------------------------- how long


def test_records_are_deleted_when_their_time_is_over(
    open_store: Callable[..., Store], summary: Callable[..., SessionSummary], clock: Clock
) -> None:
    store, old, new = open_store(30), new_code(), new_code()
    store.record.keep(old, summary())
    clock.passes(20)
    store.record.keep(new, summary())
    store.keep_house()
    assert store.record.read(old) != ()
    clock.passes(18)
    store.keep_house()
    assert store.record.read(old) == ()
    assert store.record.read(new) != ()


@pytest.mark.parametrize("jump_days", [4000, -4000])
def test_a_clock_that_jumps_while_the_booth_runs_changes_nothing(
    open_store: Callable[..., Store],
    summary: Callable[..., SessionSummary],
    clock: Clock,
    jump_days: float,
) -> None:
    store, code = open_store(30), new_code()
    store.record.keep(code, summary())
    clock.wall_s += jump_days * 86_400
    store.keep_house()
    assert store.record.read(code) != ()
    clock.passes(40)
    store.keep_house()
    assert store.record.read(code) == (), "retention runs all the same"


@pytest.mark.parametrize("jump_days", [4000, -4000])
def test_a_clock_that_is_wrong_at_the_next_start_is_not_believed(
    open_store: Callable[..., Store],
    summary: Callable[..., SessionSummary],
    clock: Clock,
    jump_days: float,
) -> None:
    store, code = open_store(30), new_code()
    store.record.keep(code, summary())
    store.keep_house()
    store.close()
    clock.wall_s += jump_days * 86_400
    again = open_store(30)
    again.keep_house()
    assert again.record.read(code) != ()
    clock.passes(40)
    again.keep_house()
    assert again.record.read(code) == ()


def test_a_booth_that_was_off_for_long_deletes_at_the_next_start(
    open_store: Callable[..., Store], summary: Callable[..., SessionSummary], clock: Clock
) -> None:
    store, code = open_store(30), new_code()
    store.record.keep(code, summary())
    store.keep_house()
    store.close()
    clock.passes(100)
    again = open_store(30)
    again.keep_house()
    assert again.record.read(code) == ()


def test_staff_see_how_many_of_which_week_and_nothing_else(
    open_store: Callable[..., Store], summary: Callable[..., SessionSummary], clock: Clock
) -> None:
    store = open_store()
    store.record.keep(new_code(), summary())
    store.record.keep(new_code(), summary())
    clock.passes(7)
    store.record.keep(new_code(), summary())
    assert store.record.count_by_week() == ((2928, 2), (2929, 1))
