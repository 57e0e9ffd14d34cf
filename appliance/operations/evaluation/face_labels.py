"""What data sets say of faces: votes, labels and folder names as classes of the model."""

import numpy as np
import numpy.typing as npt

from appliance.domain.media import ImageArray
from appliance.operations.evaluation.figures import NO_TRUTH, Indices
from appliance.perception.expression import EXPRESSIONS

# AffectNet's order of the classes 0 to 7; 8 to 10 are "none", "uncertain" and "no face".
AFFECTNET = (
    "neutral",
    "happiness",
    "sadness",
    "surprise",
    "fear",
    "disgust",
    "anger",
    "contempt",
)

VOTES = len(EXPRESSIONS) + 2
"""What a FER+ vote can be for: the expressions, "unknown" and "not a face"."""


def majority(votes: npt.NDArray[np.integer]) -> Indices:
    """Return the expression that most people saw in each face, or -1 where there is none.

    There is none where "unknown" or "not a face" has the most votes, where two share the first
    place, and where nobody voted (Barsoum et al. 2016, arXiv:1608.01041, leave such images out).

    Args:
        votes: (n, 10) for the eight expressions, unknown, not a face.

    Returns:
        (n,) index into `EXPRESSIONS`, or -1.
    """
    most = votes.max(axis=1)
    alone = (votes == most[:, None]).sum(axis=1) == 1
    winner = votes.argmax(axis=1)
    return np.where(alone & (most > 0) & (winner < len(EXPRESSIONS)), winner, NO_TRUTH)


def copies_of(images: ImageArray, others: ImageArray) -> npt.NDArray[np.bool_]:
    """Which of the images (n, h, w) are, pixel by pixel, also among the others."""
    known = set(digests(others))
    return np.array([digest in known for digest in digests(images)], dtype=np.bool_)


def digests(images: ImageArray) -> list[bytes]:
    """Return what tells two images apart: equal exactly where all their pixels are."""
    return [image.tobytes() for image in images]
