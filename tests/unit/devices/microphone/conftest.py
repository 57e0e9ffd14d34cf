"""Folders of a machine with sound cards."""

from pathlib import Path

import pytest

from tests.sound_cards import SoundMachine


@pytest.fixture
def fixture(tmp_path: Path) -> SoundMachine:
    return SoundMachine(tmp_path)
