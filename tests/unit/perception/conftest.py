"""Frames of real clips, and the face models, for the tests of perception."""

import functools
import sys
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from appliance.domain.media import Frame, ImageArray
from appliance.perception.face import FaceObserver

FRAMES_PER_SECOND = 5

FramesOf = Callable[[str], tuple[Frame, ...]]
Show = Callable[[str], None]


@pytest.fixture(scope="session")
def observer(models_dir: Path) -> FaceObserver:
    return FaceObserver(models_dir)


@pytest.fixture
def frames_of(clips: Path) -> FramesOf:
    """The frames of a clip by its file name, five a second."""
    return lambda name: _frames(clips / name)


@pytest.fixture
def portrait(frames_of: FramesOf) -> ImageArray:
    """A frontal face in the middle of a 360x288 picture."""
    return frames_of("grid_brbk7n.mpg")[2].image


@pytest.fixture
def show() -> Show:
    """Prints a measured figure, seen with `pytest -s`."""

    def write(line: str) -> None:
        sys.stdout.write(f"{line}\n")

    return write


@functools.lru_cache(maxsize=4)
def _frames(path: Path) -> tuple[Frame, ...]:
    frames: list[Frame] = []
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            if frame.time + 1e-6 >= len(frames) / FRAMES_PER_SECOND:
                image = np.asarray(frame.to_ndarray(format="rgb24"))
                frames.append(Frame(float(frame.time), image))
    return tuple(frames)
