from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from appliance.perception.expression import EXPRESSIONS
from models_tflite.training.expression.affectnet import AffectNetError, load

_HEADER = (
    "subDirectory_filePath,face_x,face_y,face_width,face_height,facial_landmarks,"
    "expression,valence,arousal"
)


def _picture(path: Path, face: int, around: int = 0) -> None:
    """A grey square of 60 pixels in a picture of 100."""
    pixels = np.full((100, 100, 3), around, dtype=np.uint8)
    pixels[20:80, 20:80] = face
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)


def _with_lists(root: Path, lists: Path, pictures: Path) -> None:
    rows = []
    for expression in range(11):
        _picture(pictures / "17" / f"{expression}.png", 20 * expression + 10)
        rows.append(f"17/{expression}.png,20,20,60,60,1;2,{expression},0.1,0.2")
    lists.mkdir(parents=True, exist_ok=True)
    for part in ("training", "validation"):
        (lists / f"{part}.csv").write_text("\n".join([_HEADER, *rows]) + "\n", encoding="utf-8")


@pytest.mark.parametrize("nested", [False, True])
def test_the_lists_give_eight_expressions_in_our_order(tmp_path: Path, nested: bool) -> None:
    lists = tmp_path / "Manually_Annotated_file_lists" if nested else tmp_path
    pictures = tmp_path / "Manually_Annotated_Images" if nested else tmp_path
    _with_lists(tmp_path, lists, pictures)
    faces = load(tmp_path, "training")
    # AffectNet: neutral, happy, sad, surprise, fear, disgust, anger, contempt; then no expression.
    said = [EXPRESSIONS[index] for index in faces.expressions.argmax(axis=1)]
    assert said == [
        *("neutral", "happiness", "sadness", "surprise"),
        *("fear", "disgust", "anger", "contempt"),
    ]


def test_the_face_is_cut_out_of_its_picture(tmp_path: Path) -> None:
    _with_lists(tmp_path, tmp_path, tmp_path)
    faces = load(tmp_path, "validation")
    assert faces.images.shape == (8, 48, 48)
    assert [int(image.min()) for image in faces.images] == [20 * n + 10 for n in range(8)]


def test_a_rectangle_that_leaves_the_picture_is_cut(tmp_path: Path) -> None:
    _picture(tmp_path / "a.png", 200)
    row = "a.png,-10,-10,300,300,,1,0,0"
    (tmp_path / "training.csv").write_text(f"{_HEADER}\n{row}\n", encoding="utf-8")
    assert load(tmp_path, "training").images[0, 24, 24] == 200


def test_class_folders_are_read_in_our_order(tmp_path: Path) -> None:
    for expression in range(8):
        _picture(tmp_path / "train" / str(expression) / "a.jpg", 100)
    (tmp_path / "train" / "3" / "notes.txt").write_text("not a picture")
    faces = load(tmp_path, "training")
    surprise = faces.expressions[3]
    assert len(faces) == 8
    assert EXPRESSIONS[int(surprise.argmax())] == "surprise"


def test_faces_of_affectnet_have_no_fer2013_label(tmp_path: Path) -> None:
    _picture(tmp_path / "val" / "0" / "a.png", 100)
    assert not load(tmp_path, "validation").fer2013.any()


def test_another_folder_is_said_not_to_be_affectnet(tmp_path: Path) -> None:
    with pytest.raises(AffectNetError, match=r"no training part.*train/0"):
        load(tmp_path, "training")


def test_a_line_that_is_not_affectnets_is_named(tmp_path: Path) -> None:
    row = "a.png,NULL,0,1,1,,1,0,0"
    (tmp_path / "training.csv").write_text(f"{_HEADER}\n{row}\n", encoding="utf-8")
    with pytest.raises(AffectNetError, match="Line 2"):
        load(tmp_path, "training")


def test_a_broken_picture_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "train" / "0" / "a.jpg"
    broken.parent.mkdir(parents=True)
    broken.write_bytes(b"not a picture")
    with pytest.raises(AffectNetError, match=r"a\.jpg"):
        load(tmp_path, "training")
