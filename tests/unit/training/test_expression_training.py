from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training runs in an environment of its own")

from appliance.perception.lighting import evenly_lit  # noqa: E402
from models_tflite.training.expression.augmentation import augment  # noqa: E402
from models_tflite.training.expression.faces import Faces  # noqa: E402
from models_tflite.training.expression.inference import logits  # noqa: E402
from models_tflite.training.expression.network import ExpressionNet, normalise  # noqa: E402
from models_tflite.training.expression.schedule import Schedule  # noqa: E402
from models_tflite.training.expression.training import Trainer  # noqa: E402


def _faces(count: int = 256) -> Faces:
    """Half are bright above, half below."""
    chance = np.random.default_rng(1)
    images = chance.integers(0, 60, (count, 48, 48)).astype(np.uint8)
    kinds = np.arange(count) % 2
    images[kinds == 0, :24] += 120
    images[kinds == 1, 24:] += 120
    return Faces(
        images,
        np.eye(8, dtype=np.float32)[kinds],
        np.eye(7, dtype=np.float32)[kinds + 3],
    )


class _InterruptError(Exception):
    pass


@pytest.mark.slow
def test_training_that_is_interrupted_ends_as_if_it_had_not_been(tmp_path: Path) -> None:
    faces, schedule = _faces(), Schedule(epochs=3)

    def interrupt(_: ExpressionNet, size: int) -> str:
        raise _InterruptError

    whole = Trainer(faces, tmp_path / "whole", schedule, seed=1).run(lambda _, size: "")
    with pytest.raises(_InterruptError):
        Trainer(faces, tmp_path / "parts", schedule, seed=1).run(interrupt)
    resumed = Trainer(faces, tmp_path / "parts", schedule, seed=1).run(lambda _, size: "")
    for one, other in zip(logits(whole, faces.images), logits(resumed, faces.images), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-3)


@pytest.mark.slow
def test_a_run_can_be_lengthened_from_before_its_cool_down(tmp_path: Path) -> None:
    faces, epochs = _faces(128), 0
    Trainer(faces, tmp_path, Schedule(5), seed=1).run(lambda _, size: "")
    longer = Trainer(faces, tmp_path, Schedule(8), seed=1)

    def count(_: ExpressionNet, size: int) -> str:
        nonlocal epochs
        epochs += 1
        return ""

    longer.run(count)
    assert epochs == 8 - Schedule(5).cool_down_start


def test_views_have_the_size_and_the_range_of_pictures() -> None:
    images = torch.from_numpy(_faces(16).images).unsqueeze(1)
    views = augment(images, 40, torch.Generator().manual_seed(1))
    assert views.shape == (16, 1, 40, 40)
    assert views.min() >= 0
    assert views.max() <= 255


def test_training_and_device_light_faces_alike() -> None:
    images = _faces(4).images
    trained = normalise(torch.from_numpy(images).unsqueeze(1).float())
    np.testing.assert_allclose(trained[:, 0].numpy(), evenly_lit(images)[..., 0], atol=1e-4)
