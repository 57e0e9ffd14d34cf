"""A model that cannot be replaced stays."""

from pathlib import Path

import pytest

from appliance.domain.errors import OutputError
from appliance.operations.models.archive import put_in_place


def test_what_was_there_stays_where_the_new_one_cannot_take_its_place(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "graph").write_text("old")
    with pytest.raises(OutputError):
        put_in_place(tmp_path / "gone", folder, tmp_path / ".aside")
    assert (folder / "graph").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["model"]
