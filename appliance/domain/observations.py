"""What was seen and heard, before anyone judges it. Times are seconds on the media's clock."""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time."""

    start_s: float
    end_s: float

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.end_s - self.start_s

    def overlap_s(self, other: "Span") -> float:
        """Seconds that both spans share, 0 if none."""
        return max(0.0, min(self.end_s, other.end_s) - max(self.start_s, other.start_s))


@dataclass(frozen=True, slots=True)
class Word:
    """One recognised word; `confidence` is the recogniser's own, 0..1."""

    text: str
    start_s: float
    end_s: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in shares of the picture: left, top, width, height, each 0..1."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class FaceObservation:
    """The largest face of one frame, or that there was none.

    Attributes:
        time_s: time of the frame.
        face_count: faces found in the frame; 0 means that everything below is None.
        box: where the observed face is.
        yaw_deg: head turned to the picture's right is positive; 0 faces the camera.
        pitch_deg: head raised is positive; 0 faces the camera.
        roll_deg: head tilted clockwise as seen in the picture is positive.
        toward_camera: whether the head points at the camera.
        smile: mouth corners raised and apart (FACS action unit 12 by geometry), 0 at rest to 1.
        brow_raise: brows above their rest height (action units 1+2 by geometry), about 0 to 1.
        confidence: of the face being there, 0..1.
    """

    time_s: float
    face_count: int
    box: Box | None = None
    yaw_deg: float | None = None
    pitch_deg: float | None = None
    roll_deg: float | None = None
    toward_camera: bool | None = None
    smile: float | None = None
    brow_raise: float | None = None
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class ExpressionObservation:
    """Estimate of which expression people would see in the face of one frame.

    Attributes:
        time_s: time of the frame.
        probabilities: class name to probability, summing to 1.
        quality: how much the estimate can rest on, by the face's size, turn and sharpness, 0..1.
    """

    time_s: float
    probabilities: dict[str, float]
    quality: float


@dataclass(frozen=True, slots=True)
class VoiceObservation:
    """Estimate of a voice model over a window of speech.

    Attributes:
        start_s: start of the window.
        end_s: end of the window.
        probabilities: class name to probability, summing to 1.
        quality: share of the window that is speech, 0..1.
        own_baseline: it was heard against the person's own voice, not against everybody's.
    """

    start_s: float
    end_s: float
    probabilities: dict[str, float]
    quality: float
    own_baseline: bool = False


FusionSource = Literal["face", "voice"]


@dataclass(frozen=True, slots=True)
class FusedObservation:
    """What face and voice say together of a window.

    Attributes:
        start_s: start of the window.
        end_s: end of the window.
        probabilities: class name to probability, summing to 1.
        sources: what had a say, at least one.
        abstained: none is likely enough to be named: "not sure".
        own_baseline: the voice was heard against the person's own.
    """

    start_s: float
    end_s: float
    probabilities: dict[str, float]
    sources: tuple[FusionSource, ...]
    abstained: bool
    own_baseline: bool = False


@dataclass(frozen=True, slots=True)
class PictureOffset:
    """How far the camera's clock is from the microphone's, over one stretch of an answer.

    Attributes:
        at_s: middle of the stretch.
        late_s: how much later the picture is than the sound, negative where it is earlier; None
            where mouth and voice did not tell.
        corrected: face and voice were put together by it.
    """

    at_s: float
    late_s: float | None
    corrected: bool


FilledPauseSource = Literal["transcript", "sound"]


@dataclass(frozen=True, slots=True)
class FilledPause:
    """An "um" or "uh": a word of the transcript, or a steady voiced stretch that no word covers."""

    start_s: float
    end_s: float
    source: FilledPauseSource
    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class ProsodyTrack:
    """Pitch and loudness along one stretch of sound, a value every `hop_s` seconds.

    Attributes:
        start_s: time of the first value.
        hop_s: distance between values.
        pitch_hz: fundamental frequency, None where unvoiced.
        loudness_dbfs: RMS level relative to full scale, at most 0.
    """

    start_s: float
    hop_s: float
    pitch_hz: tuple[float | None, ...]
    loudness_dbfs: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Transcript:
    """All words of an answer, in order, and the engine that heard them."""

    engine: str
    language: str
    words: tuple[Word, ...] = ()

    @property
    def text(self) -> str:
        """The words as one line."""
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Observations:
    """Everything that perception found in one answer.

    A list is empty where nothing was found; where a sense was not available at all, `missing` says
    why, under "sound", "picture" or "words". `notes` tell what else a reader must know, such as a
    recording that breaks off.
    """

    duration_s: float
    transcript: Transcript | None = None
    speech: tuple[Span, ...] = ()
    prosody: tuple[ProsodyTrack, ...] = ()
    filled_pauses: tuple[FilledPause, ...] = ()
    voice: tuple[VoiceObservation, ...] = ()
    faces: tuple[FaceObservation, ...] = ()
    expressions: tuple[ExpressionObservation, ...] = ()
    fusion: tuple[FusedObservation, ...] = ()
    picture_offsets: tuple[PictureOffset, ...] = ()
    missing: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
