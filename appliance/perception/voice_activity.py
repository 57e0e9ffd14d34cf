"""Where in the sound somebody speaks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from appliance.domain.media import SAMPLE_RATE_HZ, AudioBlock, FloatArray
from appliance.domain.observations import Span
from appliance.perception.speech_probability import CHUNK, SpeechProbability
from appliance.perception.voice_windows import VoiceWindows

_CHUNK_S = CHUNK / SAMPLE_RATE_HZ

# Silero's own defaults: speech starts at 0.5 and ends 0.15 below that.
_START = 0.5
_STOP = 0.35
# The model's probability outlasts the voice by some chunks: a stretch ends after its last chunk of
# this, which puts the pauses of a real speech to within 0.05 s (tests/unit/perception).
_SURE = 0.8
# It also comes late at soft onsets: a stretch begins where the rise to `_START` begins.
_RISE = 0.3

_MIN_SPEECH = 4  # chunks, 0.13 s: a click is no speech
_MIN_PAUSE = 4  # chunks, 0.13 s: longer than the closure of a stop consonant, shorter than a pause
# A recogniser hears words better with their context, so short pauses do not end a segment.
_JOIN = 31  # chunks, 1.0 s
# Silence after which a segment has likely ended: most pauses within a sentence are shorter.
_LIKELY = 15  # chunks, 0.5 s
# Soft first and last sounds need padding; too much of it invites words that nobody said.
_PAD = 4  # chunks, 0.13 s
_LONGEST = 875  # chunks, 28 s: Whisper hears 30 s at once
_LATEST_CUT = _LONGEST - 31  # a cut leaves at least a second, enough to be recognised

SHORTEST_SPEECH_S = 0.25
"""Less speech than this in all is none: the start of a hum seems to be some, a "yes" is longer."""

_GAP_S = 0.05
"""Sound that is further than this from where the block before ended does not continue it."""


@dataclass(frozen=True, slots=True, eq=False)
class VoiceSegment:
    """Sound in which somebody speaks, with short pauses and a little padding, at most 28 s.

    Attributes:
        start_s: time of the first sample.
        samples: (n,) float32 in -1..1, 16 kHz.
        speech: the speech inside, in order, split at pauses from 0.13 s on.
    """

    start_s: float
    samples: FloatArray
    speech: tuple[Span, ...]

    @property
    def end_s(self) -> float:
        """Time just after the last sample."""
        return self.start_s + len(self.samples) / SAMPLE_RATE_HZ


@dataclass(frozen=True, slots=True)
class VoiceUpdate:
    """What a block of sound added.

    Attributes:
        voiced: speech that is now known of; the start may lie up to 0.13 s before the block.
        ended: segments that are complete; each comes once, in order.
        windows: speech of 3 s, or less where there is no more of it, one every 1.5 s; each as soon
            as somebody has spoken that far.
        likely: the segment that will have ended like this unless somebody goes on within 0.5 s.
    """

    voiced: tuple[Span, ...] = ()
    ended: tuple[VoiceSegment, ...] = ()
    windows: tuple[AudioBlock, ...] = ()
    likely: VoiceSegment | None = None

    def sure(self) -> "VoiceUpdate":
        """The same without what is only likely, so that nothing is recognised twice."""
        return replace(self, likely=None)

    def __add__(self, later: "VoiceUpdate") -> "VoiceUpdate":
        return VoiceUpdate(
            self.voiced + later.voiced,
            self.ended + later.ended,
            self.windows + later.windows,
            later.likely,
        )


def follows(block: AudioBlock, end_s: float) -> bool:
    """Whether a block continues the sound that ended at `end_s`."""
    return abs(block.time_s - end_s) <= _GAP_S


def speech_runs(probabilities: Sequence[float]) -> list[tuple[int, int]]:
    """Find speech in probabilities, one a chunk of 32 ms.

    Returns:
        (first, end) chunk indices of each stretch of speech, `end` excluded.
    """
    runs: list[tuple[int, int]] = []
    first: int | None = None
    for index, probability in enumerate([*probabilities, 0.0]):
        if first is None and probability >= _START:
            first = _first_of_rise(probabilities, index)
        elif first is not None and probability < _STOP:
            end = _sure_end(probabilities, first, index)
            if runs and first - runs[-1][1] < _MIN_PAUSE:
                first = runs.pop()[0]
            runs.append((first, end))
            first = None
    return [(first, end) for first, end in runs if end - first >= _MIN_SPEECH]


def _first_of_rise(probabilities: Sequence[float], index: int) -> int:
    """Where the probability that passes `_START` at `index` came over `_RISE`."""
    while index > 0 and probabilities[index - 1] >= _RISE:
        index -= 1
    return index


def _sure_end(probabilities: Sequence[float], first: int, end: int) -> int:
    return next((i + 1 for i in range(end - 1, first - 1, -1) if probabilities[i] >= _SURE), end)


class VoiceActivity:
    """Follows a stream of sound; holds at most 28 s of it.

    Blocks may have any length. Where one does not follow the one before (sound was lost), the
    segment ends there and listening starts anew at the block's own time.

    Args:
        model: the file of Silero VAD v6.

    Raises:
        ModelError: the model cannot be used.
    """

    def __init__(self, model: Path) -> None:
        self._detector = SpeechProbability(model)
        self._stretch: _Stretch | None = None

    @property
    def speaking(self) -> bool:
        """Whether somebody speaks at the end of what was heard, pauses under 0.13 s included."""
        return self._stretch is not None and self._stretch.speaking

    def accept(self, block: AudioBlock) -> VoiceUpdate:
        """Take the next block and tell what it added."""
        before = VoiceUpdate()
        if self._stretch is None or not follows(block, self._stretch.end_s):
            before = self.finish()
            self._stretch = _Stretch(self._detector, block.time_s)
        return before + self._stretch.accept(block.samples)

    def finish(self) -> VoiceUpdate:
        """The sound has ended: tell what that completes, and be as new."""
        update = self._stretch.finish() if self._stretch is not None else VoiceUpdate()
        self.reset()
        return update

    def reset(self) -> None:
        """Forget everything heard."""
        self._stretch = None


class _Stretch:
    """Unbroken sound from `start_s` on."""

    def __init__(self, detector: SpeechProbability, start_s: float) -> None:
        detector.reset()
        self._detector = detector
        self._start_s = start_s
        self._waiting: FloatArray = np.empty(0, np.float32)  # less than a chunk
        self._chunks: list[FloatArray] = []
        self._probabilities: list[float] = []  # of `_chunks`
        self._first = 0  # number of the first of `_chunks` since the start
        self._open = False  # a segment has begun
        self._in_speech = False
        self._run = 0  # chunks of speech since the last pause
        self._quiet = 0  # chunks since the last speech
        self._voiced: list[Span] = []
        self._ended: list[VoiceSegment] = []
        self._likely: VoiceSegment | None = None
        self._speech: VoiceWindows | None = None  # what goes on, also across a cut
        self._windows: list[AudioBlock] = []

    @property
    def end_s(self) -> float:
        waiting_s = len(self._waiting) / SAMPLE_RATE_HZ
        return self._time_s(self._first + len(self._chunks)) + waiting_s

    @property
    def speaking(self) -> bool:
        return self._run >= _MIN_SPEECH

    def accept(self, samples: FloatArray) -> VoiceUpdate:
        sound = np.concatenate([self._waiting, samples])
        whole = len(sound) // CHUNK * CHUNK
        for chunk in sound[:whole].reshape(-1, CHUNK):
            self._step(chunk)
        self._waiting = sound[whole:]
        return self._take_update()

    def finish(self) -> VoiceUpdate:
        if len(self._waiting):
            self._step(self._waiting)
        self._end_segment(len(self._chunks))
        self._end_windows()
        return self._take_update()

    def _step(self, chunk: FloatArray) -> None:
        whole = np.pad(chunk, (0, CHUNK - len(chunk)))
        self._chunks.append(chunk)
        self._probabilities.append(self._detector.of(whole))
        self._follow_state()
        self._follow_windows(chunk)
        if self._open and self._quiet > _JOIN:
            self._open = False
            self._end_segment(len(self._chunks))
            self._end_windows()
        elif self._open and len(self._chunks) == _LONGEST:
            cut = self._least_speech()
            self._end_segment(cut)
            self._drop(cut)
        if self._open and self._quiet == _LIKELY:
            self._likely = self._segment(len(self._chunks))
        if not self._open:
            self._drop(len(self._chunks) - _PAD)

    def _follow_state(self) -> None:
        self._in_speech = self._probabilities[-1] >= (_STOP if self._in_speech else _START)
        if not self._in_speech:
            self._quiet += 1
            if self._quiet >= _MIN_PAUSE:
                self._run = 0
            return
        self._open = True
        self._likely = None
        self._quiet = 0
        self._run += 1
        if self._run >= _MIN_SPEECH:
            end = self._first + len(self._chunks)
            start = end - (_MIN_SPEECH if self._run == _MIN_SPEECH else 1)
            self._note_voiced(Span(self._time_s(start), self._time_s(end)))

    def _note_voiced(self, span: Span) -> None:
        if self._voiced and span.start_s - self._voiced[-1].end_s < _CHUNK_S / 2:
            span = Span(self._voiced.pop().start_s, span.end_s)
        self._voiced.append(span)

    def _least_speech(self) -> int:
        """Where an endless segment is best cut: the latest of the quietest chunks of its end."""
        candidates = range(_LATEST_CUT, _LONGEST // 2, -1)
        return min(candidates, key=lambda index: self._probabilities[index])

    def _end_segment(self, end: int) -> None:
        """End the segment in the first `end` chunks, if there is enough speech in them."""
        segment = self._segment(end)
        self._ended.extend([segment] if segment else [])
        self._likely = None

    def _segment(self, end: int) -> VoiceSegment | None:
        runs = speech_runs(self._probabilities[:end])
        if sum(b - a for a, b in runs) * _CHUNK_S < SHORTEST_SPEECH_S:
            return None
        first, last = max(0, runs[0][0] - _PAD), min(end, runs[-1][1] + _PAD)
        samples = np.concatenate(self._chunks[first:last])
        start_s = self._time_s(self._first + first)
        end_s = start_s + len(samples) / SAMPLE_RATE_HZ  # the last chunk may be short
        speech = tuple(
            Span(self._time_s(self._first + a), min(self._time_s(self._first + b), end_s))
            for a, b in runs
        )
        return VoiceSegment(start_s, samples, speech)

    def _follow_windows(self, chunk: FloatArray) -> None:
        spoken = self.speaking and self._probabilities[-1] >= _SURE
        if self._speech is not None:
            self._windows += self._speech.accept(chunk, spoken=spoken)
            if self._speech.unsure_s > _JOIN * _CHUNK_S:  # a television, not silence
                self._end_windows()
        elif spoken and (runs := speech_runs(self._probabilities)):
            first = max(0, runs[0][0] - _PAD, len(self._chunks) - _JOIN)
            self._speech = VoiceWindows(self._time_s(self._first + first))
            sound = np.concatenate(self._chunks[first:])
            self._windows += self._speech.accept(sound, spoken=True)

    def _end_windows(self) -> None:
        if self._speech is not None:
            self._windows += self._speech.finish(_PAD * CHUNK)
            self._speech = None

    def _drop(self, count: int) -> None:
        if count > 0:
            del self._chunks[:count], self._probabilities[:count]
            self._first += count

    def _take_update(self) -> VoiceUpdate:
        update = VoiceUpdate(
            tuple(self._voiced), tuple(self._ended), tuple(self._windows), self._likely
        )
        self._voiced, self._ended, self._windows, self._likely = [], [], [], None
        return update

    def _time_s(self, chunk: int) -> float:
        return self._start_s + chunk * _CHUNK_S
