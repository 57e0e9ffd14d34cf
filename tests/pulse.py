"""A PulseAudio server of the test's own, with a microphone made of software."""

import os
import shutil
import signal
import subprocess
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from tests.waiting import until

_RATE_HZ = 16_000

# What ALSA, and so PortAudio, takes for its default.
_ALSA = "pcm.!default { type pulse }\nctl.!default { type pulse }\n"


class SoundServer:
    """What is played to `sink` is heard by `microphone`, sample by sample, while it is plugged in.

    Args:
        folder: for its sockets and files; short, for a socket's name may have 107 bytes.
        monkeypatch: sets the environment by which programs find the server.
    """

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for program in ("pulseaudio", "pactl", "paplay", "aplay"):
            if shutil.which(program) is None:
                pytest.skip(f"needs {program}, which is not installed")
        outputs = subprocess.run(["aplay", "-L"], capture_output=True, text=True, check=True).stdout
        if "\npulse\n" not in f"\n{outputs}":
            pytest.skip("needs ALSA's plugin for PulseAudio (libasound2-plugins)")
        self._folder = folder
        for name in ("HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "PULSE_RUNTIME_PATH"):
            monkeypatch.setenv(name, str(folder))
        (folder / ".asoundrc").write_text(_ALSA)
        self._socket = folder / "native"
        monkeypatch.setenv("PULSE_SERVER", f"unix:{self._socket}")
        self._server: subprocess.Popen[bytes] | None = None
        self._modules: list[str] = []

    def start(self) -> None:
        """Start; the microphone is not plugged in yet."""
        # With shared memory, a client of libpulse 16 can hang for ever when its server is killed.
        options = ["-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"]
        options += ["--disable-shm=yes"]
        options += ["-L", f"module-native-protocol-unix socket={self._socket} auth-anonymous=1"]
        self._server = subprocess.Popen(["pulseaudio", *options], stderr=subprocess.DEVNULL)
        until(self._socket.exists)

    def stop(self) -> None:
        """End it; does nothing where it does not run."""
        if self._server is None:
            return
        self._server.kill()
        self._server.wait(30)
        self._server = None
        self._modules.clear()
        self._socket.unlink(missing_ok=True)

    def plug_in(self) -> None:
        """Plug the microphone in, with the sink that it hears, and make it the default."""
        for words in (
            f"module-null-sink sink_name=sink rate={_RATE_HZ} channels=1",
            "module-remap-source source_name=microphone master=sink.monitor",
        ):
            self._modules.append(self._pactl("load-module", *words.split()))
        self._pactl("set-default-source", "microphone")

    def unplug(self) -> None:
        """Pull the microphone out, and the sink, whose monitor would take its place."""
        while self._modules:
            self._pactl("unload-module", self._modules.pop())

    def halt(self) -> None:
        """Let the server stand still: whoever reads waits, and gets no error."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """End `halt`."""
        self._signal(signal.SIGCONT)

    def play(self, samples: npt.NDArray[np.int16], rate_hz: int = _RATE_HZ) -> None:
        """Play sound to the sink, and return at its end."""
        path = self._folder / "played.wav"
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(rate_hz)
            file.writeframes(samples.astype("<i2").tobytes())
        subprocess.run(["paplay", "--device=sink", str(path)], check=True, timeout=120)

    def _signal(self, number: signal.Signals) -> None:
        assert self._server is not None
        os.kill(self._server.pid, number)

    def _pactl(self, *arguments: str) -> str:
        done = subprocess.run(
            ["pactl", *arguments], capture_output=True, text=True, check=True, timeout=30
        )
        return done.stdout.strip()


@contextmanager
def sound_server(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SoundServer]:
    """A server that runs."""
    server = SoundServer(folder, monkeypatch)
    server.start()
    try:
        yield server
    finally:
        server.stop()
