"""AffectNet (Mollahosseini et al. 2017, arXiv:1708.03985), in its two published layouts.

With lists: `training.csv` and `validation.csv`, in the folder or its subfolder
`Manually_Annotated_file_lists`, name the pictures, in the folder or its subfolder
`Manually_Annotated_Images`, each with the face's rectangle.
With class folders: `train/0` to `train/7` and `val/0` to `val/7` hold pictures cropped to the face.
"""

import csv
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image

from appliance.domain.errors import BoothError
from appliance.operations.evaluation.face_labels import AFFECTNET
from appliance.perception.expression import EXPRESSIONS, FER2013_LABELS, SIZE
from models_tflite.training.expression.faces import Faces, Images

Part = Literal["training", "validation"]

_FOLDERS: dict[Part, str] = {"training": "train", "validation": "val"}
_LISTS = "Manually_Annotated_file_lists"
_PICTURES = "Manually_Annotated_Images"
_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff"})

Rectangle = tuple[int, int, int, int]


class AffectNetError(BoothError, ValueError):
    """The folder is not an AffectNet that this recipe knows."""


@dataclass(frozen=True)
class _Entry:
    picture: Path
    expression: int
    face: Rectangle | None = None


def load(root: Path, part: Part, workers: int = 2) -> Faces:
    """Load one part, its faces as 48x48 grey pictures.

    Args:
        root: the folder of either layout.
        part: which part of it.
        workers: pictures to read at the same time.

    Raises:
        AffectNetError: the folder has neither layout, or a picture cannot be read.
    """
    entries = _entries(root, part)
    with ThreadPoolExecutor(workers) as pool:
        images = list(pool.map(_face, entries))
    chosen = [entry.expression for entry in entries]
    return Faces(
        images=np.stack(images),
        expressions=np.eye(len(EXPRESSIONS), dtype=np.float32)[chosen],
        fer2013=np.zeros((len(entries), len(FER2013_LABELS)), dtype=np.float32),
    )


def _entries(root: Path, part: Part) -> list[_Entry]:
    lists = [folder / f"{part}.csv" for folder in (root, root / _LISTS)]
    found = next((path for path in lists if path.is_file()), None)
    entries = list(_listed(root, found) if found else _in_folders(root / _FOLDERS[part]))
    if not entries:
        message = f"'{root}' has no {part} part of AffectNet with faces in it."
        advice = f"It needs '{part}.csv', or the folders '{_FOLDERS[part]}/0' to '/7'."
        raise AffectNetError(message, advice)
    return entries


def _listed(root: Path, path: Path) -> Iterator[_Entry]:
    pictures = root / _PICTURES
    folder = pictures if pictures.is_dir() else root
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for number, row in enumerate(rows, start=2):
        entry = _from_row(folder, row, f"Line {number} of '{path}'")
        if entry is not None:
            yield entry


def _from_row(folder: Path, row: dict[str, str], place: str) -> _Entry | None:
    try:
        expression = int(row["expression"])
        if expression >= len(AFFECTNET):
            return None
        left, top = int(row["face_x"]), int(row["face_y"])
        face = left, top, left + int(row["face_width"]), top + int(row["face_height"])
        return _Entry(folder / row["subDirectory_filePath"], _ours(expression), face)
    except (KeyError, TypeError, ValueError) as error:
        raise AffectNetError(f"{place} is not one of AffectNet's: {error}.") from error


def _in_folders(folder: Path) -> Iterator[_Entry]:
    for expression in range(len(AFFECTNET)):
        for picture in sorted((folder / str(expression)).glob("*")):
            if picture.suffix.lower() in _SUFFIXES:
                yield _Entry(picture, _ours(expression))


def _ours(expression: int) -> int:
    return EXPRESSIONS.index(AFFECTNET[expression])


def _face(entry: _Entry) -> Images:
    try:
        with Image.open(entry.picture) as picture:
            # Twice the size is enough of a JPEG to shrink well, and reads faster than the whole.
            if entry.face is None:
                picture.draft("L", (2 * SIZE, 2 * SIZE))
            grey = picture.convert("L")
    except OSError as error:
        raise AffectNetError(f"'{entry.picture}' is not a readable picture.") from error
    face = grey.resize((SIZE, SIZE), Image.Resampling.BOX, box=_within(entry.face, grey.size))
    return np.asarray(face, dtype=np.uint8)


def _within(face: Rectangle | None, size: tuple[int, int]) -> Rectangle:
    """The rectangle, cut where it leaves the picture; the whole picture where nothing is left."""
    width, height = size
    left, top, right, bottom = face or (0, 0, width, height)
    left, top = max(0, left), max(0, top)
    right, bottom = min(width, right), min(height, bottom)
    return (left, top, right, bottom) if left < right and top < bottom else (0, 0, width, height)
