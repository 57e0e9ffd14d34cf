"""Faces as the expression model takes them, whatever the lighting; training uses this, too."""

import numpy as np
import numpy.typing as npt

from appliance.domain.media import FloatArray, ImageArray

# Flatter faces than this, in grey levels, are noise that should not be blown up.
LEAST_CONTRAST = 8.0

# Steps of the int8 input for one deviation, so that it reaches to four on both sides.
INPUT_STEPS = 32


def evenly_lit(images: ImageArray) -> FloatArray:
    """Give each face mean 0 and standard deviation 1, within -4..4.

    Args:
        images: (n, 48, 48) uint8, grey.

    Returns:
        (n, 48, 48, 1) float32.
    """
    grey = images.astype(np.float32)
    mean = grey.mean(axis=(1, 2), keepdims=True)
    deviation = np.maximum(grey.std(axis=(1, 2), keepdims=True), LEAST_CONTRAST)
    lit: FloatArray = np.clip((grey - mean) / deviation, -4, 4)[..., np.newaxis].astype(np.float32)
    return lit


def as_int8(images: ImageArray) -> npt.NDArray[np.int8]:
    """Return `evenly_lit` in the steps of the int8 model's input, (n, 48, 48, 1) int8."""
    return np.clip(np.rint(evenly_lit(images) * INPUT_STEPS), -128, 127).astype(np.int8)
