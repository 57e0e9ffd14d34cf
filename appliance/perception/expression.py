"""What a face shows, by a ResNet18 in int8: how people would label the picture, never more.

`models_tflite/training/expression` trains the model on faces as they are cut out here.
"""

import math
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from appliance.domain.errors import ModelError
from appliance.domain.media import FloatArray, Frame, ImageArray
from appliance.domain.observations import ExpressionObservation
from appliance.perception.face import FaceSighting
from appliance.perception.face_detection import FaceDetection
from appliance.perception.landmarks import FaceCrop
from appliance.perception.lighting import LEAST_CONTRAST, as_int8
from appliance.perception.tflite import TfliteModel

MODEL_FILE = "expression_resnet18_int8.tflite"

# The order of the FER+ votes; the model's first output has it.
EXPRESSIONS = (
    "neutral",
    "happiness",
    "surprise",
    "sadness",
    "anger",
    "disgust",
    "fear",
    "contempt",
)

# The order of FER2013's own labels; the model's second output has it.
FER2013_LABELS = ("angry", "disgust", "fear", "happy", "neutral", "sad", "surprise")

SIZE = 48
"""Width and height of the face that the model takes, in pixels."""

# How FER2013's faces lie in their pictures, told by the detector's box. A `data` test measures it.
_WIDTH_IN_BOXES = 1.16
_RISE_IN_BOXES = 0.08

# A face is first cut at four times its size and then averaged in blocks of 4x4: like the mean over
# each pixel's area, which keeps a large face from aliasing and a small one from blocks.
_FINER = 4

# One in ten of FER2013's validation faces is less sharp than this (a `data` test measures it).
_SHARP = 0.61


class ExpressionModel:
    """Estimates which expression people would see in a face. Use it from one thread at a time."""

    def __init__(self, path: Path, threads: int = 1) -> None:
        """Load the model.

        Args:
            path: the int8 `.tflite` file.
            threads: CPU threads that one run may use.

        Raises:
            ModelError: the file is missing, damaged, or another model.
        """
        self._model = TfliteModel(path, threads)
        self._model.require((1, SIZE, SIZE, 1), ((1, len(EXPRESSIONS)), (1, len(FER2013_LABELS))))
        kinds = {self._model.input_dtype, *self._model.output_dtypes}
        if kinds != {np.dtype(np.int8)}:
            names = ", ".join(sorted(kind.name for kind in kinds))
            message = f"The model {path.name} works on {names}, where int8 is expected."
            raise ModelError(message, "Use the int8 file of the recipe, not its float twin.")

    def of(self, face: ImageArray) -> tuple[FloatArray, FloatArray]:
        """Estimate from an upright grey face.

        Args:
            face: (48, 48) uint8, cut as `cut_face` does.

        Returns:
            Probabilities of `EXPRESSIONS`, (8,) float32, and of `FER2013_LABELS`, (7,) float32:
            the same question to people who labelled in two ways. Each sums to 1.
        """
        outputs = zip(
            self._model.run(as_int8(face[np.newaxis])), self._model.output_steps, strict=True
        )
        first, second = (softmax(output * np.float32(step))[0] for output, step in outputs)
        return first, second

    def observe(self, frame: Frame, sighting: FaceSighting) -> ExpressionObservation | None:
        """Estimate from the face that was sighted in a frame; None where none was measured."""
        look = sighting.observation
        if sighting.detection is None or look.yaw_deg is None or look.pitch_deg is None:
            return None
        face = cut_face(frame.image, sighting.detection)
        shares, _ = self.of(face)
        return ExpressionObservation(
            time_s=frame.time_s,
            probabilities=dict(zip(EXPRESSIONS, shares.tolist(), strict=True)),
            quality=quality(face, sighting.detection, look.yaw_deg, look.pitch_deg),
        )


def softmax(logits: npt.NDArray[np.floating[Any]]) -> FloatArray:
    """Turn logits (n, classes) into probabilities: float32 rows that sum to 1.

    It is computed here and not by the model: in int8 it would know nothing below 1/256, and the
    kernels of different processors round it differently.
    """
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: FloatArray = (exponentials / exponentials.sum(axis=1, keepdims=True)).astype(np.float32)
    return shares


def face_square(detection: FaceDetection) -> FaceCrop:
    """The square, upright on the face, in which FER2013's pictures show theirs."""
    box = FaceCrop.around(detection)
    rise = detection.height * _RISE_IN_BOXES
    return FaceCrop(
        centre_x=box.centre_x + rise * math.sin(box.angle),
        centre_y=box.centre_y - rise * math.cos(box.angle),
        side=max(detection.width, 1) * _WIDTH_IN_BOXES,
        angle=box.angle,
    )


def cut_face(image: ImageArray, detection: FaceDetection) -> ImageArray:
    """Cut a face that was detected in an RGB picture (height, width, 3) as the model takes it.

    Where the square leaves the picture, the picture's edge goes on, as in the recipe's random
    views: black would be a contrast that no training face has.

    Returns:
        (48, 48) uint8, upright, grey by ITU-R BT.601's luma.
    """
    finer = face_square(detection).cut(image, SIZE * _FINER, beyond="edge")
    grey = Image.fromarray(finer).convert("L").reduce(_FINER)
    face: ImageArray = np.asarray(grey)
    return face


def quality(face: ImageArray, detection: FaceDetection, yaw_deg: float, pitch_deg: float) -> float:
    """How much an estimate can rest on, 0..1: the product of three shares.

    - size: the square's side in pixels of the picture by the 48 that the model takes, at most 1;
    - turn: cos(yaw) cos(pitch), about the share of the face that is turned to the camera;
    - sharpness: `sharpness` by that of the tenth least sharp of FER2013's faces, at most 1.

    Args:
        face: (48, 48) uint8, as `cut_face` gives it.
        detection: where it was found.
        yaw_deg: head turned aside.
        pitch_deg: head raised or lowered.
    """
    size = min(1.0, face_square(detection).side / SIZE)
    turn = max(0.0, math.cos(math.radians(yaw_deg))) * max(0.0, math.cos(math.radians(pitch_deg)))
    return size * turn * min(1.0, sharpness(face) / _SHARP)


def sharpness(face: ImageArray) -> float:
    """Deviation of a face's Laplacian by the deviation of its grey levels: fine against coarse.

    After Pech-Pacheco et al. 2000, "Diatom autofocusing in brightfield microscopy", who take the
    Laplacian's variance; by the levels', so that dim light does not count as blur.

    Args:
        face: (48, 48) uint8.
    """
    grey = face.astype(np.float32)
    around = grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:]
    laplacian = around - 4 * grey[1:-1, 1:-1]
    return float(laplacian.std() / max(float(grey.std()), LEAST_CONTRAST))
