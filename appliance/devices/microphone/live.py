"""A microphone by PyAudio: its sound as 16 kHz blocks on the booth's clock.

PortAudio hands sound to a callback. Its blocking `read` does not return on ALSA once the card is
gone, and a stream without a callback then keeps the card's file open for ever.
"""

import threading
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import numpy as np

from appliance.devices.machine import Machine
from appliance.devices.microphone import portaudio
from appliance.devices.microphone.portaudio import Input, PortAudio
from appliance.devices.microphone.resampling import Resampler
from appliance.devices.microphone.sample_clock import SampleClock
from appliance.domain.errors import DeviceError
from appliance.domain.media import SAMPLE_RATE_HZ, AudioBlock, FloatArray

_BLOCK_S = 0.1
_READ_TIMEOUT_S = 0.2
_MOST_WAITING = 100
"""Blocks, ten seconds: the supervisor's thread takes them at once, unless the machine hangs."""

_SILENT_S = 5.0
_RATES_HZ = (48_000, 44_100, 32_000, 16_000, 8_000)
_INT16 = 32768


def open_microphone(
    identity: str, machine: Machine, clock: Callable[[], float], library: Any = None
) -> "LiveMicrophone":
    """Open a microphone.

    Args:
        identity: its lasting name; empty for the system's default, or the first that works.
        machine: where to look.
        clock: monotonic seconds.
        library: PyAudio's module; the installed one by default.

    Raises:
        DeviceError: it is not there, in use, or cannot be opened now.
        DeviceUnusableError: this user may not use it, or PyAudio is missing.
    """
    with portaudio.LOCK:
        session = PortAudio(library or portaudio.library())
        try:
            return LiveMicrophone(session, machine, identity, clock)
        except BaseException:
            session.end()
            raise


class LiveMicrophone:
    """An open microphone; made by `open_microphone`."""

    def __init__(
        self,
        session: PortAudio,
        machine: Machine,
        identity: str,
        clock: Callable[[], float],
    ) -> None:
        self._session = session
        self._machine = machine
        self._clock = clock
        self._changed = threading.Condition()
        self._waiting: deque[tuple[bytes, float, bool]] = deque()
        self._lost = False
        self._overflows = 0
        self._silent_s = 0.0
        self._closed = False
        self._input, self._stream, self._rate_hz, self._channels = self._open(identity)
        self._stamps = SampleClock(self._rate_hz)
        self._resampler = Resampler(self._rate_hz)

    def read(self) -> AudioBlock | None:
        """Return the next block, or None where none came in time.

        Raises:
            DeviceError: it was unplugged, or PortAudio ended the stream.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._waiting, _READ_TIMEOUT_S)
            taken = self._waiting.popleft() if self._waiting else None
        if taken is None:
            self._require_alive()
            return None
        raw, about_s, lost = taken
        samples = self._mono(raw)
        self._watch(samples)
        start_s, gap = self._stamps.stamp(len(samples), about_s, lost=lost)
        if gap:
            self._resampler = Resampler(self._rate_hz)
        start_s -= self._resampler.held_s
        block = AudioBlock(start_s, self._resampler.accept(samples))
        return block if len(block.samples) else None

    def close(self) -> None:
        """Let go of the microphone."""
        if self._closed:
            return
        self._closed = True
        with portaudio.LOCK:
            try:
                self._stream.close()
            finally:
                self._session.end()

    def complaint(self) -> str | None:
        """What is wrong with the sound."""
        if self._silent_s >= _SILENT_S:
            return "The microphone gives silence and nothing else. Is it muted?"
        return None

    def details(self) -> Mapping[str, Any]:
        """Name, identity, rate, channels, and how often sound was lost."""
        return {
            "backend": "pyaudio",
            "device": self._input.name,
            "identity": self._input.identity,
            "rate_hz": self._rate_hz,
            "channels": self._channels,
            "overflows": self._overflows,
        }

    def _open(self, identity: str) -> tuple[Input, Any, int, int]:
        """Open the first input that can be, at a rate that it has."""
        likeliest, *others = portaudio.choose(self._session.audio, identity, self._machine)
        try:
            return self._open_input(likeliest)
        except OSError as error:
            for source in others:
                with suppress(OSError):
                    return self._open_input(source)
            portaudio.require_permission(self._machine, identity)
            raise portaudio.in_words(error, likeliest, self._machine) from error

    def _open_input(self, source: Input) -> tuple[Input, Any, int, int]:
        likeliest, *others = _modes(source)
        try:
            return source, self._stream_of(source, *likeliest), *likeliest
        except OSError as error:
            if not _is_of_mode(error):
                raise
            for mode in others:
                with suppress(OSError):
                    return source, self._stream_of(source, *mode), *mode
            raise

    def _stream_of(self, source: Input, rate_hz: int, channels: int) -> Any:
        return self._session.audio.open(
            rate=rate_hz,
            channels=channels,
            format=self._session.library.paInt16,
            input=True,
            input_device_index=source.index,
            frames_per_buffer=round(rate_hz * _BLOCK_S),
            stream_callback=self._callback(rate_hz),
        )

    def _callback(self, rate_hz: int) -> Callable[..., tuple[None, int]]:
        """What PortAudio calls, in a thread of its own, with every block."""
        overflow, go_on = self._session.library.paInputOverflow, self._session.library.paContinue

        def take(raw: bytes | None, count: int, _: object, status: int) -> tuple[None, int]:
            about_s = self._clock() - count / rate_hz
            with self._changed:
                lost = bool(status & overflow)
                if len(self._waiting) >= _MOST_WAITING:
                    self._waiting.popleft()
                    lost = True
                self._overflows += lost
                self._waiting.append((raw or b"", about_s, lost))
                self._changed.notify()
            return None, go_on

        return take

    def _mono(self, raw: bytes) -> FloatArray:
        channels = np.frombuffer(raw, np.int16).reshape(-1, self._channels).astype(np.float32)
        mono: FloatArray = channels.mean(axis=1) / np.float32(_INT16)
        return mono

    def _watch(self, samples: FloatArray) -> None:
        """Note exact silence: a real microphone always has some noise."""
        self._silent_s = 0.0 if samples.any() else self._silent_s + len(samples) / self._rate_hz

    def _require_alive(self) -> None:
        card = self._input.card
        if card is not None and not card.is_there:
            raise DeviceError("The microphone was unplugged.", "Plug it in again.")
        if not self._stream.is_active():
            raise DeviceError("The microphone stopped.", "Check its cable.")


def _modes(source: Input) -> list[tuple[int, int]]:
    """Rates and channels to try: a card's own rate, or ours where a sound server resamples."""
    first = source.rate_hz if source.card is not None else SAMPLE_RATE_HZ
    rates = [first, *(rate_hz for rate_hz in _RATES_HZ if rate_hz != first)]
    return [(rate_hz, count) for rate_hz in rates for count in (1, 2) if count <= source.channels]


def _is_of_mode(error: OSError) -> bool:
    """Whether another rate or number of channels may work."""
    return error.args[0] in {portaudio.NO_SUCH_RATE, portaudio.NO_SUCH_CHANNELS}
