"""A speaker of its own for each test, and programs that stand in for a loudspeaker."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from appliance.devices.speaker.player import Player
from appliance.devices.speaker.speaker import Speaker
from appliance.devices.speaker.voices import EspeakVoice, Voice

Program = Callable[[str], tuple[str, ...]]


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """Writes a program in shell and gives the command that runs it."""

    def written(text: str) -> tuple[str, ...]:
        path = tmp_path / f"program{len(list(tmp_path.iterdir()))}"
        path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        path.chmod(0o755)
        return (str(path),)

    return written


@pytest.fixture
def started() -> Iterator[Callable[..., Speaker]]:
    speakers: list[Speaker] = []

    def build(player: Player, *voices: Voice) -> Speaker:
        speaker = Speaker(voices or (EspeakVoice(),), player)
        speaker.start()
        speakers.append(speaker)
        return speaker

    yield build
    stopped = [speaker.stop() for speaker in speakers]
    assert all(stopped)
