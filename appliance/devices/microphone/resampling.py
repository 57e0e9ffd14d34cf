"""Sound at any rate to the 16 kHz that the booth works on."""

import numpy as np
import soxr

from appliance.domain.media import SAMPLE_RATE_HZ, FloatArray


class Resampler:
    """Resamples unbroken mono sound by soxr at its high quality; 16 kHz passes as it is.

    Args:
        rate_hz: of the sound that comes in.
    """

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._taken = 0
        self._given = 0
        self._stream = (
            None
            if rate_hz == SAMPLE_RATE_HZ
            else soxr.ResampleStream(rate_hz, SAMPLE_RATE_HZ, 1, dtype="float32")
        )

    @property
    def held_s(self) -> float:
        """Seconds of sound that came in and have not come out yet."""
        return self._taken / self._rate_hz - self._given / SAMPLE_RATE_HZ

    def accept(self, samples: FloatArray) -> FloatArray:
        """Resample the next stretch; what comes out lags a few milliseconds behind.

        Args:
            samples: (n,) float32. What is no level, as a float recording may hold, is silence.
        """
        clean = np.clip(np.nan_to_num(samples, posinf=1.0, neginf=-1.0), -1.0, 1.0)
        return self._pass(clean, last=False)

    def finish(self) -> FloatArray:
        """The rest, at the end of the sound."""
        return self._pass(np.empty(0, np.float32), last=True)

    def _pass(self, samples: FloatArray, *, last: bool) -> FloatArray:
        self._taken += len(samples)
        if self._stream is None:
            result = samples
        else:
            result = np.clip(self._stream.resample_chunk(samples, last=last), -1.0, 1.0)
        self._given += len(result)
        return np.asarray(result, np.float32)
