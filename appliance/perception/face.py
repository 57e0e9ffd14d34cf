"""The face path in one call: a frame in, what its largest face shows out."""

import threading
from dataclasses import dataclass
from pathlib import Path

from appliance.domain.media import Frame
from appliance.domain.observations import Box, FaceObservation
from appliance.perception import face_detection, landmarks
from appliance.perception.face_detection import FaceDetection, FaceDetector
from appliance.perception.face_shape import face_shape
from appliance.perception.gaze import head_pose
from appliance.perception.landmarks import FaceLandmarks, LandmarkFinder
from appliance.perception.tflite import TfliteModel

# Below it the landmark model says that what it looks at is rather not a face (MediaPipe's default).
_PRESENCE_THRESHOLD = 0.5


@dataclass(frozen=True, slots=True)
class FaceSighting:
    """One frame's observation, with what a further model of the same face can start from.

    Attributes:
        observation: for the timeline.
        detection: where the observed face is; None where there is none.
        landmarks: points and upright crop of the observed face; None where there is no face, or
            where it could not be measured.
    """

    observation: FaceObservation
    detection: FaceDetection | None = None
    landmarks: FaceLandmarks | None = None


class FaceObserver:
    """Observes the largest face of each frame, one frame at a time.

    Threads may share it: an answer's last frame is still being looked at while the booth already
    looks whether somebody is there. The runtime itself fails when two threads run one model.
    """

    def __init__(self, models: Path, threads: int = 1) -> None:
        """Load the face models.

        Args:
            models: the folder with the model files.
            threads: CPU threads that each model may use.

        Raises:
            ModelError: a model is missing, damaged, or another one.
        """
        detection_model = TfliteModel(models / face_detection.MODEL_FILE, threads)
        landmark_model = TfliteModel(models / landmarks.MODEL_FILE, threads)
        self._detector = FaceDetector(detection_model)
        self._landmark_finder = LandmarkFinder(landmark_model)
        self._looking = threading.Lock()

    def sight(self, frame: Frame) -> FaceSighting:
        """Observe the largest face; without any, `face_count` is 0.

        A face that is found but too hidden to measure has a box, and no angles or movements.
        """
        with self._looking:
            return self._sight(frame)

    def _sight(self, frame: Frame) -> FaceSighting:
        faces = self._detector.detect(frame.image)
        if not faces:
            return FaceSighting(FaceObservation(frame.time_s, face_count=0))
        found = self._landmark_finder.find(frame.image, faces[0])
        box = _box(faces[0], *frame.image.shape[:2])
        confidence = min(faces[0].score, found.presence)
        if found.presence < _PRESENCE_THRESHOLD:
            unmeasured = FaceObservation(frame.time_s, len(faces), box, confidence=confidence)
            return FaceSighting(unmeasured, faces[0])
        pose = head_pose(found.points)
        shape = face_shape(found.points)
        observation = FaceObservation(
            time_s=frame.time_s,
            face_count=len(faces),
            box=box,
            yaw_deg=pose.yaw_deg,
            pitch_deg=pose.pitch_deg,
            roll_deg=pose.roll_deg,
            toward_camera=pose.toward_camera,
            smile=shape.smile,
            brow_raise=shape.brow_raise,
            confidence=confidence,
        )
        return FaceSighting(observation, faces[0], found)


def _box(face: FaceDetection, height: int, width: int) -> Box:
    """The part of the face's box that is in the picture, in shares of it."""
    left, right = (_clip(x / width) for x in (face.left, face.left + face.width))
    top, bottom = (_clip(y / height) for y in (face.top, face.top + face.height))
    return Box(left, top, right - left, bottom - top)


def _clip(share: float) -> float:
    return min(1.0, max(0.0, share))
