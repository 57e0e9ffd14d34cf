"""FER2013 with the FER+ votes, from one npz file."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from appliance.operations.evaluation.face_labels import copies_of, digests, majority
from appliance.perception.expression import EXPRESSIONS, FER2013_LABELS
from models_tflite.training.expression.faces import Faces, Floats, Images

_EXPRESSION_COUNT = len(EXPRESSIONS)


def vote_shares(votes: npt.NDArray[np.integer]) -> Floats:
    """Turn votes into shares of the eight expressions, each row summing to one.

    A single vote among ten is taken for a slip, as in Barsoum et al. 2016. Rows are zero where
    "unknown" or "not a face" has the most votes, or where no vote is left.
    """
    agreed = np.where(votes > 1, votes, 0)
    usable = agreed[:, :_EXPRESSION_COUNT].max(axis=1) > agreed[:, _EXPRESSION_COUNT:].max(axis=1)
    counts = agreed[:, :_EXPRESSION_COUNT] * usable[:, None]
    shares: Floats = (counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)).astype(np.float32)
    return shares


def load_training(path: Path) -> Faces:
    """Load the training part, each image once, without those that the validation part also has.

    About 8% of the validation images are exact copies of training images: a model that has seen
    them is praised for its memory. Copies within training are merged with all their opinions.

    Args:
        path: npz with `train_images`, `train_labels`, `train_ferplus_votes`, `validation_images`.
    """
    with np.load(path) as data:
        images = data["train_images"]
        labels = data["train_labels"]
        votes = data["train_ferplus_votes"].astype(np.int64)
        elsewhere = data["validation_images"]
    first, place = _first_of_copies(images)
    merged_labels = np.zeros((len(first), len(FER2013_LABELS)), dtype=np.float32)
    np.add.at(merged_labels, (place, labels), 1)
    merged_labels /= merged_labels.sum(axis=1, keepdims=True)
    merged_shares = np.zeros((len(first), _EXPRESSION_COUNT), dtype=np.float32)
    np.add.at(merged_shares, place, vote_shares(votes))
    merged_shares /= np.maximum(merged_shares.sum(axis=1, keepdims=True), 1)
    faces = Faces(images[first], merged_shares, merged_labels)
    is_face = votes[first].argmax(axis=1) != votes.shape[1] - 1
    return faces.where(is_face & ~copies_of(faces.images, elsewhere))


def load_validation(path: Path) -> tuple[Faces, npt.NDArray[np.bool_]]:
    """Load the validation part (FER2013's PublicTest) with the majority's opinion of each face.

    Args:
        path: npz with `train_images` and `validation_images`, `_labels` and `_ferplus_votes`.

    Returns:
        The faces, whose shares are 1 for the majority's expression (a row is zero where there is
        none), and a mask of those whose image is also in the file's training part.
    """
    with np.load(path) as data:
        images = data["validation_images"]
        winners = majority(data["validation_ferplus_votes"].astype(np.int64))
        labels = np.eye(len(FER2013_LABELS), dtype=np.float32)[data["validation_labels"]]
        copies = copies_of(images, data["train_images"])
    # The row for -1 is the last one: zeros.
    one_hot = np.eye(_EXPRESSION_COUNT + 1, _EXPRESSION_COUNT, dtype=np.float32)[winners]
    return Faces(images, one_hot, labels), copies


def _first_of_copies(images: Images) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the index of each different image, and for all images which of those they equal."""
    places: dict[bytes, int] = {}
    place = [places.setdefault(digest, len(places)) for digest in digests(images)]
    _, first = np.unique(place, return_index=True)
    return first.astype(np.int64), np.asarray(place, dtype=np.int64)
