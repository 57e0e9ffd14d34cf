"""A frame with a face for the tests of evaluations."""

from pathlib import Path

import av
import numpy as np
import pytest

from appliance.domain.media import ImageArray


@pytest.fixture
def portrait(clips: Path) -> ImageArray:
    """A frontal face in the middle of a 360x288 picture."""
    with av.open(str(clips / "grid_brbk7n.mpg")) as container:
        frame = next(container.decode(video=0))
        return np.asarray(frame.to_ndarray(format="rgb24"))
