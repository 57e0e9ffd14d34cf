"""Fusion in one call: an answer's looks and voice in, one line of estimates out."""

from collections.abc import Sequence
from dataclasses import dataclass

from appliance.domain.observations import (
    ExpressionObservation,
    FusedObservation,
    PictureOffset,
    ProsodyTrack,
    Span,
    VoiceObservation,
)
from appliance.perception.face import FaceSighting
from appliance.perception.fusion.clock_offset import Offset, find_offsets, late_s, mouth_opening
from appliance.perception.fusion.grid import FusionGrid
from appliance.perception.fusion.model import FusionModel
from appliance.perception.prosody import spoken_range_db

_LEAST_CORRECTED_S = 0.2
"""A smaller offset is within what an estimate may err, and costs nothing in windows of 3 s."""


@dataclass(frozen=True, slots=True)
class Fused:
    """An answer, fused.

    Attributes:
        windows: what face and voice say together, in order of time.
        offsets: how far camera and microphone were apart.
    """

    windows: tuple[FusedObservation, ...]
    offsets: tuple[PictureOffset, ...]


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
    ) -> Fused:
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
                grid.hear(seen, spoken_range_db(sound, Span(seen.start_s, seen.end_s)))
            fused.extend(grid.until(min(time_s, end_s)))
            grid.look(time_s, shown)
        for seen in reversed(heard):
            fused.extend(grid.until(seen.start_s))
            grid.hear(seen, spoken_range_db(sound, Span(seen.start_s, seen.end_s)))
        fused.extend(grid.finish(end_s))
        return Fused(tuple(fused), tuple(_told(one) for one in offsets))


def _told(one: Offset) -> PictureOffset:
    late = one.picture_late_s
    return PictureOffset(one.at_s, late, late is not None and _is_corrected(late))


def _is_corrected(late: float) -> bool:
    return abs(late) >= _LEAST_CORRECTED_S


def _moved(time_s: float, offsets: Sequence[Offset]) -> float:
    late = late_s(offsets, time_s)
    return time_s - late if _is_corrected(late) else time_s
