"""Faces in a picture, by BlazeFace (Bazarevsky et al. 2019, arXiv:1907.05047).

The model is the range-extended ("back camera") variant of Google's MediaPipe: it sees a 256x256
picture through 896 anchors, and for each anchor gives a score, a box and six key points.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from appliance.domain.media import FloatArray, ImageArray
from appliance.perception.tflite import TfliteModel

MODEL_FILE = "face_detection_back.tflite"

INPUT_SIZE = 256
# Two feature maps, each as (stride in input pixels, anchors at each cell): 16*16*2 + 8*8*6 = 896.
_FEATURE_MAPS = ((16, 2), (32, 6))
_KEY_POINTS = 6

# MediaPipe's defaults for this model: a face is scored at least 0.5, and two boxes that share more
# than 0.3 of their union are the same face.
SCORE_THRESHOLD = 0.5
OVERLAP_THRESHOLD = 0.3

RIGHT_EYE, LEFT_EYE, NOSE_TIP, MOUTH, RIGHT_EAR, LEFT_EAR = range(_KEY_POINTS)
"""Rows of `FaceDetection.key_points`; right and left are the person's."""


@dataclass(frozen=True, slots=True, eq=False)
class FaceDetection:
    """A face found in a picture, in pixels of the picture; it may reach beyond the picture's edge.

    Attributes:
        left: of the box, which spans brows to chin.
        top: of the box.
        width: of the box.
        height: of the box.
        key_points: (6, 2) float32, x and y, in the order of `RIGHT_EYE` .. `LEFT_EAR`.
        score: of the box holding a face, 0..1.
    """

    left: float
    top: float
    width: float
    height: float
    key_points: FloatArray
    score: float


class FaceDetector:
    """Finds every face of a picture."""

    def __init__(self, model: TfliteModel) -> None:
        """Take over a loaded BlazeFace model.

        Raises:
            ModelError: it is another model.
        """
        self._anchors = anchor_centres()
        count = len(self._anchors)
        outputs = ((1, count, 4 + 2 * _KEY_POINTS), (1, count, 1))
        model.require((1, INPUT_SIZE, INPUT_SIZE, 3), outputs)
        self._model = model

    def detect(self, image: ImageArray) -> tuple[FaceDetection, ...]:
        """Find the faces of an RGB picture (height, width, 3) of any size, the largest first."""
        letterbox = _Letterbox.of(image)
        raw_values, raw_scores = self._model.run(letterbox.model_input(image))
        scores = _sigmoid(raw_scores[0, :, 0])
        sure = scores >= SCORE_THRESHOLD
        values = _decode(raw_values[0, sure], self._anchors[sure])
        faces = suppress_overlaps(values, scores[sure])
        found = (letterbox.in_picture(values, score) for values, score in faces)
        return tuple(sorted(found, key=lambda face: face.width * face.height, reverse=True))


def anchor_centres() -> FloatArray:
    """Centres of the model's anchors in its input square, (896, 2) float32, x and y in 0..1.

    The order is that of the single-shot detector (Liu et al. 2016, arXiv:1512.02325): map by map,
    row by row, all anchors of a cell together. All anchors of this model have the size 1.
    """
    maps = []
    for stride, repeats in _FEATURE_MAPS:
        steps = (np.arange(INPUT_SIZE // stride, dtype=np.float32) + 0.5) * stride / INPUT_SIZE
        y, x = np.meshgrid(steps, steps, indexing="ij")
        maps.append(np.repeat(np.stack([x.ravel(), y.ravel()], axis=1), repeats, axis=0))
    return np.concatenate(maps).astype(np.float32)


def suppress_overlaps(
    values: FloatArray, scores: FloatArray, threshold: float = OVERLAP_THRESHOLD
) -> list[tuple[FloatArray, float]]:
    """Merge the boxes that describe the same face.

    Every box that overlaps the best one is averaged with it, weighted by score: this keeps a still
    face's box steadier from frame to frame than dropping them (the BlazeFace paper, on
    post-processing).

    Args:
        values: (n, 4 + m), left, top, right, bottom, then coordinates that are averaged alike.
        scores: (n,) in 0..1.
        threshold: intersection over union above which two boxes are the same face.

    Returns:
        For each face its values and the score of its best box, best first.
    """
    faces = []
    order = np.argsort(-scores, kind="stable")
    while len(order):
        best = order[0]
        same = _overlap(values[best], values[order]) > threshold
        same[0] = True  # also a box without area, which overlaps nothing, leaves the queue
        group = order[same]
        merged = np.average(values[group], axis=0, weights=scores[group])
        faces.append((merged.astype(np.float32), float(scores[best])))
        order = order[~same]
    return faces


@dataclass(frozen=True, slots=True)
class _Letterbox:
    """How a picture lies in the model's square input: scaled to fit, centred, black around it."""

    width: int
    height: int
    scaled_width: int
    scaled_height: int

    @classmethod
    def of(cls, image: ImageArray) -> "_Letterbox":
        height, width = image.shape[:2]
        scale = INPUT_SIZE / max(width, height)
        return cls(width, height, max(1, round(width * scale)), max(1, round(height * scale)))

    @property
    def _left(self) -> int:
        return (INPUT_SIZE - self.scaled_width) // 2

    @property
    def _top(self) -> int:
        return (INPUT_SIZE - self.scaled_height) // 2

    def model_input(self, image: ImageArray) -> FloatArray:
        """The picture as the model takes it: (1, 256, 256, 3) float32 in -1..1."""
        # `reducing_gap` averages whole blocks of pixels first: four times faster on a 4K picture.
        scaled = Image.fromarray(image).resize(
            (self.scaled_width, self.scaled_height), Image.Resampling.BILINEAR, reducing_gap=2.0
        )
        square = np.full((1, INPUT_SIZE, INPUT_SIZE, 3), -1, dtype=np.float32)
        rows = slice(self._top, self._top + self.scaled_height)
        columns = slice(self._left, self._left + self.scaled_width)
        square[0, rows, columns] = np.asarray(scaled, dtype=np.float32) / 127.5 - 1
        return square

    def in_picture(self, values: FloatArray, score: float) -> FaceDetection:
        """Values in shares of the square (see `_decode`) as a detection in picture pixels."""
        points = values.reshape(-1, 2) * INPUT_SIZE - (self._left, self._top)
        points *= (self.width / self.scaled_width, self.height / self.scaled_height)
        (left, top), (right, bottom) = points[:2].tolist()
        key_points = points[2:].astype(np.float32)
        return FaceDetection(left, top, right - left, bottom - top, key_points, score)


def _sigmoid(values: FloatArray) -> FloatArray:
    # Beyond 80 the float32 result is 0 or 1 anyway, and exp would overflow.
    return (1 / (1 + np.exp(-np.clip(values, -80, 80)))).astype(np.float32)


def _decode(raw: FloatArray, anchors: FloatArray) -> FloatArray:
    """Raw outputs (n, 16) as left, top, right, bottom and key points, in shares of the square."""
    scaled = raw / INPUT_SIZE
    centre = scaled[:, 0:2] + anchors
    half = scaled[:, 2:4] / 2
    key_points = scaled[:, 4:] + np.tile(anchors, _KEY_POINTS)
    return np.concatenate([centre - half, centre + half, key_points], axis=1)


def _overlap(box: FloatArray, boxes: FloatArray) -> FloatArray:
    """Intersection over union of one box with each of many; 0 where both are without area."""
    corner_1 = np.maximum(box[:2], boxes[:, :2])
    corner_2 = np.minimum(box[2:4], boxes[:, 2:4])
    shared = np.prod(np.clip(corner_2 - corner_1, 0, None), axis=1)
    areas = np.prod(boxes[:, 2:4] - boxes[:, :2], axis=1)
    union = np.prod(box[2:4] - box[:2]) + areas - shared
    overlap: FloatArray = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
    return overlap
