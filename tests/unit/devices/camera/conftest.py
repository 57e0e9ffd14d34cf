"""A machine to plug cameras into."""

import sys
from pathlib import Path

import pytest

from tests.cameras import FixtureMachine


@pytest.fixture
def fixture(tmp_path: Path) -> FixtureMachine:
    """A machine without any camera yet."""
    root = tmp_path / "machine"
    root.mkdir()
    return FixtureMachine(root)


@pytest.fixture
def misfit_picamera2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A picamera2 of which a part was built against another numpy."""
    folder = tmp_path / "misfit"
    folder.mkdir()
    misfit = "numpy.dtype size changed, may indicate binary incompatibility"
    (folder / "picamera2.py").write_text(f"raise ValueError({misfit!r})\n")
    monkeypatch.syspath_prepend(folder)
    monkeypatch.delitem(sys.modules, "picamera2", raising=False)
