"""The speaker on a real PulseAudio, which works, hangs, comes back, and goes away."""

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from appliance.devices.speaker.player import AplayPlayer
from appliance.devices.speaker.speaker import Ending, Speaker
from appliance.domain.health import Status
from tests.waiting import until

_PATIENCE_S = 30.0


@pytest.fixture
def sound_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator["subprocess.Popen[bytes]"]:
    """A server with an output that plays in real time to nobody."""
    for program in ("pulseaudio", "aplay"):
        if shutil.which(program) is None:
            pytest.skip(f"needs {program}, which is not installed")
    outputs = subprocess.run(["aplay", "-L"], capture_output=True, text=True, check=True).stdout
    if "\npulse\n" not in outputs:
        pytest.skip("needs ALSA's plugin for PulseAudio (libasound2-plugins)")
    socket = tmp_path / "native"
    for name in ("HOME", "XDG_RUNTIME_DIR", "PULSE_RUNTIME_PATH"):
        monkeypatch.setenv(name, str(tmp_path))
    options = ["-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"]
    for module in (
        "module-null-sink rate=16000 channels=1",
        f"module-native-protocol-unix socket={socket} auth-anonymous=1",
    ):
        options += ["-L", module]
    with subprocess.Popen(["pulseaudio", *options], stderr=subprocess.DEVNULL) as server:
        until(socket.exists)
        monkeypatch.setenv("PULSE_SERVER", f"unix:{socket}")
        yield server
        server.kill()


def test_a_server_that_hangs_is_given_up_and_works_again_at_the_next_sentence(
    started: Callable[..., Speaker], sound_server: "subprocess.Popen[bytes]"
) -> None:
    speaker = started(AplayPlayer("pulse", opening_s=2.0))
    assert speaker.say("One.", "en").wait(_PATIENCE_S) is Ending.SAID
    os.kill(sound_server.pid, signal.SIGSTOP)
    assert speaker.say("Two.", "en").wait(_PATIENCE_S) is Ending.FAILED
    assert speaker.health().status is Status.WARNING
    assert speaker.health().message.startswith("aplay did not end within")
    os.kill(sound_server.pid, signal.SIGCONT)
    assert speaker.say("Three.", "en").wait(_PATIENCE_S) is Ending.SAID
    assert speaker.health().status is Status.HEALTHY


def test_a_server_that_is_gone_is_told_of_at_once(
    started: Callable[..., Speaker], sound_server: "subprocess.Popen[bytes]"
) -> None:
    speaker = started(AplayPlayer("pulse"))
    sound_server.kill()
    sound_server.wait(_PATIENCE_S)
    assert speaker.say("Hello.", "en").wait(_PATIENCE_S) is Ending.FAILED
    assert speaker.health().message == "The sound server does not run."


def test_a_long_question_falls_silent_at_once(
    started: Callable[..., Speaker], sound_server: "subprocess.Popen[bytes]"
) -> None:
    speaker = started(AplayPlayer("pulse"))
    saying = speaker.say("Tell me about yourself, and take all the time that you need. " * 5, "en")
    until(lambda: speaker.health().details["voice"] is not None)
    speaker.cancel()
    assert saying.wait(5) is Ending.CANCELLED
