"""A booth that runs as a process of its own on the packaged sample, used by its API."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from appliance.domain.errors import BoothError
from appliance.operations.settings.environment import CONFIG

_STARTS_S = 180.0
_LOOK_S = 0.2
_ENDS_S = 30.0
_WAITS_S = 120.0
_KIB = 1024


class BenchError(BoothError, RuntimeError):
    """The booth that was to be measured did not do what it should."""

    code = "bench"


class RunningBooth:
    """The booth, as a program on the same machine uses it.

    Args:
        process: of the booth.
        address: of its panel.
    """

    def __init__(self, process: "subprocess.Popen[str]", address: str) -> None:
        self._process = process
        self.address = address
        self.client = httpx.Client(base_url=address, timeout=_WAITS_S)
        self._token = ""
        self._screen = ""

    @property
    def memory_mb(self) -> float:
        """What the process holds in memory now."""
        return self._figure("VmRSS") * _KIB / 1e6

    @property
    def most_memory_mb(self) -> float:
        """The most that it ever held."""
        return self._figure("VmHWM") * _KIB / 1e6

    @property
    def threads(self) -> int:
        """Of the process now."""
        return self._figure("Threads")

    @property
    def processor_s(self) -> float:
        """Seconds of processor time that it has used so far."""
        text = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="ascii")
        user, system = text.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def look(self) -> dict[str, Any]:
        """The session as it is now."""
        answer = self.client.get("/api/v1/session")
        self._screen = answer.headers["ETag"]
        session: dict[str, Any] = answer.json()
        return session

    def act(self, act: str) -> None:
        """Do something on the screen that is there now."""
        self._send("POST", "acts", {"act": act})

    def agree(self) -> None:
        """Agree to everything."""
        self._send("PUT", "consent", dict.fromkeys(("voice", "camera", "expression"), True))

    def choose(self, count: int) -> None:
        """Choose a set of questions."""
        self._send("PUT", "choice", {"role": "general", "focus": None, "count": count})

    def screen(self) -> str:
        """What the screen of the booth shows now."""
        return self.client.get("/kiosk/screen").text

    def events(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """News as they come: kind and data."""
        with self.client.stream("GET", "/api/v1/events") as stream:
            kind = ""
            for line in stream.iter_lines():
                name, _, value = line.partition(": ")
                if name == "event":
                    kind = value
                elif name == "data":
                    yield kind, json.loads(value)

    def _send(self, method: str, what: str, body: dict[str, Any]) -> None:
        self.look()
        if not self._token:
            found = re.search(r'booth-token" content="([0-9a-f]+)"', self.client.get("/").text)
            self._token = found[1] if found else ""
        answer = self.client.request(
            method,
            f"/api/v1/session/{what}",
            json=body,
            headers={"X-Booth-Token": self._token, "If-Match": self._screen},
        )
        if answer.is_error:
            raise BenchError(f"The booth refused: {answer.json()['error']['message']}")

    def _figure(self, name: str) -> int:
        text = Path(f"/proc/{self._process.pid}/status").read_text(encoding="ascii")
        return int(text.partition(f"{name}:")[2].split()[0])


@contextmanager
def running_booth(recording: Path, profile: str = "self") -> Iterator[RunningBooth]:
    """Run a booth for as long as it is needed.

    Args:
        recording: in place of camera and microphone.
        profile: of the site, which decides what models are loaded.

    Raises:
        BenchError: it does not start.
    """
    with TemporaryDirectory() as folder:
        port = _free_port()
        process = subprocess.Popen(  # noqa: S603 - ourselves
            [sys.executable, "-m", "appliance.cli", "run", "--simulate", str(recording)],
            env=environment_of(os.environ, profile, folder, port),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            booth = RunningBooth(process, f"http://127.0.0.1:{port}")
            _wait_until_ready(booth, process)
            yield booth
        finally:
            process.terminate()
            try:
                process.communicate(timeout=_ENDS_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()


def environment_of(
    environment: Mapping[str, str], profile: str, folder: str, port: int
) -> dict[str, str]:
    """The environment of a booth that is measured.

    All settings of the site but its profile are left out: what is measured should not depend on
    them.

    Args:
        environment: of this process.
        profile: of the site.
        folder: for what the booth keeps.
        port: of its panel.
    """
    return {
        **{key: value for key, value in environment.items() if not key.startswith("BOOTH_")},
        CONFIG: os.devnull,
        "STATE_DIRECTORY": folder,
        "BOOTH_SITE_PROFILE": profile,
        "BOOTH_PANEL_PORT": str(port),
        "BOOTH_SPEAKER_ON": "false",
        "BOOTH_CONTROLS_KIND": "none",
    }


def _wait_until_ready(booth: RunningBooth, process: "subprocess.Popen[str]") -> None:
    end_s = time.monotonic() + _STARTS_S
    while time.monotonic() < end_s and process.poll() is None:
        try:
            if booth.client.get("/readyz").is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(_LOOK_S)
    raise BenchError("The booth did not start.", "'booth doctor' tells what is wrong.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
