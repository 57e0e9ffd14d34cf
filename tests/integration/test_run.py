"""`booth run` as a person starts it."""

import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.media import grey, tone, write_recording

_BOOTH = [sys.executable, "-m", "appliance.cli", "run", "--devices"]


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """Two seconds of picture and sound."""
    pictures = [grey(64, 48, 2 * number) for number in range(50)]
    return write_recording(tmp_path / "clip.mp4", pictures, sound=tone(440, 2.0))


def test_a_recording_runs_through_the_devices_in_real_time(clip: Path) -> None:
    done = subprocess.run(
        [*_BOOTH, "--simulate", str(clip)],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert "camera      healthy   The camera works. (clip.mp4)" in lines
    assert "microphone  healthy   The microphone works. (clip.mp4)" in lines
    assert "microphone  warning   The recording is over." in lines
    assert "2.0 s of sound, none of it lost" in lines[-1]


def test_a_recording_that_is_not_there_is_one_line() -> None:
    done = subprocess.run(
        [*_BOOTH, "--simulate", "nothing.mp4"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr == (
        "booth: There is no recording 'nothing.mp4'. Check the name and the folder.\n"
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_when_it_is_told_to(clip: Path, number: signal.Signals) -> None:
    with subprocess.Popen(
        [*_BOOTH, "--simulate", str(clip)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
    ) as running:
        assert running.stdout is not None
        while "camera      healthy" not in running.stdout.readline():
            pass
        running.send_signal(number)
        rest, errors = running.communicate(timeout=30)
    assert running.returncode == 0
    assert errors == ""
    assert "pictures" in rest.splitlines()[-1]


@pytest.mark.skipif(
    Path("/dev/snd").exists() or Path("/dev/video0").exists(),
    reason="this machine has a microphone or a camera",
)
def test_a_machine_without_camera_and_microphone_says_so_and_waits(tmp_path: Path) -> None:
    nowhere = {**os.environ, "HOME": str(tmp_path), "PULSE_SERVER": "unix:/nonexistent"}
    with subprocess.Popen(
        _BOOTH,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
        env=nowhere,
    ) as running:
        assert running.stdout is not None
        said = ""
        while not ("There is no camera." in said and "There is no microphone." in said):
            said += running.stdout.readline()
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=30)
    assert running.returncode == 1


def test_on_a_terminal_the_level_is_a_bar(clip: Path) -> None:
    reader, writer = pty.openpty()
    subprocess.run(
        [*_BOOTH, "--simulate", str(clip)],
        stdout=subprocess.PIPE,
        stderr=writer,
        stdin=subprocess.DEVNULL,
        check=True,
        timeout=60,
    )
    os.close(writer)
    shown = _rest_of(reader)
    assert "===" in shown
    assert "-15 dBFS" in shown
    assert shown.endswith("\r\x1b[K")


def _rest_of(terminal: int) -> str:
    """What was written to a terminal that nobody writes to any more."""
    written = b""
    try:
        while part := os.read(terminal, 4096):
            written += part
    except OSError:  # all is read
        os.close(terminal)
    return written.decode()
