"""How loud it is at the microphone, for staff who set up a booth."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from appliance.domain.errors import DeviceError
from appliance.domain.health import Status
from appliance.domain.media import AudioBlock
from appliance.operations.doctor.hearing import check_hearing


class Microphone:
    """Gives the same block again and again, or nothing, on a clock of its own."""

    def __init__(self, amplitude: float | None) -> None:
        self.now_s = 0.0
        self.is_closed = False
        self._amplitude = amplitude

    def clock(self) -> float:
        return self.now_s

    def read(self) -> AudioBlock | None:
        self.now_s += 0.1
        if self._amplitude is None:
            return None
        if self._amplitude < 0:
            raise DeviceError("It was pulled out.", "Plug it in.")
        return AudioBlock(self.now_s, np.full(1600, self._amplitude, np.float32))

    def close(self) -> None:
        self.is_closed = True

    def complaint(self) -> str | None:
        return None

    def details(self) -> dict[str, Any]:
        return {}

    def __iter__(self) -> Iterator[AudioBlock]:
        raise AssertionError


@pytest.mark.parametrize(
    ("amplitude", "status", "words"),
    [
        (0.1, Status.HEALTHY, "It hears you (-20 dBFS)."),
        (0.0, Status.WARNING, "hears hardly anything"),
        (None, Status.CRITICAL, "sent nothing for 5 s"),
        (-1.0, Status.CRITICAL, "It was pulled out."),
    ],
)
def test_what_is_heard_is_told_and_the_microphone_let_go(
    amplitude: float | None, status: Status, words: str
) -> None:
    microphone = Microphone(amplitude)
    found = check_hearing(lambda: microphone, microphone.clock)
    assert found.status is status
    assert words in found.message
    assert microphone.is_closed


def test_one_that_cannot_be_opened_is_told() -> None:
    def opener() -> Microphone:
        raise DeviceError("There is no microphone.", "Plug one in.")

    found = check_hearing(opener)
    assert (found.status, found.advice) == (Status.CRITICAL, "Plug one in.")
