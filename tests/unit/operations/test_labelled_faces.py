"""What can be given to `booth evaluate expression`, and what is said of what cannot."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from appliance.domain.errors import DataError, WrongUsageError
from appliance.domain.media import ImageArray
from appliance.operations.evaluation.labelled_faces import LabelledFaces, load_faces
from appliance.perception.expression import EXPRESSIONS, FER2013_LABELS, SIZE
from appliance.perception.face_detection import MODEL_FILE, FaceDetector
from appliance.perception.tflite import TfliteModel

Load = Callable[..., LabelledFaces]

_HAPPY = [1, 8, 1, 0, 0, 0, 0, 0, 0, 0]
_TIED = [0, 5, 5, 0, 0, 0, 0, 0, 0, 0]


@pytest.fixture
def load(models_dir: Path) -> Load:
    detector = FaceDetector(TfliteModel(models_dir / MODEL_FILE))
    return lambda path, part=None: load_faces(path, part, detector, lambda doing, share: None)


def faces(count: int, seed: int = 1) -> ImageArray:
    return np.random.default_rng(seed).integers(0, 256, (count, SIZE, SIZE), dtype=np.uint8)


def write(path: Path, **arrays: Any) -> Path:
    np.savez(path, **arrays)
    return path


def test_the_validation_part_is_taken_and_compared_with_the_training_part(
    load: Load, tmp_path: Path
) -> None:
    training = faces(3)
    path = write(
        tmp_path / "set.npz",
        train_images=training,
        train_labels=np.zeros(3, np.uint8),
        validation_images=np.stack([faces(1, seed=2)[0], training[1]]),
        validation_labels=np.array([3, 6], np.uint8),
        validation_ferplus_votes=np.array([_HAPPY, _TIED], np.uint8),
    )
    loaded = load(path)
    assert loaded.source == "validation part of set.npz"
    assert not loaded.is_training
    assert loaded.expressions is not None
    assert loaded.fer2013 is not None
    assert loaded.copies is not None
    assert loaded.expressions.tolist() == [EXPRESSIONS.index("happiness"), -1]
    assert loaded.fer2013.tolist() == [3, 6]
    assert loaded.copies.tolist() == [False, True]


def test_the_training_part_is_known_as_such(load: Load, tmp_path: Path) -> None:
    path = write(tmp_path / "s.npz", train_images=faces(2), train_labels=np.array([0, 1]))
    loaded = load(path, "train")
    assert loaded.is_training
    assert loaded.copies is None
    assert loaded.expressions is None


def test_an_npz_without_parts_is_taken_whole(load: Load, tmp_path: Path) -> None:
    loaded = load(write(tmp_path / "bare.npz", images=faces(2), labels=np.array([0, 1])))
    assert (loaded.source, loaded.is_training, loaded.copies) == ("bare.npz", False, None)


@pytest.mark.parametrize(
    ("arrays", "says"),
    [
        ({"images": faces(2)}, "has no labelled faces"),
        ({"train_images": faces(2), "train_labels": np.array([0, 1])}, r"It has train: choose"),
        ({"images": faces(2)[:, :40], "labels": np.array([0, 1])}, r"'images' of .*\(2, 40, 48\)"),
        ({"images": faces(2) / 2, "labels": np.array([0, 1])}, "float64"),
        ({"images": faces(0), "labels": np.array([], int)}, r"\(0, 48, 48\)"),
        (
            {
                "train_images": np.uint8(1),
                "validation_images": faces(1),
                "validation_labels": np.array([0]),
            },
            r"'train_images' of .* is uint8 \(\)",
        ),
        ({"images": np.uint8(7), "labels": np.array([0, 1])}, r"uint8 \(\)"),
        ({"images": faces(2), "labels": np.array([0])}, "'labels' of .* one an image"),
        ({"images": faces(2), "labels": np.array([0, 7])}, "must be 0 to 6"),
        ({"images": faces(2), "ferplus_votes": np.ones((2, 8), int)}, "10 an image"),
    ],
)
def test_an_npz_that_is_not_laid_out_so_is_refused_with_what_is_wrong(
    load: Load, tmp_path: Path, arrays: dict[str, Any], says: str
) -> None:
    with pytest.raises(DataError, match=says) as caught:
        load(write(tmp_path / "set.npz", **arrays))
    assert "\n" not in str(caught.value)


def test_what_is_no_npz_is_refused(load: Load, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="There is no"):
        load(tmp_path / "nothing.npz")
    path = tmp_path / "set.npz"
    path.write_bytes(b"hello")
    with pytest.raises(DataError, match="is not an npz file"):
        load(path)
    content = bytearray(write(path, images=faces(2), labels=np.array([0, 1])).read_bytes())
    content[200:400] = bytes(200)
    path.write_bytes(content)
    with pytest.raises(DataError, match="is damaged"):
        load(path)


# ---------------------------------------------------------------- folders


def save(path: Path, image: ImageArray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(image).save(path)


@pytest.mark.parametrize("names", [EXPRESSIONS, tuple(name.upper() for name in EXPRESSIONS)])
def test_folders_are_named_as_ferplus_does(
    load: Load, tmp_path: Path, names: tuple[str, ...]
) -> None:
    for index, name in enumerate(names):
        save(tmp_path / name / "a.png", np.full((SIZE, SIZE), index, np.uint8))
    (tmp_path / ".cache").mkdir()
    (tmp_path / names[0] / "notes.txt").write_text("no picture")
    loaded = load(tmp_path)
    assert loaded.expressions is not None
    assert loaded.expressions.tolist() == loaded.images[:, 0, 0].tolist()
    assert loaded.fer2013 is None
    assert loaded.not_found == 0


def test_folders_are_named_as_fer2013_does(load: Load, tmp_path: Path) -> None:
    for index, name in enumerate(FER2013_LABELS):
        save(tmp_path / name / "a.png", np.full((SIZE, SIZE), index, np.uint8))
    loaded = load(tmp_path)
    assert loaded.expressions is None
    assert loaded.fer2013 is not None
    assert loaded.fer2013.tolist() == loaded.images[:, 0, 0].tolist()


def test_folders_are_numbered_as_affectnet_does(load: Load, tmp_path: Path) -> None:
    for number in (0, 3, 7):
        save(tmp_path / str(number) / "a.png", faces(1)[0])
    loaded = load(tmp_path)
    assert loaded.expressions is not None
    said = [EXPRESSIONS[index] for index in loaded.expressions]
    assert said == ["neutral", "surprise", "contempt"]


def test_other_folders_are_refused_with_the_names_that_there_are(
    load: Load, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match="not a folder of class folders"):
        load(tmp_path)
    save(tmp_path / "joy" / "a.png", faces(1)[0])
    with pytest.raises(DataError, match=r"neutral, happiness.*angry, disgust.*0 to 7"):
        load(tmp_path)


def test_pictures_without_a_face_are_counted_and_not_guessed(load: Load, tmp_path: Path) -> None:
    save(tmp_path / "fear" / "wall.png", np.full((90, 120, 3), 110, np.uint8))
    with pytest.raises(DataError, match="No face was found in the 1 pictures"):
        load(tmp_path)
    save(tmp_path / "fear" / "cut.png", faces(1)[0])
    loaded = load(tmp_path)
    assert (len(loaded.images), loaded.not_found) == (1, 1)


@pytest.mark.data
def test_the_face_of_a_larger_picture_is_cut_out(
    load: Load, tmp_path: Path, portrait: ImageArray
) -> None:
    save(tmp_path / "neutral" / "person.jpg", portrait)
    loaded = load(tmp_path)
    assert loaded.images.shape == (1, SIZE, SIZE)
    assert loaded.not_found == 0


def test_a_broken_picture_is_named(load: Load, tmp_path: Path) -> None:
    (tmp_path / "fear").mkdir()
    (tmp_path / "fear" / "a.jpg").write_bytes(b"not a picture")
    with pytest.raises(DataError, match=r"a\.jpg' is not a readable picture"):
        load(tmp_path)


def test_a_folder_has_no_parts(load: Load, tmp_path: Path) -> None:
    with pytest.raises(WrongUsageError):
        load(tmp_path, "validation")
