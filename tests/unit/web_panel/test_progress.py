"""How far a booth is set up, kept in a file that may be damaged or not writable."""

from pathlib import Path

from web_panel.admin.progress import FILE, STEPS, SetUp


def test_each_step_leads_to_the_next_until_all_are_done(tmp_path: Path) -> None:
    set_up = SetUp(tmp_path)
    seen = []
    while not set_up.is_finished:
        seen.append(SetUp(tmp_path).next)
        set_up.did(seen[-1])
    assert tuple(seen) == STEPS
    assert set_up.next == STEPS[-1], "where somebody can look around"


def test_a_damaged_file_begins_anew(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"\xff\xfe nonsense")
    assert SetUp(tmp_path).next == STEPS[0]


def test_where_nothing_can_be_kept_the_steps_still_work(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    set_up = SetUp(tmp_path / "file")
    set_up.did("site")
    assert set_up.next == STEPS[0]
    assert not set_up.is_finished
