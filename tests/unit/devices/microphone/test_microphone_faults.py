"""What happens to a microphone in use: PyAudio on a real PulseAudio, under the real supervisor.

`pytest -o junit_family=xunit1 --junitxml=FILE` writes the recovery times as properties to FILE.
"""

import threading
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from appliance.devices.machine import THIS_MACHINE
from appliance.devices.microphone.selection import (
    MicrophoneSettings,
    list_microphones,
    microphone_opener,
)
from appliance.devices.microphone.speak_now import speak_now
from appliance.devices.playback import Playback
from appliance.devices.supervisor import Patience, State, Supervisor
from appliance.domain.health import Status
from appliance.domain.media import AudioBlock, FloatArray
from tests.media import tone, write_recording
from tests.pulse import SoundServer, sound_server
from tests.waiting import until

Record = Callable[[str, object], None]


class Booth:
    """A supervised microphone, and all that it gave."""

    def __init__(self, settings: MicrophoneSettings, patience: Patience | None = None) -> None:
        self.blocks: list[AudioBlock] = []
        self.supervisor = Supervisor(
            "microphone",
            microphone_opener(settings, THIS_MACHINE, time.monotonic),
            self.blocks.append,
            time.monotonic,
            patience,
        )
        self.supervisor.start()

    def hears(self, more: int = 3) -> None:
        """Wait for some blocks more."""
        count = len(self.blocks) + more
        until(lambda: len(self.blocks) >= count)

    def is_in(self, *states: State) -> None:
        """Wait for a state."""
        until(lambda: self.supervisor.state in states)

    def gets_over(self, fault: str, end: Callable[[], None], record: Record) -> None:
        """End a fault, and note how long it takes until sound comes again."""
        ended_s = time.monotonic()
        end()
        count = len(self.blocks)
        until(lambda: len(self.blocks) > count and self.supervisor.state is State.HEALTHY)
        record(f"recovery_s: {fault}", round(time.monotonic() - ended_s, 2))

    def sound(self) -> FloatArray:
        return np.concatenate([block.samples for block in self.blocks])


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SoundServer]:
    with sound_server(tmp_path, monkeypatch) as server:
        yield server


@pytest.fixture
def start() -> Iterator[Callable[..., Booth]]:
    booths: list[Booth] = []

    def started(
        settings: MicrophoneSettings | None = None, patience: Patience | None = None
    ) -> Booth:
        booths.append(Booth(settings or MicrophoneSettings(), patience))
        return booths[-1]

    yield started
    assert all(booth.supervisor.stop(30) for booth in booths)


def _noise(seconds: float, rate_hz: int = 16_000) -> npt.NDArray[np.int16]:
    """Noise that begins and ends with a sample that is not zero."""
    samples = np.random.default_rng(1).integers(-8000, 8000, round(seconds * rate_hz))
    samples[0] = samples[-1] = 4711
    return samples.astype(np.int16)


def test_what_is_heard_is_what_was_played_to_the_bit(
    server: SoundServer, start: Callable[..., Booth]
) -> None:
    server.plug_in()
    booth = start()
    booth.hears()
    played = _noise(2.0)
    server.play(played)
    booth.hears(12)
    heard = np.round(booth.sound() * 32768).astype(np.int16)
    first = int(np.flatnonzero(heard)[0])
    np.testing.assert_array_equal(heard[first : first + len(played)], played)
    assert not heard[first + len(played) :].any()


def test_times_follow_each_other_on_the_clock(
    server: SoundServer, start: Callable[..., Booth]
) -> None:
    server.plug_in()
    booth = start()
    began_s = time.monotonic()
    booth.hears(30)
    for before, after in pairwise(booth.blocks):
        assert after.time_s == pytest.approx(before.end_s, abs=0.05)
    assert began_s - 1 < booth.blocks[0].time_s < booth.blocks[-1].end_s < time.monotonic() + 1


def test_unplugged_and_plugged_in_again(
    server: SoundServer, start: Callable[..., Booth], record_property: Record
) -> None:
    server.plug_in()
    booth = start()
    booth.hears()
    server.unplug()
    booth.is_in(State.RECOVERING)
    assert booth.supervisor.health().status is Status.CRITICAL
    booth.gets_over("unplugged and back", server.plug_in, record_property)
    assert all(before.end_s <= after.time_s + 0.05 for before, after in pairwise(booth.blocks))


def test_no_microphone_at_the_start_and_one_later(
    server: SoundServer, start: Callable[..., Booth], record_property: Record
) -> None:
    booth = start()
    until(lambda: "There is no microphone" in booth.supervisor.health().message)
    booth.gets_over("none at the start, one later", server.plug_in, record_property)
    assert booth.supervisor.health().status is Status.HEALTHY


def test_a_sound_server_that_starts_late(
    server: SoundServer, start: Callable[..., Booth], record_property: Record
) -> None:
    server.stop()
    booth = start()
    until(lambda: "There is no microphone" in booth.supervisor.health().message)
    server.start()
    booth.gets_over("the sound server starts late", server.plug_in, record_property)
    assert booth.supervisor.health().details["recoveries"] == 1


def test_reads_that_block_without_an_error(
    server: SoundServer, start: Callable[..., Booth], record_property: Record
) -> None:
    server.plug_in()
    booth = start()
    booth.hears()
    server.halt()
    booth.is_in(State.ALARMED)
    booth.is_in(State.RECOVERING)
    assert "went quiet" in booth.supervisor.health().message
    booth.gets_over("the server stands still and goes on", server.go_on, record_property)


def test_a_moment_of_standing_still_needs_no_opening(
    server: SoundServer, start: Callable[..., Booth]
) -> None:
    server.plug_in()
    booth = start()
    booth.hears()
    server.halt()
    booth.is_in(State.ALARMED)
    server.go_on()
    booth.is_in(State.HEALTHY)
    booth.hears(20)
    assert booth.supervisor.health().details["last_recovery_s"] < Patience().reopen_s
    assert all(before.time_s < after.time_s for before, after in pairwise(booth.blocks))


def test_the_end_of_a_recording_is_no_fault(tmp_path: Path, start: Callable[..., Booth]) -> None:
    clip = write_recording(tmp_path / "clip.wav", sound=tone(440, 0.5))
    booth = start(MicrophoneSettings(playback=Playback(clip)))
    booth.is_in(State.ENDED)
    assert sum(block.duration_s for block in booth.blocks) == pytest.approx(0.5, abs=0.01)
    assert booth.supervisor.health().message == "The recording is over."


def test_the_microphone_that_is_spoken_into_is_found(server: SoundServer) -> None:
    server.plug_in()
    speech = np.concatenate([_noise(0.4), np.zeros(4000, np.int16)] * 4)
    speaking = threading.Timer(2.5, server.play, [speech])
    speaking.start()
    found = list_microphones(THIS_MACHINE)
    tried = speak_now(found, lambda one: microphone_opener(MicrophoneSettings(one.identity)))
    speaking.join(30)
    assert tried[0].speaks
    assert tried[0].loud_dbfs == pytest.approx(-17, abs=3)
