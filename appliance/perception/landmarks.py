"""468 points of a face, by Google's face landmark model.

Kartynnik et al. 2019, "Real-time Facial Surface Geometry from Monocular Video on Mobile GPUs"
(arXiv:1907.06724).
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from PIL import Image

from appliance.domain.media import FloatArray, ImageArray
from appliance.perception.face_detection import LEFT_EYE, RIGHT_EYE, FaceDetection
from appliance.perception.tflite import TfliteModel

MODEL_FILE = "face_landmark.tflite"

INPUT_SIZE = 192
POINT_COUNT = 468

# The model was trained on crops that are half as large again as the detector's box (MediaPipe's
# face landmark graph).
_MARGIN = 1.5


@dataclass(frozen=True, slots=True)
class FaceCrop:
    """A square of the picture that stands upright on the face.

    Attributes:
        centre_x: in pixels of the picture.
        centre_y: in pixels of the picture.
        side: length of an edge, in pixels of the picture.
        angle: of the eye line, in radians, clockwise as seen in the picture.
    """

    centre_x: float
    centre_y: float
    side: float
    angle: float

    @classmethod
    def around(cls, detection: FaceDetection) -> "FaceCrop":
        """The square that the landmark model expects around a detected face."""
        eyes = detection.key_points[LEFT_EYE] - detection.key_points[RIGHT_EYE]
        return cls(
            centre_x=detection.left + detection.width / 2,
            centre_y=detection.top + detection.height / 2,
            side=max(detection.width, detection.height, 1) * _MARGIN,
            angle=math.atan2(float(eyes[1]), float(eyes[0])),
        )

    def cut(
        self, image: ImageArray, size: int, beyond: Literal["black", "edge"] = "black"
    ) -> ImageArray:
        """The square as an upright picture (size, size, 3) uint8.

        Args:
            image: RGB (height, width, 3).
            size: width and height of the result.
            beyond: what is seen outside of the image: black, or the nearest pixel of its edge.
        """
        part, left, top = self._surroundings(image, beyond)
        # Averaging whole blocks first keeps a large face free of aliasing.
        shrink = max(1, int(self.side / size))
        picture = Image.fromarray(part)
        if shrink > 1:
            picture = picture.reduce(shrink)
        step = self.side / size / shrink
        cosine, sine = math.cos(self.angle) * step, math.sin(self.angle) * step
        x, y = (self.centre_x - left) / shrink, (self.centre_y - top) / shrink
        half = size / 2
        # Pillow maps the output's coordinates to the input's: (a, b, c, d, e, f) as
        # x' = a x + b y + c and y' = d x + e y + f.
        affine = (
            *(cosine, -sine, x - half * (cosine - sine)),
            *(sine, cosine, y - half * (sine + cosine)),
        )
        method, bilinear = Image.Transform.AFFINE, Image.Resampling.BILINEAR
        upright: ImageArray = np.asarray(picture.transform((size, size), method, affine, bilinear))
        return upright

    def in_picture(self, points: FloatArray) -> FloatArray:
        """Points (n, 3) in shares of the square, as x, y and z in pixels of the picture.

        Depth has no origin in the picture: z is only scaled.
        """
        cosine, sine = math.cos(self.angle), math.sin(self.angle)
        rotation = np.array([[cosine, sine, 0], [-sine, cosine, 0], [0, 0, 1]])
        centred = (points - (0.5, 0.5, 0)) * self.side
        moved: FloatArray = centred @ rotation + (self.centre_x, self.centre_y, 0)
        return moved.astype(np.float32)

    def _surroundings(
        self, image: ImageArray, beyond: Literal["black", "edge"]
    ) -> tuple[ImageArray, int, int]:
        """The part of the image that the square can touch, and the column and row it starts at."""
        # Pillow copies what it is given: for one face of a 4K picture that should not be all of it.
        height, width = image.shape[:2]
        reach = self.side * math.sqrt(0.5) + 2
        left, top = math.floor(self.centre_x - reach), math.floor(self.centre_y - reach)
        right, bottom = math.ceil(self.centre_x + reach), math.ceil(self.centre_y + reach)
        if beyond == "edge":
            rows = np.clip(np.arange(top, bottom), 0, height - 1)
            columns = np.clip(np.arange(left, right), 0, width - 1)
            return image[np.ix_(rows, columns)], left, top
        left, top = min(max(0, left), width - 1), min(max(0, top), height - 1)
        return image[top : max(top + 1, bottom), left : max(left + 1, right)], left, top


@dataclass(frozen=True, slots=True, eq=False)
class FaceLandmarks:
    """The points of one face.

    Attributes:
        points: (468, 3) float32: x and y in pixels of the picture, z in the same scale, smaller
            toward the camera, with its origin about the head's middle. The numbering is that of
            MediaPipe's face mesh.
        presence: of a face being in the crop, 0..1.
        crop: where the model looked.
        aligned: (192, 192, 3) uint8, what the model saw: the face upright.
    """

    points: FloatArray
    presence: float
    crop: FaceCrop
    aligned: ImageArray


class LandmarkFinder:
    """Finds the points of a detected face."""

    def __init__(self, model: TfliteModel) -> None:
        """Take over a loaded face landmark model.

        Raises:
            ModelError: it is another model.
        """
        model.require((1, INPUT_SIZE, INPUT_SIZE, 3), ((1, 1, 1, 3 * POINT_COUNT), (1, 1, 1, 1)))
        self._model = model

    def find(self, image: ImageArray, detection: FaceDetection) -> FaceLandmarks:
        """Find the points of a face that was detected in this RGB picture (height, width, 3)."""
        crop = FaceCrop.around(detection)
        aligned = crop.cut(image, INPUT_SIZE)
        raw_points, raw_presence = self._model.run(aligned[np.newaxis].astype(np.float32) / 255)
        shares = (raw_points.reshape(POINT_COUNT, 3) / INPUT_SIZE).astype(np.float32)
        points = crop.in_picture(shares)
        presence = 1 / (1 + math.exp(-float(np.clip(raw_presence.item(), -80, 80))))
        return FaceLandmarks(points, presence, crop, aligned)
