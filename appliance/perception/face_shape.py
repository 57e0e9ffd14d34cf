"""Smile and raised brows, as geometry of the landmarks: what a face shows, not what anyone feels.

The movements are action units of Ekman and Friesen's Facial Action Coding System (1978): 12 pulls
the corners of the lips up and outward, 1 and 2 raise the brows. All lengths are measured along the
head's own axes and in units of the distance between the outer corners of the eyes, so that neither
the head's tilt nor its distance counts.

The figures for rest and for a full movement were measured with these models on faces that at least
eight of ten people labelled neutral, happy or surprised (FER+, Barsoum et al. 2016,
arXiv:1608.01041), and on the neutral clips that the tests use.
"""

from dataclasses import dataclass

import numpy as np

from appliance.domain.media import FloatArray
from appliance.perception.gaze import head_axes

# Points of the face mesh.
_OUTER_EYE_CORNERS = (33, 263)
_EYE_CORNERS = (33, 133, 362, 263)
_MOUTH_CORNERS = (61, 291)
_NOSE_BASE = 2
_BROWS = (52, 65, 55, 282, 295, 285)  # their lower edges

# Width of the mouth, less how far its corners lie below the nose: set so that neutral faces come
# out near 0 and those that people call happy well above (tested on FER+).
_SMILE_REST, _SMILE_FULL = 0.36, 0.60

# Height of the brows above the corners of the eyes: our choice, see `brow_raise` below.
_BROW_REST, _BROW_FULL = 0.19, 0.26


@dataclass(frozen=True, slots=True)
class FaceShape:
    """Movements of one face, each 0 at rest to 1.

    Attributes:
        smile: corners of the mouth up and apart. Tells happy from neutral faces well.
        brow_raise: brows up. People's resting brows differ about as much as a raise, so only a
            change within one person says something.
    """

    smile: float
    brow_raise: float


def face_shape(points: FloatArray) -> FaceShape:
    """Measure the landmarks (468, 3) of a face."""
    right_eye, left_eye = points[list(_OUTER_EYE_CORNERS)]
    unit = np.linalg.norm(left_eye - right_eye)
    heights = -(points @ head_axes(points)[1]) / unit
    right_mouth, left_mouth = points[list(_MOUTH_CORNERS)]
    mouth_width = np.linalg.norm(left_mouth - right_mouth) / unit
    mouth_drop = heights[_NOSE_BASE] - heights[list(_MOUTH_CORNERS)].mean()
    brow_height = heights[list(_BROWS)].mean() - heights[list(_EYE_CORNERS)].mean()
    return FaceShape(
        smile=_share(float(mouth_width - mouth_drop), _SMILE_REST, _SMILE_FULL),
        brow_raise=_share(float(brow_height), _BROW_REST, _BROW_FULL),
    )


def _share(value: float, rest: float, full: float) -> float:
    return min(1.0, max(0.0, (value - rest) / (full - rest)))
