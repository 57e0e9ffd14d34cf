"""Spoken sound, as a voice makes it and a player takes it."""

import io
import struct
import wave
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from appliance.domain.errors import DeviceError

_FULL = 32_767
_PEAK = 0.8


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """Mono sound.

    Attributes:
        samples: (n,) int16.
        rate_hz: samples a second.
    """

    samples: npt.NDArray[np.int16]
    rate_hz: int

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.rate_hz

    def to_wav(self) -> bytes:
        """The same as a WAV file."""
        file = io.BytesIO()
        with wave.open(file, "wb") as writer:
            writer.setnchannels(1)
            writer.setsampwidth(2)
            writer.setframerate(self.rate_hz)
            writer.writeframes(self.samples.astype("<i2").tobytes())
        return file.getvalue()


def levelled(samples: npt.NDArray[np.float32], rate_hz: int) -> Sound:
    """Sound at the one peak that all voices share, so that none is louder than another.

    Args:
        samples: (n,) at any level; n may be 0.
        rate_hz: samples a second.
    """
    peak = float(np.abs(samples).max(initial=0.0))
    gain = _PEAK * _FULL / peak if peak > 0 else 0.0
    return Sound(np.round(samples * gain).astype(np.int16), rate_hz)


def from_wav(data: bytes) -> Sound:
    """Sound out of a mono WAV of 16 bits, also one that was streamed and does not know its length.

    Raises:
        DeviceError: it is something else.
    """
    place, rate_hz = 12, 0
    while data[:4] == b"RIFF" and place + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, place)
        place += 8
        if name == b"fmt " and place + 16 <= len(data):
            _, channels, rate_hz, _, _, bits = struct.unpack_from("<HHIIHH", data, place)
            if (channels, bits) != (1, 16):
                break
        if name == b"data" and rate_hz:
            end = min(place + size, len(data))
            pcm = np.frombuffer(data[place : end - (end - place) % 2], "<i2")
            return levelled(pcm.astype(np.float32), rate_hz)
        place += size + size % 2
    raise DeviceError("The voice gave something that is no sound.")
