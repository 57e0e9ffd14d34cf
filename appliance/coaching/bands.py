"""The measures of delivery: where each usually serves the listener, and who says so.

A band is a guide, not a pass mark. One marked "our choice" has no study behind it that we know of.
"""

from appliance.coaching.measure_kind import MeasureKind
from appliance.coaching.pace_limits import PACES
from appliance.domain.report import Band

MINIMUM_PAUSE_S = 0.25
"""Shorter silences belong to articulation (Goldman-Eisler, Psycholinguistics, 1968)."""

LONG_PAUSE_S = 2.0
"""A listener notices it; each is listed with its place (our choice)."""

ANSWER_LENGTH = MeasureKind(
    "answer_length",
    Band(low=30, high=120, source="our choice, after careers services' advice"),
)

PACE = {
    language: MeasureKind("pace", Band(low=limits.slow, high=limits.fast, source=limits.source))
    for language, limits in PACES.items()
}

FILLED_PAUSES = MeasureKind(
    "filled_pauses",
    Band(low=None, high=3.5, source="median of 138 rated mock interviews (MIT)"),
)

PAUSES = MeasureKind("pauses", band=None)

LONG_PAUSES = MeasureKind("long_pauses", Band(low=None, high=2, source="our choice"))

LOUDNESS = MeasureKind(
    "loudness",
    Band(low=-38, high=-10, source="our choice: heard well, not overdriven"),
)

PITCH_VARIATION = MeasureKind(
    # Livelier kinds of speech spread wider (Traunmüller and Eriksson, The frequency range of the
    # voice fundamental, 1995); where monotony begins they do not say.
    "pitch_variation",
    Band(low=1.5, high=None, source="our choice, after Traunmüller and Eriksson (1995)"),
)

FACING_CAMERA = MeasureKind(
    # While they talk, people look at their listener 41% of the time (Argyle and Ingham, 1972).
    "facing_camera",
    Band(low=40, high=None, source="gaze while talking (Argyle and Ingham, 1972)"),
)
