"""From media to observations: each frame and block goes through perception once, in order of time.

The pipeline holds only what is still needed: one voice segment at a time and the few that wait for
their words, so that a recording of any length takes the same memory for its media.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from heapq import merge

from appliance.domain.media import AudioBlock, Frame
from appliance.domain.observations import (
    ExpressionObservation,
    FaceObservation,
    FilledPause,
    Observations,
    ProsodyTrack,
    Span,
    Transcript,
    VoiceObservation,
    Word,
)
from appliance.perception.expression import ExpressionModel
from appliance.perception.face import FaceObserver
from appliance.perception.filled_pauses import find_filled_pauses
from appliance.perception.fusion.fusion import Fusion
from appliance.perception.fusion.model import FusionModel
from appliance.perception.prosody import measure_prosody
from appliance.perception.speech.transcriber import (
    PartialWords,
    SpeechEvent,
    Transcriber,
    Utterance,
)
from appliance.perception.voice import VoiceModel
from appliance.perception.voice_activity import VoiceActivity, VoiceSegment, VoiceUpdate
from appliance.perception.voice_description import VoiceBaseline

_MOST_WAITING = 2
"""Segments that may wait for their words: a streaming recogniser is seconds behind, not more."""

_WORD_S = 0.3
"""A segment whose last word ends this close to the end of its speech has all its words."""


@dataclass(frozen=True, slots=True)
class Senses:
    """The parts of perception, ready to use.

    Attributes:
        face: looks at frames.
        expression: estimates what the face shows; None where that is not wanted.
        activity: finds speech in sound.
        transcriber: finds words in speech.
        voice: estimates from the sound of the voice; None where that is not wanted.
        fillers: spellings of "um" and its kin, lower case.
        baseline: how the person's voice sounds on the whole; it learns as they speak, so give a
            copy where that is not sure to count. None where nobody is known to be the same person.
        fusion: puts both estimates together; None where that is not wanted.
    """

    face: FaceObserver
    expression: ExpressionModel | None
    activity: VoiceActivity
    transcriber: Transcriber
    voice: VoiceModel | None
    fillers: frozenset[str]
    baseline: VoiceBaseline | None = None
    fusion: FusionModel | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What is known of an answer after a block of sound.

    Attributes:
        end_s: end of the block.
        speaking: somebody speaks at its end, pauses under 0.13 s included.
        words: those that became final with it.
        partial: what seems to be being said since the last final word; None where the recogniser
            does not tell, or nothing changed.
    """

    end_s: float
    speaking: bool
    words: tuple[Word, ...]
    partial: str | None


@dataclass(slots=True)
class _Found:
    faces: list[FaceObservation] = field(default_factory=list)
    expressions: list[ExpressionObservation] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    speech: list[Span] = field(default_factory=list)
    prosody: list[ProsodyTrack] = field(default_factory=list)
    voice: list[VoiceObservation] = field(default_factory=list)
    filled_pauses: list[FilledPause] = field(default_factory=list)


class Pipeline:
    """Takes one answer's frames and blocks, and gives its observations.

    Frames must come in order of time, and so must blocks. Frames may come on one thread and blocks
    on another; `finish` must come after both.
    """

    def __init__(self, senses: Senses) -> None:
        self._senses = senses
        self._found = _Found()
        self._waiting: deque[VoiceSegment] = deque()
        self._fusion = _fusion(senses)
        self._seen_s = 0.0
        self._heard_s = 0.0
        self._heard = False

    def see(self, frame: Frame) -> FaceObservation:
        """Look at one frame, and tell what face is there."""
        sighting = self._senses.face.sight(frame)
        self._found.faces.append(sighting.observation)
        shown = None
        if self._senses.expression is not None:
            shown = self._senses.expression.observe(frame, sighting)
            self._found.expressions.extend([shown] if shown else [])
        if self._fusion is not None:
            self._fusion.see(sighting, shown)
        self._seen_s = frame.time_s
        return sighting.observation

    def hear(self, block: AudioBlock, *, ahead: bool = False) -> Heard:
        """Listen to one block, and tell what is new.

        Args:
            block: the next one.
            ahead: there is time to recognise what somebody has likely said, and again if they go
                on. The words are known sooner, and are the same.
        """
        self._heard = True
        self._heard_s = block.end_s
        voice = self._senses.activity.accept(block)
        voice = voice if ahead else voice.sure()
        events = self._senses.transcriber.accept(block, voice)
        known = len(self._found.words)
        self._take(voice, events)
        partial = None
        for event in events:
            partial = event.text if isinstance(event, PartialWords) else ""
        words = tuple(self._found.words[known:])
        return Heard(block.end_s, self._senses.activity.speaking, words, partial)

    def finish(self, missing: dict[str, str], notes: tuple[str, ...]) -> Observations:
        """End the answer.

        Args:
            missing: senses that were not available, with the reason, as in `Observations`.
            notes: what else a reader must know.
        """
        voice = self._senses.activity.finish()
        self._take(voice, self._senses.transcriber.finish(voice))
        while self._waiting:
            self._analyse(self._waiting.popleft())
        found, transcriber = self._found, self._senses.transcriber
        end_s = max(self._seen_s, self._heard_s)
        fusion = self._fusion.finish(found.voice, found.prosody, end_s) if self._fusion else None
        self._forget()
        return Observations(
            duration_s=end_s,
            transcript=Transcript(transcriber.engine, transcriber.language, tuple(found.words))
            if self._heard
            else None,
            speech=tuple(found.speech),
            prosody=tuple(found.prosody),
            filled_pauses=tuple(sorted(found.filled_pauses, key=lambda pause: pause.start_s)),
            voice=tuple(found.voice),
            faces=tuple(found.faces),
            expressions=tuple(found.expressions),
            fusion=fusion.windows if fusion else (),
            picture_offsets=fusion.offsets if fusion else (),
            missing=missing,
            notes=notes,
        )

    def abandon(self) -> None:
        """Forget the answer: it is not wanted any more."""
        self._senses.activity.reset()
        self._senses.transcriber.reset()
        self._waiting.clear()
        self._forget()

    def _forget(self) -> None:
        """Hold nothing of the answer any more, nor of the person."""
        self._found = _Found()
        self._senses = replace(self._senses, baseline=None)
        self._fusion = _fusion(self._senses)

    def _take(self, voice: VoiceUpdate, events: Iterable[SpeechEvent]) -> None:
        for event in events:
            if isinstance(event, Utterance):
                self._found.words.extend(event.words)
        for window in voice.windows:
            self._estimate(window)
        for segment in voice.ended:
            self._found.speech.extend(segment.speech)
            self._waiting.append(segment)
        while self._waiting and self._ready(self._waiting[0]):
            self._analyse(self._waiting.popleft())

    def _ready(self, segment: VoiceSegment) -> bool:
        """Whether all words of a segment are known, or there is no use in waiting longer."""
        words = self._found.words
        known = bool(words) and words[-1].end_s > segment.speech[-1].end_s - _WORD_S
        return known or len(self._waiting) > _MOST_WAITING

    def _analyse(self, segment: VoiceSegment) -> None:
        block = AudioBlock(segment.start_s, segment.samples)
        track = measure_prosody(block)
        words = [
            word
            for word in self._found.words
            if word.end_s > segment.start_s and word.start_s < segment.end_s
        ]
        self._found.prosody.append(track)
        self._found.filled_pauses.extend(
            find_filled_pauses(track, block, words, self._senses.fillers)
        )

    def _estimate(self, window: AudioBlock) -> None:
        if self._senses.voice is not None:
            baseline = self._senses.baseline
            observed = self._senses.voice.observe(window, baseline, learns=baseline is not None)
            self._found.voice.extend(observed)


def _fusion(senses: Senses) -> Fusion | None:
    return None if senses.fusion is None else Fusion(senses.fusion)


def feed(
    pipeline: Pipeline,
    frames: Iterable[Frame],
    blocks: Iterable[AudioBlock],
    progress: Callable[[float], None],
) -> None:
    """Give a pipeline all frames and blocks of a recording, merged by time.

    Args:
        pipeline: takes them.
        frames: in order of time.
        blocks: in order of time.
        progress: told the time reached, in seconds.
    """
    for item in merge(_keyed(frames), _keyed(blocks), key=lambda pair: pair[0]):
        time_s, sample = item
        if isinstance(sample, Frame):
            pipeline.see(sample)
        else:
            pipeline.hear(sample)
        progress(time_s)


def _keyed(
    samples: Iterable[Frame] | Iterable[AudioBlock],
) -> Iterator[tuple[float, Frame | AudioBlock]]:
    for sample in samples:
        yield sample.time_s, sample
