"""A living sensor is never exact: what stands still is told from what is only quiet, or covered."""

import numpy as np
import pytest

from appliance.devices.camera.frame_watch import FrameWatch, Sight
from appliance.domain.media import Frame, ImageArray
from tests.media import grey

_RATE_HZ = 15


def _watch(pictures: list[ImageArray], rate_hz: float = _RATE_HZ) -> list[Sight]:
    watch = FrameWatch()
    return [watch.see(Frame(50 + n / rate_hz, p)) for n, p in enumerate(pictures)]


def _noisy(picture: ImageArray, seed: int, level: float = 1.5) -> ImageArray:
    noise = np.random.default_rng(seed).normal(0, level, picture.shape)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def test_the_same_picture_for_two_seconds_is_frozen() -> None:
    sights = _watch([grey(320, 180)] * 40)
    assert sights[: 2 * _RATE_HZ] == [Sight.LIVING] * 30
    assert sights[2 * _RATE_HZ + 1] is Sight.FROZEN


def test_a_still_scene_before_a_living_sensor_is_not_frozen() -> None:
    scene = grey(320, 180)
    assert set(_watch([_noisy(scene, n) for n in range(60)])) == {Sight.LIVING}


def test_one_pixel_that_lives_between_those_looked_at_first_is_enough() -> None:
    pictures = [grey(320, 180) for _ in range(60)]
    for n, picture in enumerate(pictures):
        picture[3, 5] = n
    assert set(_watch(pictures)) == {Sight.LIVING}


def test_a_frozen_picture_that_moves_again_is_living_at_once() -> None:
    assert _watch([grey(320, 180)] * 40 + [grey(320, 180, 90)])[-1] is Sight.LIVING


def test_two_equal_pictures_far_apart_are_no_evidence() -> None:
    assert set(_watch([grey(320, 180)] * 3, rate_hz=0.5)) == {Sight.LIVING}


@pytest.mark.parametrize("noise", [0.0, 4.0])
def test_a_covered_lens_is_black_after_two_seconds_and_never_frozen(noise: float) -> None:
    dark = [_noisy(grey(320, 180, 2), n, noise) for n in range(60)]
    sights = _watch(dark)
    assert sights[: 2 * _RATE_HZ] == [Sight.LIVING] * 30
    assert set(sights[2 * _RATE_HZ + 1 :]) == {Sight.BLACK}


def test_light_that_comes_back_ends_the_black_at_once() -> None:
    assert _watch([grey(320, 180, 0)] * 60 + [grey(320, 180)])[-1] is Sight.LIVING


def test_a_dim_room_is_not_black() -> None:
    dim = grey(320, 180, 10)
    dim[60:120, 100:200] = 60
    assert set(_watch([_noisy(dim, n) for n in range(60)])) == {Sight.LIVING}
