"""The one SQLite file: opened whole or begun anew, and written whole or not at all."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yoyo import get_backend, read_migrations

from appliance.domain.errors import StorageError

FILE = "booth.db"

_MIGRATIONS = Path(__file__).parent / "migrations"
_BESIDE = ("", "-wal", "-shm")
_DAMAGED = ".damaged"

# SQLite's own words, by which its errors can be told apart on every Python.
_FULL, _READ_ONLY = "full", "readonly"


class Database:
    """An open database. Any thread may use it; one at a time is let in.

    Attributes:
        began_anew: the file was damaged and was moved aside; what it held is lost.
    """

    def __init__(self, folder: Path) -> None:
        """Open it, and bring it up to date.

        Args:
            folder: where it is; made where it is missing, for this user alone.

        Raises:
            StorageError: the folder cannot be written, or the disk is full.
        """
        self.path = folder / FILE
        self._lock = threading.RLock()
        self.began_anew = False
        with _in_words(self.path):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                self._connection = _open(self.path)
            except sqlite3.DatabaseError as error:
                if not _is_damage(error):
                    raise
                _move_aside(self.path)
                self.began_anew = True
                self._connection = _open(self.path)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Change it: all that is done within is kept, or nothing of it.

        Raises:
            StorageError: the disk is full or cannot be written, or the file is damaged.
        """
        with self._lock, _in_words(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.rollback()
                raise
            self._connection.commit()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Look into it.

        Raises:
            StorageError: the file is damaged.
        """
        with self._lock, _in_words(self.path):
            yield self._connection

    def scrub(self) -> None:
        """Let nothing that was deleted remain in the files.

        Raises:
            StorageError: as `writing`.
        """
        with self._lock, _in_words(self.path):
            self._connection.execute("VACUUM")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close it."""
        with self._lock:
            self._connection.close()


def _open(path: Path) -> sqlite3.Connection:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    os.close(descriptor)
    connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute("PRAGMA temp_store=MEMORY")
        _require_whole(connection)
        _migrate(path)
    except BaseException:
        connection.close()
        raise
    return connection


def _require_whole(connection: sqlite3.Connection) -> None:
    (verdict,) = connection.execute("PRAGMA quick_check").fetchone()
    if verdict != "ok":
        raise sqlite3.DatabaseError(f"file is not a database: {verdict}")


def _migrate(path: Path) -> None:
    backend = get_backend(f"sqlite:///{path}")
    try:
        # One booth has one database: a lock that is there was left by a booth that was killed.
        backend.break_lock()
        with backend.lock():
            backend.apply_migrations(backend.to_apply(read_migrations(str(_MIGRATIONS))))
    finally:
        backend.connection.close()


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    return "not a database" in str(error) or "malformed" in str(error)


def _move_aside(path: Path) -> None:
    for ending in _BESIDE:
        part = path.with_name(path.name + ending)
        if part.exists():
            part.replace(part.with_name(part.name + _DAMAGED))


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    """Turn what SQLite and the system say into our own error."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise _fault(str(error), path) from error
    except OSError as error:
        raise _fault(error.strerror or str(error), path) from error


def _fault(words: str, path: Path) -> StorageError:
    low = words.lower()
    if _FULL in low or "no space" in low:
        return StorageError(
            "The disk is full, so nothing was kept.", "Make room: 'booth doctor' says how."
        )
    if _READ_ONLY in low or "read-only" in low or "permission" in low:
        return StorageError(
            f"'{path.parent}' cannot be written, so nothing was kept.",
            "Make it writable for the user of the booth, or look for a worn memory card.",
        )
    return StorageError(
        f"The database '{path}' cannot be used: {words}.",
        "Start the booth again: a damaged file is moved aside then, and a new one begun.",
    )
