"""`booth run` as the service runs it: whole interviews, and what is left of them."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest

from appliance.operations.settings.loading import load
from appliance.storage.store import Store

_BOOTH = [sys.executable, "-m", "appliance.cli", "run"]


def _environment(state: Path, **more: str) -> dict[str, str]:
    return {
        **os.environ,
        "STATE_DIRECTORY": str(state),
        "BOOTH_SPEAKER_ON": "false",
        "BOOTH_CONTROLS_KIND": "none",
        **more,
    }


@pytest.mark.slow
def test_whole_interviews_without_a_person_leave_nothing(tmp_path: Path, sample: Path) -> None:
    done = subprocess.run(
        [*_BOOTH, "--simulate", str(sample), "--visits", "2"],
        capture_output=True,
        text=True,
        env=_environment(tmp_path),
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    visits = re.findall(
        r"^visit (\d): \d+ MB, (\d+) threads, (\d+) open files$", done.stdout, re.MULTILINE
    )
    assert [number for number, _, _ in visits] == ["1", "2"]
    assert visits[0][1:] == visits[1][1:], "neither threads nor files pile up"
    raw = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for word in (b"behind", b"schedule", b"JFIF", b"\x89PNG"):
        assert word not in raw


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[site]\nprofile = "observations"\n', ""),
        ('[site]\nprofile = "observations"\nname = "torn o', "booth.toml:3: It is no TOML"),
    ],
    ids=["set", "damaged"],
)
def test_in_a_workplace_no_emotion_model_is_opened(
    tmp_path: Path, sample: Path, text: str, told: str
) -> None:
    trace = tmp_path / "opened"
    settings = tmp_path / "booth.toml"
    settings.write_text(text)
    watcher = (
        "import sys\n"
        "opened = open(sys.argv[1], 'w')\n"
        "def hook(event, arguments):\n"
        "    if event == 'open':\n"
        "        opened.write(f'{arguments[0]}\\n'); opened.flush()\n"
        "sys.addaudithook(hook)\n"
        "from appliance.cli import main\n"
        "sys.exit(main(sys.argv[2:]))\n"
    )
    command = [sys.executable, "-c", watcher, str(trace)]
    command += ["run", "--simulate", str(sample), "--visits", "1", "--config", str(settings)]
    done = subprocess.run(
        command,
        env=_environment(tmp_path / "state"),
        check=True,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert told in done.stderr
    assert bool(done.stderr) == bool(told)
    opened = trace.read_text()
    assert "face_landmark.tflite" in opened
    for name in (
        "expression_resnet18",
        "voice_forest.npz",
        "voice_vote.npz",
        "speech_embedding.tflite",
    ):
        assert name not in opened


@pytest.mark.slow
def test_it_ends_in_the_middle_when_it_is_told_to(tmp_path: Path, sample: Path) -> None:
    with subprocess.Popen(
        [*_BOOTH, "--simulate", str(sample)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=_environment(tmp_path),
    ) as running:
        assert running.stdout is not None
        while running.stdout.readline() != "attract\n":
            pass
        running.send_signal(signal.SIGTERM)
        _, errors = running.communicate(timeout=60)
    assert (running.returncode, errors) == (0, "")


@pytest.mark.slow
def test_staff_change_a_setting_and_the_booth_ends_in_order_to_start_again(
    tmp_path: Path, sample: Path
) -> None:
    settings = tmp_path / "booth.toml"
    settings.write_text("[panel]\nport = 18097 # ours\n")
    environment = _environment(tmp_path / "state", NOTIFY_SOCKET=f"@{tmp_path}")
    with (
        subprocess.Popen(
            [*_BOOTH, "--simulate", str(sample), "--config", str(settings)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        ) as running,
        httpx.Client(base_url="http://localhost:18097", follow_redirects=True) as staff,
    ):
        assert running.stdout is not None
        while running.stdout.readline() != "attract\n":
            assert running.poll() is None

        def hidden(page: httpx.Response, name: str) -> str:
            return str(re.findall(rf'name="{name}" value="([^"]+)"', page.text)[0])

        token = hidden(staff.get("/admin/"), "token")
        page = staff.post("/admin/pin", data={"token": token, "pin": "482913", "again": "482913"})
        sent = {"form": hidden(page, "form"), "version": hidden(page, "version")}
        page = staff.post("/admin/setup/site", data={**sent, "site.name": "Town Library"})
        assert "Camera and microphone" in page.text
        assert staff.post("/admin/restart", data=sent).status_code == 202
        _, errors = running.communicate(timeout=60)
    assert (running.returncode, errors) == (0, "")
    assert not (tmp_path / "state" / "starting.json").exists(), "no start in vain"
    assert "port = 18097 # ours\n" in settings.read_text()
    assert load({}, settings).settings.site.name == "Town Library"


def test_a_store_that_cannot_be_opened_does_not_keep_the_booth_from_working(
    tmp_path: Path, sample: Path
) -> None:
    (tmp_path / "file").touch()
    done = subprocess.run(
        [*_BOOTH, "--simulate", str(sample), "--visits", "1"],
        capture_output=True,
        text=True,
        env=_environment(tmp_path / "file"),
        check=True,
        timeout=240,
    )
    assert "cannot be used" in done.stdout
    assert "visit 1" in done.stdout


def test_a_number_of_visits_that_is_none_is_refused() -> None:
    for number in ("0", "-1", "many"):
        done = subprocess.run(
            [*_BOOTH, "--visits", number], capture_output=True, text=True, check=False
        )
        assert done.returncode == 2
        assert "from 1 on" in done.stderr or "expected one argument" in done.stderr


@pytest.mark.soak
def test_killed_at_twenty_moments_it_leaves_nothing_of_a_person(
    tmp_path: Path, sample: Path
) -> None:
    for number in range(20):
        state = tmp_path / str(number)
        state.mkdir()
        with subprocess.Popen(
            [*_BOOTH, "--simulate", str(sample), "--visits", "5"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=_environment(state, HOME=str(state), TMPDIR=str(state)),
        ) as running:
            threading.Event().wait(0.6 * number)
            running.send_signal(signal.SIGKILL)
        raw = b"".join(path.read_bytes() for path in state.rglob("*") if path.is_file())
        for word in (b"behind", b"schedule", b"JFIF", b"\x89PNG"):
            assert word not in raw
        Store(state, 90, time.time, time.monotonic).close()


@pytest.mark.slow
def test_a_person_at_a_terminal_goes_through_it_with_the_space_bar(
    tmp_path: Path, sample: Path
) -> None:
    person, terminal = pty.openpty()
    environment = _environment(tmp_path, BOOTH_INTERVIEW_QUESTIONS="1")
    environment["BOOTH_CONTROLS_KIND"] = "terminal"
    with subprocess.Popen(
        ["setsid", "--ctty", *_BOOTH, "--simulate", str(sample)],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        env=environment,
    ) as running:
        os.close(terminal)
        seen = ""
        for words in (
            "Nothing is kept.",
            "you answer it aloud",
            "Going on agrees to this",
            "we can hear you",
            "Going on draws a set of questions",
            "Question 1 of 1: ",
            "we can see you",
            "booth, ",
            "That was all.",
            "Everything is wiped in a moment.",
            "Nothing is kept.",
        ):
            begun = len(seen)
            while words not in seen[begun:]:
                came, _, _ = select.select([person], [], [], 60)
                assert came, f"no '{words}' after {seen[-500:]}"
                seen += os.read(person, 4096).decode(errors="replace")
            os.write(person, b" ")
        running.send_signal(signal.SIGTERM)
        running.wait(60)
    os.close(person)
    assert running.returncode == 0
    assert "1:5" in seen, "the countdown"
    assert "we can see you" in seen
