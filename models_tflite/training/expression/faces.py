"""Labelled faces, as every data set of this recipe is turned into."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from appliance.domain.media import FloatArray, ImageArray

# The network computes on faces enlarged to this width: it finds more when its own steps of two
# and pooling leave more places of them.
ENLARGED = 64

Images = ImageArray
Floats = FloatArray


@dataclass(frozen=True)
class Faces:
    """Faces with what people said that they show.

    Attributes:
        images: (n, 48, 48) grey.
        expressions: (n, 8) shares of the opinions, in the device's order of `EXPRESSIONS`; each row
            sums to one, or to zero where nobody gave a usable opinion.
        fer2013: (n, 7) the same for FER2013's own label, in the device's order of `FER2013_LABELS`.
    """

    images: Images
    expressions: Floats
    fer2013: Floats

    def __len__(self) -> int:
        return len(self.images)

    def where(self, chosen: npt.NDArray[np.bool_] | npt.NDArray[np.int64]) -> "Faces":
        """Return the faces that a mask or an array of indices chooses."""
        return Faces(self.images[chosen], self.expressions[chosen], self.fer2013[chosen])


def set_aside(faces: Faces, count: int, seed: int) -> tuple[Faces, Faces]:
    """Split off `count` faces at random that training will not see, for the temperature.

    Returns:
        The faces to train on, and those set aside.
    """
    order = np.random.default_rng(seed).permutation(len(faces))
    return faces.where(np.sort(order[count:])), faces.where(np.sort(order[:count]))


def class_weights(shares: Floats, power: float, most: float) -> Floats:
    """Weigh rare classes up: (frequent / n) ** power, `most` at the most, one on average.

    Args:
        shares: (n, classes) opinions.
        power: 0 weighs all faces alike, 1 all classes alike.
        most: limit of the weight against that of the most frequent class.

    Returns:
        (classes,) weights whose mean over all faces is one.
    """
    counts = np.maximum(shares.sum(axis=0), 1.0)
    weights = np.minimum((counts.max() / counts) ** power, most)
    scaled: Floats = (weights * counts.sum() / (weights * counts).sum()).astype(np.float32)
    return scaled
