"""The face path in one call, on real clips and on what a camera may also deliver."""

import dataclasses
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from appliance.domain.errors import ModelError
from appliance.domain.media import Frame, ImageArray
from appliance.domain.observations import FaceObservation
from appliance.perception.face import FaceObserver

FramesOf = Callable[[str], tuple[Frame, ...]]

MEASURED = ("yaw_deg", "pitch_deg", "roll_deg", "toward_camera", "smile", "brow_raise")


def grey(height: int, width: int) -> ImageArray:
    return np.full((height, width, 3), 110, np.uint8)


def assert_in_picture(observation: FaceObservation) -> None:
    box = observation.box
    assert box is not None
    assert 0 <= box.left < box.left + box.width <= 1
    assert 0 <= box.top < box.top + box.height <= 1
    assert 0 <= observation.confidence <= 1


@pytest.mark.data
@pytest.mark.parametrize(
    "clip",
    [
        "address.mp4",
        "1001_DFA_HAP_XX.flv",
        "1001_DFA_NEU_XX.flv",
        "1001_DFA_SAD_XX.flv",
        "grid_bbaf2n.mpg",
        "grid_brbk7n.mpg",
        "grid_lbax4n.mpg",
        "grid_lrwp9a.mpg",
        "grid_pwij3p.mpg",
        "grid_sbia1a.mpg",
    ],
)
def test_the_face_of_a_clip_is_in_view_and_measured(
    observer: FaceObserver, frames_of: FramesOf, show: Callable[[str], None], clip: str
) -> None:
    frames = frames_of(clip)
    start = time.perf_counter()
    observations = [observer.sight(frame).observation for frame in frames]
    milliseconds = (time.perf_counter() - start) * 1000 / len(frames)
    found = [observation for observation in observations if observation.face_count == 1]
    show(f"{clip}: face in {len(found)} of {len(frames)} frames, {milliseconds:.1f} ms a frame")
    assert len(found) > 0.95 * len(frames)
    for observation in found:
        assert_in_picture(observation)
        assert all(getattr(observation, name) is not None for name in MEASURED)
    assert [observation.time_s for observation in observations] == [f.time_s for f in frames]


@pytest.mark.data
def test_threads_may_look_at_once(observer: FaceObserver, frames_of: FramesOf) -> None:
    frames = frames_of("address.mp4")[:20]
    alone = [observer.sight(frame).observation for frame in frames]
    with ThreadPoolExecutor(4) as pool:
        sightings = [pool.map(observer.sight, frames) for _ in range(4)]
        for together in sightings:
            assert [sighting.observation for sighting in together] == alone


@pytest.mark.data
def test_the_same_frame_gives_the_same_observation(
    observer: FaceObserver, models_dir: Path, frames_of: FramesOf
) -> None:
    frame = frames_of("address.mp4")[7]
    assert observer.sight(frame).observation == FaceObserver(models_dir).sight(frame).observation


def test_an_empty_chair_is_no_face(observer: FaceObserver) -> None:
    sighting = observer.sight(Frame(3.5, grey(480, 640)))
    assert sighting.observation == FaceObservation(3.5, face_count=0)
    assert sighting.landmarks is None


@given(st.integers(1, 70), st.integers(1, 70))
@settings(max_examples=20, deadline=None)
def test_no_size_of_picture_is_too_odd(observer: FaceObserver, height: int, width: int) -> None:
    assert observer.sight(Frame(0, grey(height, width))).observation.face_count == 0


@pytest.mark.data
def test_of_two_people_the_larger_is_observed(observer: FaceObserver, frames_of: FramesOf) -> None:
    near = frames_of("grid_brbk7n.mpg")[0].image
    far = np.asarray(Image.fromarray(frames_of("grid_lbax4n.mpg")[0].image).resize((240, 192)))
    picture = grey(288, 600)
    picture[48:240, :240] = far
    picture[:, 240:] = near
    observation = observer.sight(Frame(0, picture)).observation
    assert observation.face_count == 2
    assert observation.box is not None
    assert observation.box.left > 0.4
    mirrored = observer.sight(Frame(0, picture[:, ::-1])).observation
    assert mirrored.box is not None
    assert mirrored.box.left + mirrored.box.width < 0.6


@pytest.mark.data
def test_a_4k_frame_gives_what_the_small_one_gives(
    observer: FaceObserver, portrait: ImageArray, show: Callable[[str], None]
) -> None:
    small = observer.sight(Frame(0, portrait)).observation
    picture = Image.fromarray(portrait).resize((2700, 2160), Image.Resampling.BICUBIC)
    frame = Frame(0, np.asarray(picture))
    start = time.perf_counter()
    large = observer.sight(frame).observation
    show(f"2700x2160: {(time.perf_counter() - start) * 1000:.0f} ms a frame")
    assert small.box is not None
    assert large.box is not None
    difference = np.subtract(dataclasses.astuple(large.box), dataclasses.astuple(small.box))
    assert np.abs(difference).max() < 0.02
    assert large.yaw_deg == pytest.approx(small.yaw_deg, abs=3)
    assert large.pitch_deg == pytest.approx(small.pitch_deg, abs=3)


@pytest.mark.data
def test_a_face_that_the_pictures_edge_cuts_has_a_box_inside_it(
    observer: FaceObserver, portrait: ImageArray
) -> None:
    observation = observer.sight(Frame(0, portrait[:, 150:])).observation
    assert observation.face_count == 1
    assert_in_picture(observation)
    assert observation.box is not None
    assert observation.box.left == 0


@pytest.mark.data
def test_a_face_behind_a_sheet_of_paper_is_found_and_not_measured(
    observer: FaceObserver, portrait: ImageArray
) -> None:
    hidden = portrait.copy()
    hidden[154:] = 90  # only forehead and hair are left
    sighting = observer.sight(Frame(0, hidden))
    assert sighting.observation.face_count == 1
    assert_in_picture(sighting.observation)
    assert all(getattr(sighting.observation, name) is None for name in MEASURED)
    assert sighting.observation.confidence < 0.5
    assert sighting.landmarks is None


@pytest.mark.data
def test_the_upright_face_is_kept_for_a_further_model(
    observer: FaceObserver, portrait: ImageArray
) -> None:
    tilted = np.asarray(Image.fromarray(portrait).rotate(25, Image.Resampling.BICUBIC))
    straight, leaning = (observer.sight(Frame(0, image)).landmarks for image in (portrait, tilted))
    assert straight is not None
    assert leaning is not None
    middle = (slice(48, 144), slice(48, 144))
    difference = straight.aligned[middle].astype(int) - leaning.aligned[middle]
    assert np.abs(difference).mean() < 20, "both crops show the face upright"
    again = leaning.crop.cut(tilted, 64)
    assert again.shape == (64, 64, 3)


def test_a_folder_without_models_is_a_clear_fault(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"face_detection_back\.tflite cannot be read"):
        FaceObserver(tmp_path)
