"""The booth's own microphone on a sound card as the kernel shows one, under its supervisor."""

import itertools
import subprocess
import sys
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pytest
import soxr

from appliance.devices.microphone.selection import (
    MicrophoneSettings,
    list_microphones,
    microphone_opener,
)
from appliance.devices.supervisor import Patience
from appliance.domain.media import SAMPLE_RATE_HZ, AudioBlock, FloatArray
from tests.hardware.vm.machine import SoundCard
from tests.hardware.vm.supervised import Supervised, held, supervised

_HIGHEST_HZ = 6000
"""Well below half of 16 kHz, so that no resampler may take anything away."""

_TRIES = 5


_NAME = "Loopback"

_AS_NOBODY = """
import os
import pyaudio, numpy, soxr
from appliance.devices.microphone.selection import MicrophoneSettings, microphone_opener
from appliance.domain.errors import DeviceUnusableError
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
try:
    microphone_opener(MicrophoneSettings("Loopback"))()
except DeviceUnusableError as error:
    print(error)
"""

_open = microphone_opener(MicrophoneSettings(_NAME))


@pytest.fixture
def device(card: SoundCard) -> Iterator[Supervised[AudioBlock]]:
    """The microphone, running."""
    card.load()
    with supervised("microphone", _open) as device:
        device.wait_until_it_works()
        yield device


@pytest.mark.parametrize(("rate_hz", "channels"), [(16_000, 1), (44_100, 1), (48_000, 2)])
def test_what_is_played_is_heard_to_the_sample(
    card: SoundCard, rate_hz: int, channels: int
) -> None:
    card.load()
    played = _noise(rate_hz, 2.0)
    expected = soxr.resample(played.astype(np.float32) / 32768, rate_hz, SAMPLE_RATE_HZ)
    with card.playing(rate_hz, channels) as player, supervised("microphone", _open) as device:
        while not device.samples:
            player.pause(0.1)
        # The card itself loses sound where the emulated machine stands still for a moment.
        for _ in range(_TRIES):
            begin = len(device.samples)
            player.pause(0.5)
            player.play(played)
            player.pause(1.5)
            heard = np.concatenate([block.samples for block in device.samples[begin:]])
            difference = _difference(heard, expected)
            if difference < 0.001:
                break
    assert difference < 0.001


def test_blocks_follow_each_other_on_the_clock(device: Supervised[AudioBlock]) -> None:
    blocks = device.wait_for_samples(20)
    assert all(a.time_s < b.time_s for a, b in itertools.pairwise(blocks))
    by_clock_s = blocks[-1].time_s - blocks[0].time_s
    assert sum(block.duration_s for block in blocks[:-1]) == pytest.approx(by_clock_s, rel=0.2)


def test_a_microphone_in_use_is_taken_when_the_other_program_ends(card: SoundCard) -> None:
    card.load()
    command = ["arecord", "-q", "-D", "hw:Loopback,0,0", "-f", "S16_LE", "-t", "raw"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.read(1)
        with supervised("microphone", _open) as device:
            device.get_over("microphone busy", lambda: None, other.kill)
        assert device.said == [f"The microphone is in use by arecord (process {other.pid})."]


def test_the_card_is_listed_and_found_by_its_lasting_name(card: SoundCard) -> None:
    card.load()
    (found,) = (one for one in list_microphones() if one.identity == _NAME)
    assert found.fault is None
    with supervised("microphone", microphone_opener(MicrophoneSettings(found.identity))) as device:
        device.wait_until_it_works()
        assert "(hw:0," in device.health.details["device"]


def test_without_a_name_the_first_card_that_works_is_taken(card: SoundCard) -> None:
    card.load()
    with supervised("microphone", microphone_opener(MicrophoneSettings())) as device:
        device.wait_until_it_works()


def test_who_may_not_use_it_is_told_the_group(card: SoundCard) -> None:
    card.load()
    answer = subprocess.run(
        [sys.executable, "-c", _AS_NOBODY], capture_output=True, text=True, check=True
    ).stdout
    assert "group 'audio'" in answer
    assert "usermod" in answer


def test_a_microphone_may_appear_after_the_start(card: SoundCard) -> None:
    with supervised("microphone", _open) as device:
        device.get_over("no microphone at the start", lambda: None, card.load)


def test_a_microphone_that_is_unplugged_comes_back(
    device: Supervised[AudioBlock], card: SoundCard
) -> None:
    device.get_over("microphone unplugged", card.unplug, card.plug)


def test_ten_times_unplugged_leaks_nothing(card: SoundCard) -> None:
    card.load()
    with supervised("microphone", _open, Patience(steady_s=0.5)) as device:

        def once() -> None:
            device.wait_for_samples(10)
            device.get_over("microphone unplugged again and again", card.unplug, card.plug)

        once()
        before = held()
        for _ in range(10):
            once()
        assert held() == before
        assert device.health.details["recoveries"] == 11


def _noise(rate_hz: int, length_s: float) -> npt.NDArray[np.int16]:
    """Noise at half of the full scale, without tones above `_HIGHEST_HZ`."""
    count = round(rate_hz * length_s)
    spectrum = np.fft.rfft(np.random.default_rng(4).standard_normal(count))
    spectrum[np.fft.rfftfreq(count, 1 / rate_hz) > _HIGHEST_HZ] = 0
    noise = np.fft.irfft(spectrum, count)
    samples: npt.NDArray[np.int16] = np.round(16_000 * noise / np.abs(noise).max()).astype(np.int16)
    return samples


def _difference(heard: FloatArray, expected: FloatArray) -> float:
    """How much of the expected sound was heard wrongly, where it fits best; 1 is all of it.

    The player and the resampler start between two samples of each other, so the rest of the delay
    is read from the phases: they turn with the frequency, by as much as the delay.
    """
    padded = len(heard)
    fit = np.fft.irfft(np.fft.rfft(heard) * np.conj(np.fft.rfft(expected, padded)), padded)
    start = int(fit[: padded - len(expected)].argmax())
    part = np.fft.rfft(heard[start : start + len(expected)])
    whole = np.fft.rfft(expected)
    turns_per_sample = np.fft.rfftfreq(len(expected))
    both = (part * np.conj(whole))[turns_per_sample < _HIGHEST_HZ / SAMPLE_RATE_HZ]
    used = turns_per_sample[: len(both)]
    strength = np.abs(both)
    late = -float((strength * used * np.angle(both)).sum() / (strength * used**2).sum() / 2 / np.pi)
    shifted = whole * np.exp(-2j * np.pi * late * turns_per_sample)
    inner = slice(200, -200)  # the edges are the resamplers' own
    wrong = np.fft.irfft(part - shifted, len(expected))[inner]
    return float(np.sqrt((wrong**2).mean() / (expected[inner] ** 2).mean()))
