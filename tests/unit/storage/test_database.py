"""A database that opens whatever happened to it, and says so where something was lost."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from appliance.domain.errors import StorageError
from appliance.domain.health import Status
from appliance.storage.database import FILE, Database
from appliance.storage.practice_code import new_code
from appliance.storage.practice_record import SessionSummary
from appliance.storage.store import Store
from tests.unit.storage.conftest import CHEAP

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount")


@pytest.mark.parametrize("damage", ["head", "middle", "text"])
def test_a_damaged_file_is_moved_aside_and_a_new_one_begun(
    open_store: Callable[..., Store],
    summary: Callable[..., SessionSummary],
    folder: Path,
    damage: str,
) -> None:
    store, code = open_store(), new_code()
    for _ in range(10):
        store.record.keep(code, summary())
    store.close()
    path = folder / FILE
    raw = bytearray(path.read_bytes())
    if damage == "text":
        raw[:] = b"this is no database" * 400
    else:
        at = 0 if damage == "head" else len(raw) // 2 // 4096 * 4096
        raw[at : at + 4096] = b"\xa5" * 4096
    path.write_bytes(raw)
    again = open_store()
    assert again.health().status is Status.WARNING
    assert "The database was damaged" in again.health().message
    assert path.with_name(f"{FILE}.damaged").read_bytes() == bytes(raw)
    again.record.keep(code, summary())
    assert again.record.read(code) == (summary(),)


def test_a_first_start_that_the_power_cut_short_is_finished_by_the_next(folder: Path) -> None:
    database = Database(folder)
    with database.writing() as connection:
        connection.execute("INSERT INTO tally (day, started) VALUES (1, 1)")
        # The tables were made, and the note of it was lost.
        assert connection.execute("DELETE FROM _yoyo_migration").rowcount > 0
    database.close()
    again = Database(folder)
    with again.reading() as connection:
        assert connection.execute("SELECT started FROM tally").fetchone() == (1,)
        assert connection.execute("SELECT COUNT(*) FROM _yoyo_migration").fetchone() == (1,)
    again.close()


def test_what_is_not_finished_is_not_there(folder: Path) -> None:
    database = Database(folder)
    with pytest.raises(ZeroDivisionError):
        _fail_while_writing(database)
    with database.reading() as connection:
        assert connection.execute("SELECT COUNT(*) FROM tally").fetchone() == (0,)
    database.close()


def _fail_while_writing(database: Database) -> None:
    with database.writing() as connection:
        connection.execute("INSERT INTO tally (day) VALUES (1)")
        raise ZeroDivisionError


def test_threads_do_not_get_in_each_others_way(
    open_store: Callable[..., Store], summary: Callable[..., SessionSummary]
) -> None:
    store, codes = open_store(), [new_code() for _ in range(4)]

    def keep(code: str) -> None:
        for _ in range(10):
            store.record.keep(code, summary())

    threads = [threading.Thread(target=keep, args=(code,)) for code in codes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [len(store.record.read(code)) for code in codes] == [10] * 4


def test_a_lock_that_a_killed_booth_left_is_broken(folder: Path) -> None:
    Database(folder).close()
    with sqlite3.connect(folder / FILE) as connection:
        connection.execute("INSERT INTO yoyo_lock (locked, pid) VALUES (1, 4711)")
    again = Database(folder)
    assert not again.began_anew
    again.close()


# ---------------------------------------------------------------- full and read-only disks


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 400 kB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(place)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("this machine lets nobody mount")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def _fill(disk: Path, store: Store, code: str, summary: SessionSummary) -> None:
    """Keep records on a disk that another program fills."""
    while True:
        (disk / "filler").write_bytes(bytes(shutil.disk_usage(disk).free))
        store.record.keep(code, summary)


def _store(folder: Path) -> Store:
    return Store(folder, 90, lambda: 20_500 * 86_400.0, lambda: 0.0)


@needs_root
def test_a_full_disk_is_told_and_what_was_kept_stays(
    small_disk: Path, summary: Callable[..., SessionSummary]
) -> None:
    store, code = _store(small_disk), new_code()
    store.record.keep(code, summary())
    with pytest.raises(StorageError, match="The disk is full, so nothing was kept"):
        _fill(small_disk, store, code, summary())
    (small_disk / "filler").unlink()
    kept = len(store.record.read(code))
    assert kept >= 1
    store.record.keep(code, summary())
    assert len(store.record.read(code)) == kept + 1
    store.close()


@needs_root
def test_housekeeping_on_a_full_disk_is_tried_again(
    small_disk: Path, summary: Callable[..., SessionSummary]
) -> None:
    store = _store(small_disk)
    with pytest.raises(StorageError):
        _fill(small_disk, store, new_code(), summary())
    store.keep_house()
    assert store.health().status is Status.CRITICAL
    assert "booth doctor" in store.health().advice
    (small_disk / "filler").unlink()
    store.keep_house()
    assert store.health().status is Status.HEALTHY
    store.close()


@needs_root
def test_a_session_that_cannot_be_counted_is_told_until_the_disk_is_mended(
    small_disk: Path, summary: Callable[..., SessionSummary]
) -> None:
    store = _store(small_disk)
    store.keep_house()
    with pytest.raises(StorageError):
        _fill(small_disk, store, new_code(), summary())
    store.count_started()
    assert store.health().status is Status.CRITICAL
    store.keep_house()
    assert store.health().status is Status.CRITICAL
    (small_disk / "filler").unlink()
    store.keep_house()
    assert store.health().status is Status.HEALTHY
    store.close()


@needs_root
def test_a_disk_that_became_read_only_is_told(
    small_disk: Path, summary: Callable[..., SessionSummary]
) -> None:
    store = _store(small_disk)
    store.close()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(StorageError, match="cannot be written, so nothing was kept") as caught:
        _store(small_disk)
    assert "worn memory card" in caught.value.advice


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="cannot be used"):
        Database(tmp_path / "file" / "folder")


# ---------------------------------------------------------------- killed

_WRITER = """
import sys
from pathlib import Path
from appliance.domain.report import Advice
from appliance.storage.practice_code import Cost
from appliance.storage.practice_record import Attempt, SessionSummary
from appliance.storage.store import Store
store = Store(Path(sys.argv[1]), 90, lambda: 20_500 * 86_400.0, lambda: 0.0, Cost(1, 1, 64))
advice = Advice(source="standard", model=None, strengths=(), next_steps=())
number = 0
while True:
    number += 1
    words = f"number {number} marigold " * 200
    attempt = Attempt(question="q", measures=(), advice=advice, transcript=words)
    store.record.keep(sys.argv[2], SessionSummary(day=number, language="en", attempts=(attempt,)))
    store.keep_house()
    print(number, flush=True)
"""


def _kill_while_writing(folder: Path, code: str, after_lines: int, after_s: float) -> int:
    """Kill a writer; how many records it said it had finished."""
    with subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(folder), code], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        finished = 0
        for _ in range(after_lines):
            finished = int(writer.stdout.readline() or finished)
        threading.Event().wait(after_s)
        writer.send_signal(signal.SIGKILL)
        for line in writer.stdout.read().split("\n")[:-1]:
            finished = int(line)
    return finished


def _check(folder: Path, code: str, finished: int) -> None:
    """The database opens, what was finished is whole, and nothing can be read."""
    raw = b"".join(path.read_bytes() for path in folder.iterdir())
    assert b"marigold" not in raw
    store = _cheap(folder)
    found = store.record.read(code)
    assert not store.health().advice
    store.close()
    days = [one.day for one in found]
    assert days == list(range(1, len(days) + 1))
    assert len(days) >= finished
    for one in found:
        assert one.attempts[0].transcript == f"number {one.day} marigold " * 200


def _cheap(folder: Path) -> Store:
    return Store(folder, 90, lambda: 20_500 * 86_400.0, lambda: 0.0, CHEAP)


def _rounds(tmp_path: Path, count: int) -> None:
    for number in range(count):
        folder, code = tmp_path / str(number), new_code()
        # Some are killed while the database is made, most while records are written.
        lines, pause_s = number % 5, 0.0005 * (number * 37 % 101)
        finished = _kill_while_writing(folder, code, lines, pause_s)
        if (folder / FILE).exists():
            _check(folder, code, finished)


def test_a_booth_that_is_killed_loses_nothing_that_was_kept(tmp_path: Path) -> None:
    _rounds(tmp_path, 10)


@pytest.mark.soak
def test_killed_at_two_hundred_moments(tmp_path: Path) -> None:
    _rounds(tmp_path, 200)
