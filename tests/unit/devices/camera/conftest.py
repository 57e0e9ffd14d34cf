"""A machine to plug cameras into."""

from pathlib import Path

import pytest

from tests.cameras import FixtureMachine


@pytest.fixture
def fixture(tmp_path: Path) -> FixtureMachine:
    """A machine without any camera yet."""
    root = tmp_path / "machine"
    root.mkdir()
    return FixtureMachine(root)
