"""The preview is a small JPEG in the right colours."""

import io

import numpy as np
import pytest
from PIL import Image

from appliance.devices.camera.preview import preview_jpeg
from appliance.domain.media import Frame
from tests.media import grey


@pytest.mark.parametrize(
    ("taken", "shown"),
    [((1280, 720), (640, 360)), ((720, 1280), (360, 640)), ((320, 240), (320, 240))],
)
def test_it_is_scaled_down_and_never_up(taken: tuple[int, int], shown: tuple[int, int]) -> None:
    jpeg = preview_jpeg(Frame(0.0, grey(*taken)))
    with Image.open(io.BytesIO(jpeg)) as picture:
        assert (picture.format, picture.size) == ("JPEG", shown)


def test_red_stays_red() -> None:
    red = np.zeros((48, 64, 3), np.uint8)
    red[..., 0] = 255
    with Image.open(io.BytesIO(preview_jpeg(Frame(0.0, red)))) as picture:
        pixels = np.asarray(picture)
    assert pixels[..., 0].mean() > 240
    assert pixels[..., 1:].mean() < 15


def test_a_thin_strip_keeps_a_pixel() -> None:
    assert preview_jpeg(Frame(0.0, grey(2000, 1)))
