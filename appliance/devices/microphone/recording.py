"""A recording as a microphone: 16 kHz mono sound with its own time."""

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np

from appliance.devices.microphone.resampling import Resampler
from appliance.devices.recording import Decoding, open_recording, sound_stream, start_time_s
from appliance.domain.media import SAMPLE_RATE_HZ, AudioBlock, FloatArray

_GAP_S = 0.1
"""A jump of time stamps beyond this is a hole in the recording, not rounding."""


class RecordingMicrophone:
    """Plays the sound of a recording as fast as it is asked.

    The mean of all channels is resampled by soxr at its high quality.

    Args:
        path: any container that FFmpeg reads.
        block_s: length of the blocks handed on; the last one, and one before a hole, is shorter.
    """

    def __init__(self, path: Path, block_s: float = 0.5) -> None:
        self._path = path
        self._block_samples = round(block_s * SAMPLE_RATE_HZ)
        self.fault: str | None = None
        """What was wrong with the sound, one sentence; None if nothing was."""

    def blocks(self) -> Iterator[AudioBlock]:
        """Yield blocks in order of time, a few seconds in memory at a time.

        Raises:
            RecordingNotFoundError, RecordingError: the file cannot be opened.
        """
        self.fault = None
        run: _Run | None = None
        for time_s, rate_hz, samples in self._native_sound():
            if run is not None and run.ends_before(time_s, rate_hz):
                yield from run.finish()
                run = None
            if run is None:
                run = _Run(time_s, rate_hz, self._block_samples)
            yield from run.accept(samples)
        if run is not None:
            yield from run.finish()

    def _native_sound(self) -> Iterator[tuple[float, int, FloatArray]]:
        """Yield (time_s, rate_hz, mono samples) at the rate of the recording."""
        with open_recording(self._path) as container:
            stream = sound_stream(container)
            if stream is None:
                return
            stream.thread_type = "AUTO"
            # Packed samples: reading planes crashes PyAV 18 from eight channels on.
            to_float = av.AudioResampler(format="flt")
            decoding = Decoding(container, stream)
            start_s = start_time_s(container)
            end_s = 0.0
            for packet in decoding.frames():
                packet_s = packet.time - start_s if packet.time is not None else end_s
                for sound in to_float.resample(packet):
                    channels = sound.to_ndarray().reshape(-1, sound.layout.nb_channels)
                    samples = channels.mean(axis=1)
                    time_s, samples = _from_zero(packet_s, sound.sample_rate, samples)
                    end_s = time_s + len(samples) / sound.sample_rate
                    yield time_s, sound.sample_rate, samples
            self.fault = decoding.fault("sound", end_s)


class _Run:
    """One unbroken stretch of sound on its way to 16 kHz blocks."""

    def __init__(self, time_s: float, rate_hz: int, block_samples: int) -> None:
        self._start_s = time_s
        self._rate_hz = rate_hz
        self._taken = 0
        self._given = 0
        self._block_samples = block_samples
        self._resampler = Resampler(rate_hz)
        self._waiting = np.empty(0, np.float32)

    def ends_before(self, time_s: float, rate_hz: int) -> bool:
        expected_s = self._start_s + self._taken / self._rate_hz
        return rate_hz != self._rate_hz or abs(time_s - expected_s) > _GAP_S

    def accept(self, samples: FloatArray) -> Iterator[AudioBlock]:
        self._taken += len(samples)
        self._waiting = np.concatenate([self._waiting, self._resampler.accept(samples)])
        while len(self._waiting) >= self._block_samples:
            yield self._cut(self._block_samples)

    def finish(self) -> Iterator[AudioBlock]:
        self._waiting = np.concatenate([self._waiting, self._resampler.finish()])
        while len(self._waiting):
            yield self._cut(min(self._block_samples, len(self._waiting)))

    def _cut(self, count: int) -> AudioBlock:
        block = AudioBlock(
            self._start_s + self._given / SAMPLE_RATE_HZ,
            self._waiting[:count],
        )
        self._waiting = self._waiting[count:]
        self._given += count
        return block


def _from_zero(time_s: float, rate_hz: int, samples: FloatArray) -> tuple[float, FloatArray]:
    """Cut away what lies before 0 s (encoders put priming samples there)."""
    early = max(0, round(-time_s * rate_hz))
    return (0.0, samples[early:]) if early else (time_s, samples)
