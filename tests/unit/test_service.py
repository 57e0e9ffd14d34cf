"""What the composition root builds, and what it leaves closed."""

from pathlib import Path

import pytest

from appliance.coaching.question_bank import load_questions
from appliance.domain.errors import ModelError
from appliance.domain.settings import Settings, Site
from appliance.perception.expression import MODEL_FILE
from appliance.service import Setup, _questions, build_senses


@pytest.fixture
def without_expression(models_dir: Path, tmp_path: Path) -> Path:
    """A models folder that lacks the expression model."""
    for path in models_dir.iterdir():
        if path.name != MODEL_FILE:
            (tmp_path / path.name).symlink_to(path)
    return tmp_path


def test_where_expressions_are_not_wanted_their_model_is_never_opened(
    without_expression: Path,
) -> None:
    assert build_senses(Setup(without_expression, estimates=False)).expression is None


def test_a_model_that_is_wanted_and_missing_is_named(without_expression: Path) -> None:
    with pytest.raises(ModelError, match=MODEL_FILE):
        build_senses(Setup(without_expression))


def test_a_sites_questions_are_added_and_a_file_with_a_fault_is_told_and_left_out(
    tmp_path: Path,
) -> None:
    path = tmp_path / "own.toml"
    settings = Settings(site=Site(questions=str(path)))
    told: list[str] = []
    path.write_text('[[question]]\nid = "ours"\ncompetency = "ethics"\nrole = "care"\ntext = "?"\n')
    assert "ours" in {one.id for one in _questions(settings, told.append)}
    assert told == []
    path.write_text('[[question]]\nid = "ours"\n')
    assert _questions(settings, told.append) == load_questions("en")
    assert len(told) == 1
    assert "'ours'" in told[0]
