"""Fusion in one call: an answer's looks and voice in, one line of estimates out."""

from collections.abc import Sequence

import numpy as np

from appliance.domain.observations import (
    ExpressionObservation,
    FusedObservation,
    ProsodyTrack,
    VoiceObservation,
)
from appliance.perception.face import FaceSighting
from appliance.perception.fusion.clock_offset import Offset, find_offsets, late_s, mouth_opening
from appliance.perception.fusion.grid import FusionGrid
from appliance.perception.fusion.model import FusionModel
from appliance.perception.prosody import loudness_range_db

_LEAST_CORRECTED_S = 0.2
"""A smaller offset is within what an estimate may err, and costs nothing in windows of 3 s."""


class Fusion:
    """Gathers the looks at one answer, and fuses them with its voice at the end.

    Looks may come on one thread; `finish` must come after them.
    """

    def __init__(self, model: FusionModel) -> None:
        self._model = model
        self._mouth: list[tuple[float, float]] = []
        self._looks: list[tuple[float, ExpressionObservation | None]] = []

    def see(self, sighting: FaceSighting, shown: ExpressionObservation | None) -> None:
        """Take in one look.

        Args:
            sighting: of the face.
            shown: what the face showed; None where there was none to see.
        """
        time_s = sighting.observation.time_s
        self._looks.append((time_s, shown))
        if sighting.landmarks is not None:
            self._mouth.append((time_s, mouth_opening(sighting.landmarks.points)))

    def finish(
        self, voice: Sequence[VoiceObservation], sound: Sequence[ProsodyTrack], end_s: float
    ) -> tuple[FusedObservation, ...]:
        """Fuse the answer.

        Looks are first moved onto the sound's clock, where mouth and loudness tell how far the two
        are apart.

        Args:
            voice: estimates of the voice, in any order.
            sound: loudness along what was said, in order of time.
            end_s: end of the answer.
        """
        offsets = find_offsets(self._mouth, sound)
        looks = sorted(
            ((_moved(time_s, offsets), shown) for time_s, shown in self._looks),
            key=lambda look: look[0],
        )
        grid = FusionGrid(self._model)
        fused: list[FusedObservation] = []
        heard = sorted(voice, key=lambda seen: seen.start_s, reverse=True)
        for time_s, shown in looks:
            while heard and heard[-1].start_s <= time_s:
                seen = heard.pop()
                grid.hear(seen, range_db(sound, seen))
            fused.extend(grid.until(min(time_s, end_s)))
            grid.look(time_s, shown)
        for seen in reversed(heard):
            fused.extend(grid.until(seen.start_s))
            grid.hear(seen, range_db(sound, seen))
        return (*fused, *grid.finish(end_s))


def _moved(time_s: float, offsets: Sequence[Offset]) -> float:
    late = late_s(offsets, time_s)
    return time_s - late if abs(late) >= _LEAST_CORRECTED_S else time_s


def range_db(sound: Sequence[ProsodyTrack], seen: VoiceObservation) -> float:
    """Range of loudness of what a voice's estimate was made of."""
    values: list[float] = []
    for track in sound:
        first = max(0, round((seen.start_s - track.start_s) / track.hop_s))
        end = max(0, round((seen.end_s - track.start_s) / track.hop_s))
        values.extend(track.loudness_dbfs[first:end])
    return loudness_range_db(np.array(values))
