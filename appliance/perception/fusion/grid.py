"""One grid of windows for both senses: every observation is placed by its own time.

Observations may come late, out of order, or not at all. A window is told when the time has passed
its end; what comes later than that is not counted any more. Only what an open window still needs
is held, so that an interview of any length takes the same memory.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from appliance.domain.observations import (
    ExpressionObservation,
    FusedObservation,
    FusionSource,
    Span,
    VoiceObservation,
)
from appliance.perception.fusion.classes import from_face, from_voice, named
from appliance.perception.fusion.model import FusionModel
from appliance.perception.fusion.rule import Vote, fuse
from appliance.perception.fusion.smoothing import StickyFilter

WINDOW_S = 3.0
"""Length of a window: that of the voice's own."""

HOP_S = 0.5
"""From one window to the next; smoothing waits for one more, so a result is half a second late."""

_LEAST_OVERLAP = 0.5
"""Share of the window, or of shorter speech, that the voice must have been heard in."""

_SPEECH_SHARE = 0.5
"""A stretch of speech with less sound than this counts less."""

_LEAST = 1e-6

_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Heard:
    seen: VoiceObservation
    range_db: float

    @property
    def span(self) -> Span:
        return Span(self.seen.start_s, self.seen.end_s)


@dataclass(frozen=True, slots=True)
class _Look:
    time_s: float
    shown: ExpressionObservation | None


@dataclass(frozen=True, slots=True, eq=False)
class _Window:
    """A window that waits for the next one to be smoothed."""

    span: Span
    sources: tuple[FusionSource, ...]
    own: bool


class FusionGrid:
    """Fuses what is seen and heard, window by window. Use it from one thread.

    Attributes:
        too_late: observations that came after all their windows had been told.
    """

    def __init__(self, model: FusionModel) -> None:
        self._model = model
        self._heard: list[_Heard] = []
        self._looks: list[_Look] = []
        self._filter = StickyFilter(model.stay, model.pull)
        self._waiting: _Window | None = None
        self._next = 0
        self.too_late = 0

    def hear(self, seen: VoiceObservation, range_db: float) -> None:
        """Take in a voice's estimate.

        Args:
            seen: of a stretch of speech.
            range_db: of its loudness, as `prosody.loudness_range_db` tells it.
        """
        if self._is_open(seen.end_s):
            self._heard.append(_Heard(seen, range_db))

    def look(self, time_s: float, shown: ExpressionObservation | None) -> None:
        """Take in one look at the picture.

        Args:
            time_s: of the look, on the sound's clock.
            shown: what the face showed; None where there was no face to see.
        """
        if self._is_open(time_s):
            self._looks.append(_Look(time_s, shown))

    def until(self, time_s: float) -> Iterator[FusedObservation]:
        """Tell the windows that end by a time, each once, in order.

        Args:
            time_s: up to which all that was seen and heard has been taken in.
        """
        while self._start_s + WINDOW_S <= time_s:
            yield from self._tell(Span(self._start_s, self._start_s + WINDOW_S))

    def finish(self, end_s: float) -> Iterator[FusedObservation]:
        """Tell the rest; something shorter than a window is one window.

        Args:
            end_s: end of the answer.
        """
        yield from self.until(end_s)
        if not self._next and end_s > 0:
            yield from self._tell(Span(0.0, end_s))
        yield from self._told(self._filter.finish())

    @property
    def held(self) -> int:
        """Observations that are held for windows to come."""
        return len(self._heard) + len(self._looks)

    @property
    def _start_s(self) -> float:
        return self._next * HOP_S

    def _is_open(self, time_s: float) -> bool:
        opened = time_s > self._start_s or not self._next
        self.too_late += not opened
        return opened

    def _tell(self, span: Span) -> Iterator[FusedObservation]:
        voice, own = self._voice_vote(span)
        face = self._face_vote(span, own=own)
        shares = fuse(voice, face)
        yield from self._told(self._filter.add(shares))
        if shares is not None:
            votes: tuple[tuple[FusionSource, Vote | None], ...] = (("face", face), ("voice", voice))
            sources = tuple(name for name, vote in votes if vote is not None and vote.weight > 0)
            self._waiting = _Window(span, sources, own)
        self._next += 1
        self._heard = [one for one in self._heard if one.seen.end_s > self._start_s]
        self._looks = [one for one in self._looks if one.time_s >= self._start_s]

    def _told(self, shares: _Floats | None) -> Iterator[FusedObservation]:
        window, self._waiting = self._waiting, None
        if window is not None and shares is not None:
            yield FusedObservation(
                start_s=window.span.start_s,
                end_s=window.span.end_s,
                probabilities=named(shares),
                sources=window.sources,
                abstained=not self._model.is_sure(shares, own=window.own),
                own_baseline=window.own,
            )

    def _voice_vote(self, span: Span) -> tuple[Vote | None, bool]:
        """The voice's vote on a window, and whether it was heard against the person's own."""
        within = [
            (overlap_s, one)
            for one in self._heard
            if (overlap_s := one.span.overlap_s(span))
            >= _LEAST_OVERLAP * min(span.duration_s, one.span.duration_s)
            and overlap_s > 0
        ]
        if not within:
            return None, False
        most_s, nearest = max(within, key=lambda pair: pair[0])
        own = nearest.seen.own_baseline
        alike = [(overlap_s, one) for overlap_s, one in within if one.seen.own_baseline == own]
        counts = np.array([overlap_s for overlap_s, _ in alike])
        counts /= counts.sum()
        said = np.array([from_voice(one.seen.probabilities) for _, one in alike])
        shares = np.exp(counts @ np.log(np.maximum(said, _LEAST)))
        range_db = float(counts @ [one.range_db for _, one in alike])
        speech = float(counts @ [min(1.0, one.seen.quality / _SPEECH_SHARE) for _, one in alike])
        share = min(1.0, most_s / span.duration_s) * speech
        return self._model.voice_vote(shares / shares.sum(), range_db, share, own=own), own

    def _face_vote(self, span: Span, *, own: bool) -> Vote | None:
        looks = [look.shown for look in self._looks if span.start_s <= look.time_s < span.end_s]
        shown = [one for one in looks if one is not None and one.quality > 0]
        if not shown:
            return None
        qualities = np.array([one.quality for one in shown])
        shares = qualities @ np.array([from_face(one.probabilities) for one in shown])
        quality = float(qualities.sum() / len(looks))
        return self._model.face_vote(shares / shares.sum(), quality, own=own)
