"""Shows which part of a picture the expression model sees, for its card.

    .venv/bin/python -m tests.tools.photograph_crop docs/pictures/models/expression-crop.png

Two frames of the packaged sample: BlazeFace's box (amber), the square that is cut (teal), and
beside each what the model gets, 48x48 and enlarged here.
"""

import sys
from itertools import islice
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from appliance.devices.camera.recording import RecordingCamera
from appliance.domain.media import ImageArray
from appliance.perception import face_detection
from appliance.perception.expression import cut_face, face_square
from appliance.perception.face_detection import FaceDetection, FaceDetector
from appliance.perception.tflite import TfliteModel
from appliance.service import default_models_dir, sample_recording

_AMBER, _TEAL = "#c9832b", "#0f6b66"
_FRAMES = (5, 60)
_HEIGHT = 360


def main() -> None:
    """Write the picture."""
    detector = FaceDetector(TfliteModel(default_models_dir() / face_detection.MODEL_FILE))
    frames = list(islice(RecordingCamera(sample_recording()).frames(), max(_FRAMES) + 1))
    pairs = []
    for number in _FRAMES:
        image = frames[number].image
        face = detector.detect(image)[0]
        pairs += [_marked(image, face), _enlarged(cut_face(image, face))]
    row = Image.new("RGB", (sum(picture.width for picture in pairs), _HEIGHT), "white")
    left = 0
    for picture in pairs:
        row.paste(picture, (left, 0))
        left += picture.width
    path = Path(sys.argv[1])
    path.parent.mkdir(parents=True, exist_ok=True)
    row.save(path, optimize=True)


def _marked(image: ImageArray, face: FaceDetection) -> Image.Image:
    picture = Image.fromarray(image)
    draw = ImageDraw.Draw(picture)
    corner = (face.left, face.top, face.left + face.width, face.top + face.height)
    draw.rectangle(corner, outline=_AMBER, width=3)
    square = face_square(face)
    reach = square.side / 2
    offsets = np.array([[-reach, -reach], [reach, -reach], [reach, reach], [-reach, reach]])
    cosine, sine = np.cos(square.angle), np.sin(square.angle)
    turned = offsets @ np.array([[cosine, sine], [-sine, cosine]])
    corners = [(square.centre_x + x, square.centre_y + y) for x, y in turned.tolist()]
    draw.polygon(corners, outline=_TEAL, width=3)
    return picture.resize((round(picture.width * _HEIGHT / picture.height), _HEIGHT))


def _enlarged(face: ImageArray) -> Image.Image:
    square = Image.fromarray(face).convert("RGB")
    return square.resize((_HEIGHT, _HEIGHT), Image.Resampling.NEAREST)


if __name__ == "__main__":
    main()
