"""What the tests in the virtual machine share: its camera, its sound card, and a guard."""

from collections.abc import Iterator

import pytest

from tests.hardware.vm.machine import IN_THE_VM, Camera, SoundCard
from tests.hardware.vm.supervised import RECOVERIES


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how fast devices came back; the machine is slow, so these are upper bounds."""
    if not RECOVERIES:
        return
    terminalreporter.section("recovery, slowest of each")
    for fault, times in RECOVERIES.items():
        noticed_s, back_s = (max(column) for column in zip(*times, strict=True))
        terminalreporter.write_line(
            f"{fault} ({len(times)}x): noticed after {noticed_s:.1f} s, "
            f"works {back_s:.1f} s after it could again"
        )


@pytest.fixture(autouse=True, scope="session")
def _only_in_the_virtual_machine() -> None:
    # These tests load and unload modules of the kernel: nowhere else may they run.
    if not IN_THE_VM:
        pytest.skip("runs in a virtual machine: start tests/hardware/run-vm.sh")


@pytest.fixture
def camera() -> Iterator[Camera]:
    """A camera that is plugged in."""
    camera = Camera()
    camera.load()
    yield camera
    camera.unload()


@pytest.fixture
def two_cameras() -> Iterator[Camera]:
    """Two cameras that are plugged in."""
    camera = Camera(count=2)
    camera.load()
    yield camera
    camera.unload()


@pytest.fixture
def card() -> Iterator[SoundCard]:
    """A sound card that is not there yet: `load` plugs it in."""
    card = SoundCard()
    yield card
    card.unload()
