"""The smallest microphone that PyAudio makes: a stand-in, for `alsa_microphone.py` alone.

It holds the place of the booth's own live microphone, and shows what that has to cope with on
ALSA. Once the card is gone, PortAudio's blocking `read` does not return, and closing a stream
without a callback fails and keeps the card's node open, so that the kernel cannot let go of it. A
stream with a callback just stops calling it, and closes well (libportaudio2 19.6 with snd-aloop).
"""

import importlib
import queue
import time
from collections.abc import Mapping
from typing import Any

import numpy as np
import soxr

from appliance.domain.errors import DeviceError
from appliance.domain.media import SAMPLE_RATE_HZ, AudioBlock

pyaudio: Any = importlib.import_module("pyaudio")  # it has no types

_MODES = [(rate_hz, channels) for rate_hz in (44_100, 48_000, 16_000) for channels in (1, 2)]


class CallbackMicrophone:
    """The first microphone whose name holds certain words, at whatever rate it has."""

    def __init__(self, words: str) -> None:
        self._audio = pyaudio.PyAudio()
        self._waiting: queue.Queue[bytes] = queue.Queue()
        try:
            self._rate_hz, self._channels, self._stream = self._open(self._index(words))
        except BaseException:
            self._audio.terminate()
            raise
        self._resampler = soxr.ResampleStream(self._rate_hz, SAMPLE_RATE_HZ, 1, dtype="float32")

    def read(self) -> AudioBlock | None:
        """Return the next block, None where none came in time."""
        try:
            raw = self._waiting.get(timeout=0.2)
        except queue.Empty:
            return None
        mono = np.frombuffer(raw, np.int16).reshape(-1, self._channels).mean(axis=1) / 32768
        samples = self._resampler.resample_chunk(mono.astype(np.float32))
        return AudioBlock(time.monotonic() - len(mono) / self._rate_hz, samples)

    def close(self) -> None:
        """Let go of the card."""
        self._stream.close()
        self._audio.terminate()

    def complaint(self) -> str | None:
        """Nothing is looked at."""
        return None

    def details(self) -> Mapping[str, Any]:
        """The rate and the channels of the card."""
        return {"rate_hz": self._rate_hz, "channels": self._channels}

    def _index(self, words: str) -> int:
        for index in range(self._audio.get_device_count()):
            if words in str(self._audio.get_device_info_by_index(index)["name"]):
                return index
        raise DeviceError("There is no microphone.")

    def _open(self, index: int) -> tuple[int, int, Any]:
        refused: OSError | None = None
        for rate_hz, channels in _MODES:
            try:
                stream = self._audio.open(
                    rate_hz,
                    channels,
                    pyaudio.paInt16,
                    input=True,
                    input_device_index=index,
                    frames_per_buffer=rate_hz // 10,
                    stream_callback=self._take,
                )
            except OSError as error:
                refused = error
                continue
            return rate_hz, channels, stream
        raise DeviceError(f"The microphone cannot be opened: {refused}.")

    def _take(self, raw: bytes | None, *_: object) -> tuple[None, int]:
        self._waiting.put(raw or b"")
        return None, pyaudio.paContinue
