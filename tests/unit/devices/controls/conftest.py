"""What the controls' tests share: a user without rights, and events that can be awaited."""

import os
import queue
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.devices.controls.button import ButtonEvent

_NOBODY = 65534
_PATIENCE_S = 30.0


class Heard:
    """Takes events; `next` waits for one."""

    def __init__(self) -> None:
        self._events: queue.Queue[ButtonEvent] = queue.Queue()

    def __call__(self, event: ButtonEvent) -> None:
        self._events.put(event)

    def next(self) -> ButtonEvent:
        return self._events.get(timeout=_PATIENCE_S)

    def nothing(self) -> bool:
        return self._events.empty()


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def forbidden_folder() -> Iterator[Path]:
    """A folder of files that we may not open; to fill while we still may, see `without_rights`."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def without_rights(forbidden_folder: Path) -> Iterator[Path]:
    """The folder, with `gpiochip0` and `event0` in it that only root may open; we are nobody."""
    for name in ("gpiochip0", "event0"):
        node = forbidden_folder / name
        node.touch()
        node.chmod(0)
    us = os.geteuid()
    if us == 0:
        os.seteuid(_NOBODY)
    try:
        yield forbidden_folder
    finally:
        os.seteuid(us)
