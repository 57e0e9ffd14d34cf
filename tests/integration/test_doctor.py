"""`booth doctor` as staff run it, on this very machine."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from appliance.cli import DONE, FAILED, main
from tests.ollama_server import ollama_server

_DOCTOR = [sys.executable, "-m", "appliance.cli", "doctor"]


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No sound server, and a home of the test's own."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PULSE_SERVER", "unix:/nonexistent")
    for name in ("BOOTH_OLLAMA_HOSTS", "STATE_DIRECTORY", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("nowhere")
def test_what_is_missing_is_said_without_a_traceback() -> None:
    done = subprocess.run(
        _DOCTOR, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False, timeout=300
    )
    assert "Traceback" not in done.stdout + done.stderr
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    if not Path("/dev/snd").exists():
        assert any(line.startswith("microphone  ") and "fault" in line for line in lines)
        assert done.returncode == 1
        assert lines[-1].startswith("The booth cannot work as it is. ")
    named = {line.partition("  ")[0] for line in lines if line and not line.startswith(" ")}
    assert {"camera", "models", "libraries", "disk", "memory", "clock", "Ollama"} <= named


@pytest.mark.usefixtures("nowhere")
def test_machines_get_json_and_nothing_else(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with ollama_server("llama3.2:3b") as server:
        monkeypatch.setenv("BOOTH_OLLAMA_HOSTS", f"{server.host}, http://127.0.0.1:9")
        code = main(["doctor", "--json"])
    told: dict[str, Any] = json.loads(capfd.readouterr().out)
    assert code == (FAILED if told["status"] == "critical" else DONE)
    hosts = [part for part in told["checks"] if part["name"] == "Ollama"]
    assert [part["status"] for part in hosts] == ["healthy", "warning"]
    for part in told["checks"]:
        assert set(part) == {"name", "status", "message", "advice", "details"}
        assert part["status"] in {"healthy", "warning", "critical", "unknown", "skipped"}
        assert part["message"].endswith(".")


@pytest.mark.usefixtures("nowhere")
def test_on_a_terminal_it_is_coloured_and_tells_how_far_it_is() -> None:
    reader, writer = pty.openpty()
    with subprocess.Popen(
        _DOCTOR, stdout=writer, stderr=writer, stdin=subprocess.DEVNULL
    ) as running:
        os.close(writer)
        shown = b""
        try:
            while part := os.read(reader, 4096):
                shown += part
        except OSError:  # it has ended
            os.close(reader)
        running.wait(60)
    assert b"Looking at everything" in shown
    assert b"\x1b[32mok" in shown
