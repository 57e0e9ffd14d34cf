"""The speaker on a real PulseAudio, which works, hangs, comes back, and goes away."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from appliance.devices.speaker.player import AplayPlayer
from appliance.devices.speaker.speaker import Ending, Speaker
from appliance.domain.health import Status
from tests.pulse import SoundServer, sound_server
from tests.waiting import until

_PATIENCE_S = 30.0


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SoundServer]:
    """A server with an output that plays in real time to nobody."""
    with sound_server(tmp_path, monkeypatch) as server:
        server.plug_in()
        yield server


def test_a_server_that_hangs_is_given_up_and_works_again_at_the_next_sentence(
    started: Callable[..., Speaker], server: SoundServer
) -> None:
    speaker = started(AplayPlayer("pulse", opening_s=2.0))
    assert speaker.say("One.", "en").wait(_PATIENCE_S) is Ending.SAID
    server.halt()
    assert speaker.say("Two.", "en").wait(_PATIENCE_S) is Ending.FAILED
    assert speaker.health().status is Status.WARNING
    assert speaker.health().message.startswith("aplay did not end within")
    server.go_on()
    assert speaker.say("Three.", "en").wait(_PATIENCE_S) is Ending.SAID
    assert speaker.health().status is Status.HEALTHY


def test_a_server_that_is_gone_is_told_of_at_once(
    started: Callable[..., Speaker], server: SoundServer
) -> None:
    speaker = started(AplayPlayer("pulse"))
    server.stop()
    assert speaker.say("Hello.", "en").wait(_PATIENCE_S) is Ending.FAILED
    assert speaker.health().message == "The sound server does not run."


def test_a_long_question_falls_silent_at_once(
    started: Callable[..., Speaker], server: SoundServer
) -> None:
    speaker = started(AplayPlayer("pulse"))
    saying = speaker.say("Tell me about yourself, and take all the time that you need. " * 5, "en")
    until(lambda: speaker.health().details["voice"] is not None)
    speaker.cancel()
    assert saying.wait(5) is Ending.CANCELLED
