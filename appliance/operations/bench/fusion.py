"""What fusion costs over a long interview, and that it holds no more at its end."""

import time
import tracemalloc
from dataclasses import dataclass

import numpy as np

from appliance.domain.observations import (
    ExpressionObservation,
    FaceObservation,
    ProsodyTrack,
    VoiceObservation,
)
from appliance.perception.face import FaceSighting
from appliance.perception.face_detection import FaceDetection
from appliance.perception.fusion.classes import CLASSES
from appliance.perception.fusion.fusion import Fusion
from appliance.perception.fusion.model import FusionModel
from appliance.perception.landmarks import FaceCrop, FaceLandmarks
from appliance.perception.prosody import HOP_S
from appliance.perception.voice_windows import HOP_S as VOICE_HOP_S
from appliance.perception.voice_windows import WINDOW_S as VOICE_WINDOW_S

ANSWERS = 10
ANSWER_S = 120.0

_LOOKS_HZ = 10
_POINTS = 468
_KIB = 1024


@dataclass(frozen=True, slots=True)
class FusionCost:
    """What one interview took.

    Attributes:
        windows: that were told.
        total_s: processor time for all of them, looks and clock offset included.
        media_s: length of the interview.
        first_kib: most memory in use during the first answer.
        most_kib: most memory in use during any answer.
    """

    windows: int
    total_s: float
    media_s: float
    first_kib: float
    most_kib: float

    @property
    def window_ms(self) -> float:
        """Milliseconds of one core that a window takes."""
        return 1000 * self.total_s / max(self.windows, 1)


@dataclass(frozen=True, slots=True)
class _Answer:
    looks: tuple[tuple[FaceSighting, ExpressionObservation], ...]
    voice: tuple[VoiceObservation, ...]
    sound: ProsodyTrack


def measure_fusion(
    model: FusionModel, answers: int = ANSWERS, answer_s: float = ANSWER_S
) -> FusionCost:
    """Fuse an interview of answers in which somebody always speaks and is always seen.

    Args:
        model: weighs what is fused.
        answers: how many, one after the other.
        answer_s: length of each.
    """
    answer = _spoken(answer_s)
    windows, begun_s = 0, time.process_time()
    for _ in range(answers):
        windows += _fused(model, answer, answer_s)
    total_s = time.process_time() - begun_s
    peaks = []
    tracemalloc.start()
    try:
        for _ in range(answers):
            tracemalloc.reset_peak()
            _fused(model, answer, answer_s)
            peaks.append(tracemalloc.get_traced_memory()[1] / _KIB)
    finally:
        tracemalloc.stop()
    return FusionCost(windows, total_s, answers * answer_s, peaks[0], max(peaks))


def _fused(model: FusionModel, answer: _Answer, answer_s: float) -> int:
    fusion = Fusion(model)
    for sighting, shown in answer.looks:
        fusion.see(sighting, shown)
    return len(fusion.finish(answer.voice, [answer.sound], answer_s).windows)


def _spoken(answer_s: float) -> _Answer:
    random = np.random.default_rng(0)
    crop = FaceCrop(0, 0, 1, 0)
    picture = np.zeros((1, 1, 3), np.uint8)
    detection = FaceDetection(0, 0, 1, 1, np.zeros((6, 2), np.float32), 1.0)
    looks = []
    for place in range(round(answer_s * _LOOKS_HZ)):
        time_s = place / _LOOKS_HZ
        points = random.normal(size=(_POINTS, 3)).astype(np.float32)
        landmarks = FaceLandmarks(points, 1.0, crop, picture)
        sighting = FaceSighting(FaceObservation(time_s, 1), detection, landmarks)
        looks.append((sighting, ExpressionObservation(time_s, {"happiness": 1.0}, 1.0)))
    even = dict.fromkeys(CLASSES, 1 / len(CLASSES))
    starts_s = np.arange(0.0, answer_s - VOICE_WINDOW_S, VOICE_HOP_S).tolist()
    voice = [VoiceObservation(start, start + VOICE_WINDOW_S, even, 1.0) for start in starts_s]
    loudness = tuple(random.uniform(-60, -20, round(answer_s / HOP_S)).tolist())
    sound = ProsodyTrack(0.0, HOP_S, (None,) * len(loudness), loudness)
    return _Answer(tuple(looks), tuple(voice), sound)
