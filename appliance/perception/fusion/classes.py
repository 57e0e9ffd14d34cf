"""What the classes of face and voice have to do with each other.

The face's eight are those of the FER+ votes, the voice's eight those of RAVDESS. They meet in the
voice's: the face cannot tell calm from neutral, and the voice does not know contempt.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

_Floats = npt.NDArray[np.float64]

CLASSES = ("neutral", "calm", "happy", "sad", "angry", "fearful", "disgust", "surprised")
"""What is fused, in the order of every array of this room."""

FACE_MEANS: Mapping[str, tuple[str, ...]] = {
    "neutral": ("neutral", "calm"),
    "happiness": ("happy",),
    "surprise": ("surprised",),
    "sadness": ("sad",),
    "anger": ("angry",),
    "disgust": ("disgust",),
    "fear": ("fearful",),
    "contempt": CLASSES,
}
"""Which classes each class of the face may be; its probability is shared evenly among them.

A neutral face is as much for calm as for neutral: between the two the voice decides. Contempt has
no counterpart, so it says nothing of the others: what a face is thought to show of it makes the
face's vote that much weaker.
"""


def from_face(probabilities: Mapping[str, float]) -> _Floats:
    """A face's probabilities as (8,) float64 over `CLASSES`; the sum stays.

    Raises:
        KeyError: a class that the face does not have.
    """
    shares = np.zeros(len(CLASSES))
    for name, share in probabilities.items():
        meant = FACE_MEANS[name]
        for other in meant:
            shares[CLASSES.index(other)] += share / len(meant)
    return shares


def from_voice(probabilities: Mapping[str, float]) -> _Floats:
    """A voice's probabilities as (8,) float64 over `CLASSES`.

    Raises:
        KeyError: a class is missing.
    """
    return np.array([probabilities[name] for name in CLASSES], dtype=np.float64)


def named(shares: _Floats) -> dict[str, float]:
    """Probabilities (8,) with their names."""
    return dict(zip(CLASSES, shares.tolist(), strict=True))
