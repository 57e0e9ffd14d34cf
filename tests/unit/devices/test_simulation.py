"""One recording as camera and microphone, on one time line."""

from pathlib import Path

import pytest

from appliance.devices.simulation import Simulation
from appliance.domain.errors import EndOfRecordingError
from tests.devices import ManualClock
from tests.media import grey, tone, write_recording


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return write_recording(tmp_path / "clip.mkv", [grey(64, 48)] * 25, sound=tone(440, 1.0))


def _first(clock: ManualClock, simulation: Simulation, *, late_s: float = 0.5) -> list[float]:
    """When picture and sound begin, the sound opened a little later."""
    camera = simulation.camera()
    clock.now += late_s
    microphone = simulation.microphone()
    clock.now += 2.0
    frame, block = camera.read(), microphone.read()
    camera.close()
    microphone.close()
    assert frame is not None
    assert block is not None
    return [block.time_s, frame.time_s]


def test_both_begin_together_though_one_is_opened_later(clip: Path) -> None:
    clock = ManualClock()
    simulation = Simulation(clip, clock)
    sound_s, picture_s = _first(clock, simulation)
    assert sound_s == pytest.approx(100.3, abs=0.01)
    assert (picture_s - 100.3) % 0.04 == pytest.approx(0.0, abs=0.045)


def test_what_is_opened_much_later_begins_anew(clip: Path) -> None:
    clock = ManualClock()
    simulation = Simulation(clip, clock)
    _first(clock, simulation)
    clock.now += 60.0
    now_s = clock.now
    sound_s, _ = _first(clock, simulation)
    assert sound_s == pytest.approx(now_s + 0.3, abs=0.01)


def test_it_may_end(clip: Path) -> None:
    clock = ManualClock()
    microphone = Simulation(clip, clock, repeats=False).microphone()
    clock.now += 10.0
    for _ in range(10):
        microphone.read()
    with pytest.raises(EndOfRecordingError):
        microphone.read()
