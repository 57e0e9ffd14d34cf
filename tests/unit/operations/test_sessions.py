"""`booth sessions`, as staff and people use it."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from appliance.cli import DONE, FAILED, WRONG_USAGE, main
from appliance.operations import sessions
from appliance.storage.database import FILE
from appliance.storage.practice_code import new_code
from appliance.storage.practice_record import SessionSummary
from appliance.storage.store import Store


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store where the command looks for it."""
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path))
    opened = Store(tmp_path, 90, lambda: 20_500 * 86_400.0, lambda: 0.0)
    yield opened
    opened.close()


def _keep(store: Store, code: str) -> None:
    store.record.keep(code, SessionSummary(day=20_500, language="en", attempts=()))


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """What somebody types where they are asked."""

    def types(text: str) -> None:
        monkeypatch.setattr(sessions.run_sessions, "__defaults__", (lambda _: text,))

    return types


def test_the_list_tells_how_much_and_nothing_of_whom(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    _keep(store, new_code())
    _keep(store, new_code())
    for _ in range(5):
        store.tallies.started()
    assert main(["sessions", "list"]) == DONE
    assert capsys.readouterr().out == (
        "2 summaries kept, sealed by their owners' codes.\n"
        "  week of 2026-02-12: 2\n"
        "Sessions, in groups of five or more:\n"
        "  2026-02-16 to 2026-02-16: 5, too few to tell\n"
    )
    assert main(["sessions", "list", "--json"]) == DONE
    assert json.loads(capsys.readouterr().out) == {
        "records": [{"week_of": "2026-02-12", "summaries": 2}],
        "uses": [
            {"first_day": "2026-02-16", "last_day": "2026-02-16", "started": 5, "completed": None}
        ],
    }


def test_a_person_deletes_their_own_by_the_code(
    store: Store, typed: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    mine, other = new_code(), new_code()
    _keep(store, mine)
    _keep(store, other)
    typed(mine)
    assert main(["sessions", "delete"]) == DONE
    assert capsys.readouterr().out == "1 summary deleted.\n"
    assert store.record.read(mine) == ()
    assert len(store.record.read(other)) == 1


def test_a_person_takes_their_own_along_by_the_code(
    store: Store, typed: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    mine = new_code()
    _keep(store, mine)
    _keep(store, new_code())
    typed(mine)
    assert main(["sessions", "export"]) == DONE
    (session,) = json.loads(capsys.readouterr().out)["sessions"]
    assert session == {"day": 20_500, "language": "en", "attempts": [], "number": 0}


def test_what_is_no_code_is_told_without_quoting_it(
    store: Store, typed: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    del store
    typed("geheim")
    assert main(["sessions", "delete"]) == WRONG_USAGE
    said = capsys.readouterr()
    assert "A code has 5 words" in said.err
    assert "geheim" not in said.out + said.err


def test_everything_is_wiped_only_when_somebody_means_it(
    store: Store, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    _keep(store, new_code())
    assert main(["sessions", "wipe"]) == WRONG_USAGE
    assert "Add '--yes'" in capsys.readouterr().err
    assert main(["sessions", "wipe", "--yes"]) == DONE
    assert "1 summary deleted. No code opens anything." in capsys.readouterr().out
    with sqlite3.connect(tmp_path / FILE) as connection:
        assert connection.execute("SELECT COUNT(*) FROM summary").fetchone() == (0,)


def test_a_store_that_cannot_be_opened_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path / "file"))
    assert main(["sessions", "list"]) == FAILED
    assert capsys.readouterr().err.count("\n") == 1
