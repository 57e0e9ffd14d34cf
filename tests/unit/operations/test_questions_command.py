"""What `booth questions` prints."""

import json
from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest

from appliance.domain.errors import WrongUsageError
from appliance.operations.questions import list_questions


def options(**given: Any) -> Namespace:
    usual = {"language": "en", "file": None, "competency": None, "role": None, "level": None}
    return Namespace(**{**usual, "length": None, "json": False, **given})


def test_one_line_a_question_chosen_by_what_it_is() -> None:
    lines = list_questions(options(competency="ethics", role="care")).splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("ethics-own-will  Tell me about a time")
    assert len(list_questions(options(level="lead")).splitlines()) == 19


def test_a_set_is_of_one_role_and_general() -> None:
    entries = json.loads(list_questions(options(length=5, role="retail", json=True)))
    assert len(entries) == 5
    assert {entry["role"] for entry in entries} <= {"retail", "general"}
    assert len({entry["competency"] for entry in entries}) == 5
    assert set(entries[0]) == {"id", "competency", "role", "text"}


def test_a_sites_file_is_checked_and_listed(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text('[[question]]\nid = "ours"\ncompetency = "ethics"\nrole = "care"\ntext = "?"\n')
    assert "\nours " in list_questions(options(file=path))
    path.write_text("[[question]]\n")
    with pytest.raises(WrongUsageError, match="number 1"):
        list_questions(options(file=path))


def test_another_language_has_its_own() -> None:
    assert "Erzählen Sie" in list_questions(options(language="de"))
    with pytest.raises(WrongUsageError, match="no questions in the language"):
        list_questions(options(language="pl"))
