"""Faces as the network takes them, whatever the lighting."""

import numpy as np
import numpy.typing as npt

from models_tflite.training.expression.faces import Floats, Images

# Flatter faces than this, in grey levels, are noise that should not be blown up.
LEAST_CONTRAST = 8.0

# Steps of the int8 input for one deviation, so that it reaches to four on both sides.
INPUT_STEPS = 32


def evenly_lit(images: Images) -> Floats:
    """Give each face mean 0 and standard deviation 1, within -4..4.

    Args:
        images: (n, 48, 48) grey.

    Returns:
        (n, 48, 48, 1).
    """
    grey = images.astype(np.float32)
    mean = grey.mean(axis=(1, 2), keepdims=True)
    deviation = np.maximum(grey.std(axis=(1, 2), keepdims=True), LEAST_CONTRAST)
    lit: Floats = np.clip((grey - mean) / deviation, -4, 4)[..., np.newaxis].astype(np.float32)
    return lit


def as_int8(images: Images) -> npt.NDArray[np.int8]:
    """Return `evenly_lit` in the steps of the int8 model's input, (n, 48, 48, 1)."""
    return np.clip(np.rint(evenly_lit(images) * INPUT_STEPS), -128, 127).astype(np.int8)
