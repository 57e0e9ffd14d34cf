"""What the tests of the settings share."""

from pathlib import Path

import pytest


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Of settings; not written yet."""
    return tmp_path / "booth.toml"
