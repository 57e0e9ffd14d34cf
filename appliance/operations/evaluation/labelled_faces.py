"""Labelled faces: from an npz of 48x48 pictures, or from a folder of class folders."""

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from appliance.domain.errors import DataError, WrongUsageError
from appliance.domain.media import ImageArray
from appliance.operations.evaluation.face_labels import AFFECTNET, VOTES, copies_of, majority
from appliance.operations.evaluation.figures import Indices
from appliance.operations.evaluation.progress import Progress, with_progress
from appliance.perception.expression import EXPRESSIONS, FER2013_LABELS, SIZE, cut_face
from appliance.perception.face_detection import FaceDetector

TRAINING_PART = "train"
_USUAL_PART = "validation"

_PICTURES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp"})

_FOLDER_NAMES = (EXPRESSIONS, FER2013_LABELS, tuple("01234567"))
_LAYOUTS = (
    f"It needs a folder for each class, named as FER+ does ({', '.join(EXPRESSIONS)}), "
    f"as FER2013 does ({', '.join(FER2013_LABELS)}), or 0 to 7 as AffectNet does."
)

_EXPECTED = {
    "images": f"uint8 (n, {SIZE}, {SIZE})",
    "labels": "whole numbers, one an image",
    "ferplus_votes": f"whole numbers, {VOTES} an image",
}
"""Arrays of a part, and what they must hold."""

_Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class LabelledFaces:
    """Faces with what they are said to show.

    Attributes:
        source: where they come from, for a person.
        images: (n, 48, 48) uint8, grey.
        expressions: (n,) index into `EXPRESSIONS` or `NO_TRUTH`; None where the set has none.
        fer2013: (n,) index into `FER2013_LABELS`; None where the set has none.
        copies: (n,) whether the image is also in the set's training part; None without such.
        is_training: whether these are the training part itself.
        not_found: pictures in which the detector found no face; they are not among the images.
    """

    source: str
    images: ImageArray
    expressions: Indices | None = None
    fer2013: Indices | None = None
    copies: npt.NDArray[np.bool_] | None = None
    is_training: bool = False
    not_found: int = 0


def load_faces(
    path: Path, part: str | None, detector: FaceDetector, progress: Progress
) -> LabelledFaces:
    """Load an npz file or a folder of class folders.

    Args:
        path: of either.
        part: of an npz: the prefix of its keys; None takes "validation", else keys without prefix.
        detector: finds the face of a folder's pictures, but for those of 48x48 pixels.
        progress: told how far it is.

    Raises:
        DataError: there is no such thing, or it is not laid out like either.
        WrongUsageError: a part is asked of a folder.
    """
    if path.is_dir():
        if part is not None:
            raise WrongUsageError("A folder has no parts.", "Leave out '--part'.")
        return _from_folder(path, detector, progress)
    if not path.is_file():
        raise DataError(f"There is no '{path}'.", "Name an npz file or a folder of class folders.")
    return _from_npz(path, part)


# ---------------------------------------------------------------- npz


def _from_npz(path: Path, part: str | None) -> LabelledFaces:
    names = _names(path)
    prefix = _prefix(path, part, names)
    own = {name: prefix + name for name in _EXPECTED if prefix + name in names}
    others = f"{TRAINING_PART}_images"
    is_training = own["images"] == others
    compared = {} if is_training or others not in names else {"others": others}
    arrays = _arrays(path, own | compared)
    for name, key in ({"images": own["images"]} | compared).items():
        pixels = arrays[name]
        right = pixels.dtype == np.uint8 and pixels.shape[1:] == (SIZE, SIZE) and pixels.size > 0
        _require(right, path, key, pixels)
    images = arrays["images"]
    return LabelledFaces(
        source=f"{prefix.rstrip('_')} part of {path.name}" if prefix else path.name,
        images=images,
        expressions=_majority(arrays, path, own),
        fer2013=_labels(arrays, path, own),
        copies=copies_of(images, arrays["others"]) if compared else None,
        is_training=is_training,
    )


def _names(path: Path) -> list[str]:
    try:
        with zipfile.ZipFile(path) as file:
            members = file.namelist()
    except (OSError, zipfile.BadZipFile) as error:
        raise DataError(f"'{path}' cannot be read, or is not an npz file.") from error
    return [name.removesuffix(".npy") for name in members]


def _arrays(path: Path, names: dict[str, str]) -> dict[str, _Array]:
    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: np.asarray(file[key]) for name, key in names.items()}
    except Exception as error:  # numpy and zipfile raise whatever a broken file makes them
        raise DataError(f"'{path}' is damaged.") from error


def _prefix(path: Path, part: str | None, names: list[str]) -> str:
    """What the keys of the wanted part start with: those with images and something to judge by."""
    parts = [name.removesuffix("images") for name in names if name.endswith("images")]
    usable = [p for p in parts if p + "labels" in names or p + "ferplus_votes" in names]
    for prefix in (f"{_USUAL_PART}_", "") if part is None else (f"{part}_",):
        if prefix in usable:
            return prefix
    named = ", ".join(prefix.rstrip("_") for prefix in usable if prefix)
    if named:
        message = f"'{path}' has no labelled part '{part or _USUAL_PART}'."
        raise DataError(message, f"It has {named}: choose with '--part'.")
    raise DataError(
        f"'{path}' has no labelled faces.",
        "It needs 'images' with 'labels' or 'ferplus_votes', or the same after 'validation_'.",
    )


def _majority(arrays: dict[str, _Array], path: Path, keys: dict[str, str]) -> Indices | None:
    if "ferplus_votes" not in arrays:
        return None
    votes = arrays["ferplus_votes"]
    right = votes.dtype.kind in "iu" and votes.shape == (len(arrays["images"]), VOTES)
    _require(right, path, keys["ferplus_votes"], votes)
    return majority(votes.astype(np.int64))


def _labels(arrays: dict[str, _Array], path: Path, keys: dict[str, str]) -> Indices | None:
    if "labels" not in arrays:
        return None
    labels = arrays["labels"]
    right = labels.dtype.kind in "iu" and labels.shape == (len(arrays["images"]),)
    _require(right, path, keys["labels"], labels)
    if labels.min() < 0 or labels.max() >= len(FER2013_LABELS):
        raise DataError(f"'{keys['labels']}' of '{path}' must be 0 to {len(FER2013_LABELS) - 1}.")
    return labels.astype(np.int64)


def _require(right: bool, path: Path, key: str, array: _Array) -> None:
    if not right:
        expected = next(what for name, what in _EXPECTED.items() if key.endswith(name))
        message = f"'{key}' of '{path}' is {array.dtype} {array.shape}, not {expected}."
        raise DataError(message)


# ---------------------------------------------------------------- folders


def _from_folder(path: Path, detector: FaceDetector, progress: Progress) -> LabelledFaces:
    folders = sorted(f for f in path.iterdir() if f.is_dir() and not f.name.startswith("."))
    found = {folder.name.lower() for folder in folders}
    names = next((names for names in _FOLDER_NAMES if found and found <= set(names)), None)
    if names is None:
        raise DataError(f"'{path}' is not a folder of class folders.", _LAYOUTS)
    pictures = [
        (picture, names.index(folder.name.lower()))
        for folder in folders
        for picture in sorted(folder.iterdir())
        if picture.suffix.lower() in _PICTURES
    ]
    images, labels = [], []
    for picture, label in with_progress(pictures, "Looking for faces", progress):
        face = _face(picture, detector)
        if face is not None:
            images.append(face)
            labels.append(label)
    if not images:
        message = f"No face was found in the {len(pictures)} pictures of '{path}'."
        raise DataError(message, "Pictures end in .jpg, .png, .bmp, .tif or .webp.")
    truth = np.array(labels, dtype=np.int64)
    if names is not FER2013_LABELS and names is not EXPRESSIONS:
        truth = np.array([EXPRESSIONS.index(name) for name in AFFECTNET], dtype=np.int64)[truth]
    return LabelledFaces(
        source=f"folder {path.name}",
        images=np.stack(images),
        expressions=None if names is FER2013_LABELS else truth,
        fer2013=truth if names is FER2013_LABELS else None,
        not_found=len(pictures) - len(images),
    )


def _face(path: Path, detector: FaceDetector) -> ImageArray | None:
    """The largest face of a picture as the device cuts it; None where none is found."""
    try:
        with Image.open(path) as file:
            picture = ImageOps.exif_transpose(file)
            picture.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise DataError(f"'{path}' is not a readable picture.", "Remove or replace it.") from error
    if picture.size == (SIZE, SIZE):
        return np.asarray(picture.convert("L"))
    image = np.asarray(picture.convert("RGB"))
    faces = detector.detect(image)
    return cut_face(image, faces[0]) if faces else None
