"""A device under the booth's own supervisor, and what a test asks of the two."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Generic, TypeVar

from appliance.devices.source import Opener
from appliance.devices.supervisor import Patience, State, Supervisor
from appliance.domain.health import Health
from tests.hardware.vm.machine import wait_until

T = TypeVar("T")

RECOVERIES: dict[str, list[tuple[float, float]]] = {}
"""What the run prints at its end: seconds until each fault was noticed, and from its repair on."""


class Supervised(Generic[T]):
    """A running device and everything it has delivered.

    Attributes:
        samples: frames or blocks, oldest first.
        said: what the supervisor said of each fault that it got over.
    """

    def __init__(self, name: str, opener: Opener[T], patience: Patience | None) -> None:
        self.samples: list[T] = []
        self.said: list[str] = []
        self._supervisor = Supervisor(name, opener, self.samples.append, time.monotonic, patience)

    @property
    def health(self) -> Health:
        """What the supervisor says."""
        return self._supervisor.health()

    def start(self) -> None:
        """Begin."""
        self._supervisor.start()

    def stop(self) -> None:
        """End; the device's thread must have ended."""
        assert self._supervisor.stop(timeout_s=30), "the device's thread is stuck"

    def wait_for(self, *states: State) -> float:
        """Wait until it is in one of these states; return how long it took."""
        what = " or ".join(state.value for state in states)
        return self._wait(lambda: self._supervisor.state in states, what)

    def wait_for_samples(self, count: int) -> list[T]:
        """Wait for so many new ones."""
        known = len(self.samples)
        self._wait(lambda: len(self.samples) >= known + count, f"{count} samples")
        return self.samples[known : known + count]

    def wait_until_it_works(self) -> float:
        """Wait until new samples come; return how long it took."""
        known = len(self.samples)
        return self._wait(
            lambda: len(self.samples) > known and self._supervisor.state is State.HEALTHY, "samples"
        )

    def get_over(self, fault: str, happen: Callable[[], None], repair: Callable[[], None]) -> None:
        """Let a fault happen and repair it; the device must have been lost, and come back."""
        began = time.monotonic()
        happen()
        self.wait_for(State.RECOVERING)
        noticed_s = time.monotonic() - began
        self.said.append(self.health.message)
        repair()
        back_s = self.wait_until_it_works()
        RECOVERIES.setdefault(fault, []).append((noticed_s, back_s))

    def _wait(self, happened: Callable[[], bool], what: str) -> float:
        def checked() -> bool:
            self._supervisor.check()  # as the booth does
            return happened()

        try:
            return wait_until(checked, what)
        except TimeoutError as error:
            raise TimeoutError(f"{error}; {self.health}") from None


@contextmanager
def supervised(
    name: str, opener: Opener[T], patience: Patience | None = None
) -> Iterator[Supervised[T]]:
    """Run a device until the test ends."""
    device = Supervised(name, opener, patience)
    device.start()
    try:
        yield device
    finally:
        device.stop()


def held() -> tuple[int, list[str]]:
    """What a leak would show in: the threads of this process, and its open files."""
    folder = Path("/proc/self/fd")
    targets = [str(link.readlink()) for link in list(folder.iterdir()) if link.is_symlink()]
    return threading.active_count(), sorted(t for t in targets if not t.startswith("/proc/"))
