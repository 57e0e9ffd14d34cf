"""The speaker: it says things, falls silent at once, and no fault of it reaches the interview."""

import os
import queue
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from appliance.devices.speaker.job import Job
from appliance.devices.speaker.player import AplayPlayer
from appliance.devices.speaker.sound import Sound
from appliance.devices.speaker.speaker import Ending, Speaker
from appliance.devices.speaker.voices import EspeakVoice, HibariVoice
from appliance.domain.errors import DeviceError
from appliance.domain.health import Status
from tests.unit.devices.speaker.conftest import Program
from tests.waiting import open_files, until

PATIENCE_S = 30.0
Started = Callable[..., Speaker]


def _children() -> set[str]:
    """Programs that this process started and that are there still, as zombies or alive."""
    lists = Path("/proc/self/task").glob("*/children")
    return {pid for children in lists for pid in children.read_text().split()}


class BrokenVoice(EspeakVoice):
    name = "broken"

    def synthesise(self, text: str, language: str, job: Job) -> Sound:
        raise DeviceError("It broke.")


def test_a_sentence_is_played_whole_and_its_end_is_told(
    started: Started, program: Program, tmp_path: Path
) -> None:
    speaker = started(AplayPlayer(command=program(f"cat > {tmp_path}/heard.wav")))
    told: queue.Queue[Ending] = queue.Queue()
    saying = speaker.say("Hello there.", "en", told.put)
    assert told.get(timeout=PATIENCE_S) is Ending.SAID
    assert saying.ending is Ending.SAID
    expected = EspeakVoice().synthesise("Hello there.", "en", Job()).to_wav()
    assert (tmp_path / "heard.wav").read_bytes() == expected
    health = speaker.health()
    assert (health.status, health.message) == (Status.HEALTHY, "The speaker works.")
    assert health.details == {"voice": "espeak-ng", "said": 1, "last_error": None}


def test_the_real_aplay_takes_what_the_voices_make(started: Started) -> None:
    """To ALSA's null device, which takes sound as fast as it comes."""
    speaker = started(AplayPlayer("null"), HibariVoice(), EspeakVoice())
    assert speaker.say("Hello there.", "en").wait(PATIENCE_S) is Ending.SAID
    assert speaker.health().details["voice"] == "hibari"
    assert speaker.say("Hola.", "es").wait(PATIENCE_S) is Ending.SAID
    assert speaker.health().details["voice"] == "espeak-ng"


def test_without_a_sound_card_it_fails_in_words_and_the_booth_goes_on(started: Started) -> None:
    """The real aplay, asked for a card that no machine has."""
    speaker = started(AplayPlayer("plughw:31,0"))
    assert speaker.say("Hello.", "en").wait(PATIENCE_S) is Ending.FAILED
    health = speaker.health()
    assert (health.name, health.status) == ("speaker", Status.CRITICAL)
    assert health.message == "There is no loudspeaker: the system has no sound card for output."
    assert "aplay -l" in health.advice


def test_a_loudspeaker_that_comes_back_works_at_the_next_sentence(
    started: Started, program: Program, tmp_path: Path
) -> None:
    aplay = program(
        f"[ -e {tmp_path}/card ] && exec cat > {tmp_path}/heard\n"
        "echo 'aplay: main:831: audio open error: No such file or directory' >&2; exit 1"
    )
    speaker = started(AplayPlayer(command=aplay))
    assert speaker.say("One.", "en").wait(PATIENCE_S) is Ending.FAILED
    (tmp_path / "card").touch()
    assert speaker.say("Two.", "en").wait(PATIENCE_S) is Ending.SAID
    health = speaker.health()
    assert health.status is Status.HEALTHY
    assert str(health.details["last_error"]).startswith("There is no loudspeaker")


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        ("audio open error: Device or resource busy", Status.WARNING, "in use by another program"),
        ("audio open error: Permission denied", Status.CRITICAL, "may not use the loudspeaker"),
        ("pcm_write:2127: write error: No such device", Status.CRITICAL, "was unplugged"),
        ("audio open error: Connection refused", Status.WARNING, "sound server does not run"),
        (
            "xrun: fatal\naplay: odd: it broke",
            Status.WARNING,
            "could not play: aplay: odd: it broke",
        ),
        ("", Status.WARNING, "exit code 1"),
    ],
)
def test_what_aplay_complains_of_is_told_in_words(
    started: Started, program: Program, words: str, status: Status, message: str
) -> None:
    aplay = program(f"cat > /dev/null\nprintf '%s\\n' '{words}' >&2; exit 1")
    speaker = started(AplayPlayer(command=aplay))
    assert speaker.say("Hello.", "en").wait(PATIENCE_S) is Ending.FAILED
    health = speaker.health()
    assert health.status is status
    assert message in health.message


def test_missing_programs_are_named(started: Started) -> None:
    speaker = started(AplayPlayer(command=("aplay-missing",)))
    assert speaker.health().status is Status.CRITICAL
    assert speaker.health().message == "The program aplay-missing is not installed."
    assert speaker.say("Hello.", "en").wait(PATIENCE_S) is Ending.FAILED
    assert "aplay-missing cannot be run" in speaker.health().message
    mute = started(AplayPlayer("null"), EspeakVoice(command=("espeak-missing",)))
    assert mute.health().status is Status.UNKNOWN
    assert mute.say("Hello.", "en").wait(PATIENCE_S) is Ending.FAILED
    assert "espeak-missing cannot be run" in mute.health().message


def test_a_voice_that_fails_leaves_it_to_the_next(started: Started) -> None:
    speaker = started(AplayPlayer("null"), BrokenVoice(), EspeakVoice())
    assert speaker.say("Hello.", "en").wait(PATIENCE_S) is Ending.SAID
    assert speaker.health().details["voice"] == "espeak-ng"


def test_a_language_that_nobody_speaks_is_a_warning(started: Started) -> None:
    speaker = started(AplayPlayer("null"), HibariVoice(), EspeakVoice())
    for language in ("zz", "no language"):
        assert speaker.say("Hello.", language).wait(PATIENCE_S) is Ending.FAILED
        assert speaker.health().status is Status.WARNING
        assert "no voice for the language" in speaker.health().message


def test_a_sound_system_that_hangs_is_given_up(started: Started, program: Program) -> None:
    before = _children()
    speaker = started(AplayPlayer(command=program("exec sleep 600"), opening_s=-0.5))
    assert speaker.say("Hello.", "en").wait(PATIENCE_S) is Ending.FAILED
    assert "did not end within" in speaker.health().message
    assert speaker.health().status is Status.WARNING
    assert _children() == before


def test_a_program_that_does_not_even_end_when_killed_is_left_behind(
    started: Started, program: Program, tmp_path: Path
) -> None:
    """As one that is stuck in a driver: here, a child of its own keeps the pipes open."""
    files = open_files()
    aplay = program(f"setsid sleep 600 &\necho $! > {tmp_path}/pid\nexec sleep 600")
    speaker = started(AplayPlayer(command=aplay, opening_s=-0.5))
    saying = speaker.say("Hello.", "en")
    assert saying.wait(PATIENCE_S) is Ending.FAILED
    assert "did not end within" in speaker.health().message
    os.kill(int((tmp_path / "pid").read_text()), signal.SIGKILL)
    assert open_files() == files


def test_cancelling_ends_the_program_at_once(
    started: Started, program: Program, tmp_path: Path
) -> None:
    before = _children()
    aplay = program(f"cat > /dev/null; echo $$ > {tmp_path}/pid; sleep 600")
    speaker = started(AplayPlayer(command=aplay, opening_s=300))
    saying = speaker.say("Hello.", "en")
    until(lambda: (tmp_path / "pid").exists() and bool((tmp_path / "pid").read_text()))
    pid = (tmp_path / "pid").read_text().strip()
    assert Path(f"/proc/{pid}").exists()
    speaker.cancel()
    assert saying.wait(PATIENCE_S) is Ending.CANCELLED
    assert not Path(f"/proc/{pid}").exists()
    assert _children() == before
    assert speaker.health().status is Status.UNKNOWN


def test_the_newest_sentence_replaces_what_is_being_said(
    started: Started, program: Program, tmp_path: Path
) -> None:
    aplay = program(
        f"cat > /dev/null; [ -e {tmp_path}/begun ] || {{ touch {tmp_path}/begun; sleep 600; }}"
    )
    speaker = started(AplayPlayer(command=aplay, opening_s=300))
    first = speaker.say("One.", "en")
    until((tmp_path / "begun").exists)
    second, third = speaker.say("Two.", "en"), speaker.say("Three.", "en")
    assert third.wait(PATIENCE_S) is Ending.SAID
    assert (first.ending, second.ending) == (Ending.CANCELLED, Ending.CANCELLED)


def test_what_is_cancelled_before_it_began_is_never_said(started: Started) -> None:
    speaker = started(AplayPlayer("null"))
    saying = speaker.say("Hello.", "en")
    saying.cancel()
    assert saying.wait(PATIENCE_S) in {Ending.CANCELLED, Ending.SAID}
    saying.cancel()
    speaker.cancel()


def test_nothing_to_say_is_said_at_once(started: Started) -> None:
    speaker = started(AplayPlayer(command=("aplay-missing",)))
    assert speaker.say(" \n", "en").wait(PATIENCE_S) is Ending.SAID


def test_a_speaker_that_is_off_tells_so_at_once() -> None:
    speaker = Speaker([EspeakVoice()], AplayPlayer("null"))
    told: list[Ending] = []
    assert speaker.say("Hello.", "en", told.append).ending is Ending.OFF
    assert told == [Ending.OFF]
    assert (speaker.health().status, speaker.health().message) == (
        Status.SKIPPED,
        "The speaker is off.",
    )
    speaker.cancel()
    assert speaker.stop()


def test_whoever_fails_at_being_told_does_not_silence_it(
    started: Started, caplog: pytest.LogCaptureFixture
) -> None:
    speaker = started(AplayPlayer("null"))

    def fails(_: Ending) -> None:
        raise RuntimeError("not our fault")

    speaker.say("One.", "en", fails).wait(PATIENCE_S)
    assert speaker.say("Two.", "en").wait(PATIENCE_S) is Ending.SAID
    assert "Whoever waited for the speaker failed" in caplog.text


def test_ten_times_in_a_row_leave_no_thread_no_file_and_no_program(program: Program) -> None:
    threads, files, before = threading.active_count(), open_files(), _children()
    hangs = program("exec sleep 600")
    for _ in range(10):
        speaker = Speaker([EspeakVoice()], AplayPlayer("null"))
        speaker.start()
        speaker.start()
        assert speaker.say("One.", "en").wait(PATIENCE_S) is Ending.SAID
        assert speaker.stop()
        hanging = Speaker([EspeakVoice()], AplayPlayer(command=hangs, opening_s=300))
        hanging.start()
        saying = hanging.say("Two.", "en")
        until(lambda: _children() != before)
        assert hanging.stop()
        assert saying.ending is Ending.CANCELLED
        assert _children() == before
    assert threading.active_count() == threads
    assert open_files() == files


def test_it_can_be_switched_off_and_on(program: Program, tmp_path: Path) -> None:
    speaker = Speaker([EspeakVoice()], AplayPlayer("null"))
    for _ in range(2):
        speaker.start()
        assert speaker.say("Hello.", "en").wait(PATIENCE_S) is Ending.SAID
        assert speaker.stop()
        assert speaker.say("Hello.", "en").ending is Ending.OFF
