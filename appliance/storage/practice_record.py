"""Summaries of a person's sessions, sealed so that nobody without their code can read or link them.

A row is a random nonce, a mark that only the code's key can make of it, the week, and the sealed
summary. Whose it is, and which other rows are the same person's, cannot be told without the code.
"""

import hmac
import secrets
import sqlite3
import zlib
from collections.abc import Iterator
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import BaseModel, ConfigDict

from appliance.domain.report import Advice, Measure, Rating
from appliance.storage.calendar import WEEK_DAYS, Calendar
from appliance.storage.database import Database
from appliance.storage.practice_code import Cost, Keys, keys_of, read_code

_SALT = "salt"
_SALT_BYTES = 16
_NONCE_BYTES = 12
_MARK_BYTES = 16

_BUCKET_BYTES = 4096
"""Sealed sizes are whole numbers of this, so that they do not tell one summary from another."""


class Attempt(BaseModel):
    """One answer of a session: what was measured, and the words only where the person ticked that.

    Estimates of expression and voice have no place here.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: str
    measures: tuple[Measure, ...]
    ratings: tuple[Rating, ...] = ()
    advice: Advice
    transcript: str | None = None


class SessionSummary(BaseModel):
    """What a person keeps of one session.

    Attributes:
        day: days since 1970, by the booth's calendar.
        language: two letters, ISO 639-1.
        attempts: the answers, in order.
        number: among all sessions of the person, from 0, by which those of one day are in order.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    day: int
    language: str
    attempts: tuple[Attempt, ...]
    number: int = 0


class PracticeRecord:
    """Keeps, reads and deletes summaries.

    Args:
        database: where they are.
        calendar: which day it is.
        retention_days: after which they are deleted.
        cost: of one guess at a code.
    """

    def __init__(
        self,
        database: Database,
        calendar: Calendar,
        retention_days: int,
        cost: Cost | None = None,
    ) -> None:
        self._database = database
        self._calendar = calendar
        self._retention_days = retention_days
        self._cost = cost or Cost()

    def keep(self, code: str, summary: SessionSummary) -> None:
        """Keep a summary, whole or not at all.

        Args:
            code: the person's own.
            summary: of one session.

        Raises:
            WrongUsageError: it is no code.
            StorageError: it could not be written.
        """
        keys = self._keys(code)
        nonce = secrets.token_bytes(_NONCE_BYTES)
        mark = _mark(keys, nonce)
        week = self._calendar.today() // WEEK_DAYS
        with self._database.writing() as connection:
            number = sum(1 for _ in _rows_of(connection, keys))
            numbered = summary.model_copy(update={"number": number})
            sealed = AESGCM(keys.seal).encrypt(nonce, _padded(numbered), mark)
            connection.execute(
                "INSERT INTO summary (mark, nonce, week, sealed) VALUES (?, ?, ?, ?)",
                (mark, nonce, week, sealed),
            )

    def read(self, code: str) -> tuple[SessionSummary, ...]:
        """All summaries of a code, in order; none where nobody kept any by it.

        Raises:
            WrongUsageError: it is no code.
            StorageError: the database cannot be read.
        """
        keys = self._keys(code)
        with self._database.reading() as connection:
            found = [_opened(keys, *row) for row in _rows_of(connection, keys)]
        return tuple(
            sorted((s for s in found if s is not None), key=lambda one: (one.day, one.number))
        )

    def delete(self, code: str) -> int:
        """Delete all summaries of a code, and tell how many there were.

        Raises:
            WrongUsageError: it is no code.
            StorageError: they could not be deleted.
        """
        keys = self._keys(code)
        with self._database.writing() as connection:
            marks = [(mark,) for mark, _, _ in _rows_of(connection, keys)]
            connection.executemany("DELETE FROM summary WHERE mark = ?", marks)
        self._database.scrub()
        return len(marks)

    def wipe(self) -> int:
        """Delete everybody's summaries, and the salt: no code opens anything any more."""
        with self._database.writing() as connection:
            count = connection.execute("DELETE FROM summary").rowcount
            connection.execute("DELETE FROM fact WHERE name = ?", (_SALT,))
        self._database.scrub()
        return int(count)

    def expire(self) -> int:
        """Delete what was kept for as long as it may be, and tell how many that were."""
        last_week = (self._calendar.today() - self._retention_days) // WEEK_DAYS
        with self._database.writing() as connection:
            count = connection.execute("DELETE FROM summary WHERE week < ?", (last_week,)).rowcount
        if count:
            self._database.scrub()
        return int(count)

    def count_by_week(self) -> tuple[tuple[int, int], ...]:
        """How many summaries there are of each week since 1970; that is all that staff can see."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT week, COUNT(*) FROM summary GROUP BY week ORDER BY week"
            ).fetchall()
        return tuple((int(week), int(count)) for week, count in rows)

    def _keys(self, code: str) -> Keys:
        return keys_of(read_code(code), self._salt(), self._cost)

    def _salt(self) -> bytes:
        """This booth's own; made at the first use."""
        with self._database.writing() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO fact (name, value) VALUES (?, ?)",
                (_SALT, secrets.token_bytes(_SALT_BYTES)),
            )
            (salt,) = connection.execute(
                "SELECT value FROM fact WHERE name = ?", (_SALT,)
            ).fetchone()
        return bytes(salt)


def _mark(keys: Keys, nonce: bytes) -> bytes:
    return hmac.digest(keys.mark, nonce, sha256)[:_MARK_BYTES]


def _rows_of(connection: sqlite3.Connection, keys: Keys) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Mark, nonce and sealed summary of each row that a key marks."""
    marks = connection.execute("SELECT mark, nonce FROM summary").fetchall()
    for mark, nonce in marks:
        if hmac.compare_digest(mark, _mark(keys, nonce)):
            (sealed,) = connection.execute(
                "SELECT sealed FROM summary WHERE mark = ?", (mark,)
            ).fetchone()
            yield mark, nonce, sealed


def _padded(summary: SessionSummary) -> bytes:
    packed = zlib.compress(summary.model_dump_json().encode(), 9)
    whole = len(packed).to_bytes(4, "big") + packed
    return whole + bytes(-len(whole) % _BUCKET_BYTES)


def _opened(keys: Keys, mark: bytes, nonce: bytes, sealed: bytes) -> SessionSummary | None:
    """The summary; None where somebody changed it."""
    try:
        whole = AESGCM(keys.seal).decrypt(nonce, sealed, mark)
    except InvalidTag:
        return None
    length = int.from_bytes(whole[:4], "big")
    return SessionSummary.model_validate_json(zlib.decompress(whole[4 : 4 + length]))
