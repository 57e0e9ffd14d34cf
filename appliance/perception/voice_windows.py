"""Cuts speech into windows while it goes on, for whatever needs a few seconds of voice at once."""

import numpy as np

from appliance.domain.media import SAMPLE_RATE_HZ, AudioBlock, FloatArray

WINDOW_S = 3.0
"""About the length of a clip that the voice models were trained on."""

HOP_S = 1.5

_LENGTH, _HOP = round(WINDOW_S * SAMPLE_RATE_HZ), round(HOP_S * SAMPLE_RATE_HZ)

_TAIL = round(0.25 * SAMPLE_RATE_HZ)
"""Speech after the last window that is shorter than this says nothing new."""


class VoiceWindows:
    """Windows of 3 s, one every 1.5 s, each given as soon as somebody has spoken to its end.

    The last one ends where the speech does; speech shorter than a window is one window. At most
    4.5 s of speech are held, and what came after it.

    Args:
        start_s: when the speech begins.
    """

    def __init__(self, start_s: float) -> None:
        self._start_s = start_s
        self._sound: FloatArray = np.empty(0, np.float32)  # from the last window's start on
        self._next = 0  # where in it the next window starts
        self._spoken = 0  # where in it the last speech ends

    @property
    def unsure_s(self) -> float:
        """Seconds since somebody surely spoke."""
        return (len(self._sound) - self._spoken) / SAMPLE_RATE_HZ

    def accept(self, sound: FloatArray, *, spoken: bool) -> list[AudioBlock]:
        """Take (n,) samples that follow, and give the windows that they complete.

        Args:
            sound: at 16 kHz.
            spoken: somebody surely speaks at its end.
        """
        self._sound = np.concatenate([self._sound, sound])
        if not spoken:
            return []
        self._spoken = len(self._sound)
        complete = []
        while self._spoken - self._next >= _LENGTH:
            complete.append(self._window(self._next, self._next + _LENGTH))
            self._start_s += self._next / SAMPLE_RATE_HZ
            self._sound = self._sound[self._next :]
            self._spoken -= self._next
            self._next = _HOP
        return complete

    def finish(self, padding: int) -> list[AudioBlock]:
        """Give the last window: the speech has ended.

        Args:
            padding: samples after the speech that belong to it.
        """
        end = min(len(self._sound), self._spoken + padding)
        if self._next and end - _LENGTH < _TAIL:
            return []
        return [self._window(max(0, end - _LENGTH), end)]

    def _window(self, first: int, end: int) -> AudioBlock:
        return AudioBlock(self._start_s + first / SAMPLE_RATE_HZ, self._sound[first:end].copy())
