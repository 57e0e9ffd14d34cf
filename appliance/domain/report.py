"""The report of one answer: `report.json`, schema version 1, and what the screens show.

Frozen pydantic models, because this is a contract with other programs: unknown or missing parts are
refused on reading. Times are seconds on the recording's clock.
"""

from typing import Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
)

from appliance.domain.observations import (
    Box,
    FilledPause,
    FusionSource,
    PictureOffset,
    Span,
    Word,
)

SCHEMA_VERSION: Literal[1] = 1

MeasureStatus = Literal["in_band", "below", "above", "unrated"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Evidence(_Part):
    """A place in the answer: words quoted from the transcript, or what is heard or seen there.

    `label` says what was found there, such as the part of a story; it is empty where that is plain.
    """

    quote: str
    start_s: float
    end_s: float
    label: str = ""


class Gate(_Part):
    """Why an answer's content is not judged: a stable name, and one kind sentence."""

    name: str
    says: str


class Band(_Part):
    """Where a measure usually serves the listener; an open end is None. `source` says whose."""

    low: float | None
    high: float | None
    source: str


class Measure(_Part):
    """One observable fact about an answer.

    Attributes:
        name: stable identifier, snake_case.
        title: what a person calls it.
        value: None where it could not be measured.
        unit: of value and band.
        band: None where no band is known; the value is then told without judging it.
        status: where the value lies; "unrated" always comes with a reason.
        reason: why the measure is unrated, else None.
        says: one plain sentence for the person.
        evidence: places that the value rests on.
    """

    name: str
    title: str
    value: float | None
    unit: str
    band: Band | None
    status: MeasureStatus
    reason: str | None
    says: str
    evidence: tuple[Evidence, ...] = ()


class Rating(_Part):
    """A judgement in five steps, or None with the reason; always with its evidence.

    Attributes:
        name: stable identifier, snake_case.
        title: what a person calls it.
        value: 1 to 5, or None.
        says: what that level means, a whole sentence; the reason where there is no value.
        reason: why there is no value, else None.
        measures: names of the measures that it rests on.
        evidence: places that it rests on.
    """

    name: str
    title: str
    value: int | None = Field(ge=1, le=5)
    says: str
    reason: str | None
    measures: tuple[str, ...]
    evidence: tuple[Evidence, ...] = ()


class Suggestion(_Part):
    """One strength or next step: the measure it rests on, its words, the places, and who worded it.

    Whoever worded it, code chose it.
    """

    measure: str
    text: str
    evidence: tuple[Evidence, ...] = ()
    source: Literal["ollama", "standard"] = "standard"


class Advice(_Part):
    """At most two strengths and two next steps; `model` is None for standard advice.

    `source` is "ollama" where a language model worded any of it; each suggestion says it of itself.
    `follow_up` is a question for what the answer left out; `comparison` tells what changed since
    the attempt before; each is None where there is nothing to say.
    """

    source: Literal["ollama", "standard"]
    model: str | None
    strengths: tuple[Suggestion, ...] = Field(max_length=2)
    next_steps: tuple[Suggestion, ...] = Field(max_length=2)
    follow_up: str | None = None
    comparison: str | None = None


class Question(_Part):
    """The question that was answered."""

    id: str
    competency: str
    role: str
    text: str


class RatingExplained(_Part):
    """How one rating follows from measures, in words.

    Attributes:
        title: of the rating.
        rules: sentences, in the order in which they are applied.
        levels: what each level means, from 1 to 5.
    """

    title: str
    rules: tuple[str, ...]
    levels: tuple[str, ...]


class RatingGuide(_Part):
    """The page "How this is rated", written from the rules themselves."""

    title: str
    intro: str
    ratings: tuple[RatingExplained, ...]


class TranscriptPart(_Part):
    """What was said, and the engine that heard it."""

    engine: str
    text: str
    words: tuple[Word, ...]


class FaceSample(_Part):
    """One look at the picture; box and angles are None where no face was found."""

    time_s: float
    box: Box | None
    yaw_deg: float | None
    pitch_deg: float | None
    toward_camera: bool | None
    smile: float | None
    brow_raise: float | None


class ClassProbabilities(_Part):
    """An estimate over a window; the probabilities sum to 1."""

    start_s: float
    end_s: float
    probabilities: dict[str, float]


class _WithEstimates(_Part):
    """A part with a place for estimates that may not be there at all: then nothing names it."""

    @model_serializer(mode="wrap")
    def _leave_out(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        values: dict[str, Any] = handler(self)
        return {
            name: value
            for name, value in values.items()
            if value is not None or name not in _ESTIMATES
        }


_ESTIMATES = {"expression", "segments", "fusion", "picture_offsets"}


class FacePart(_WithEstimates):
    """What was seen.

    Attributes:
        visible_ratio: share of samples with a face.
        samples: the looks at the picture.
        expression: estimates of what the face showed; None where no such model may be loaded.
    """

    visible_ratio: float | None
    samples: tuple[FaceSample, ...]
    expression: tuple[ClassProbabilities, ...] | None = ()


class VoicePart(_WithEstimates):
    """What was heard besides the words.

    Attributes:
        segments: estimates of the voice model over windows of speech; None where no such model may
            be loaded.
        speech: stretches of speech.
        pauses: silences between them that a listener can notice.
        filled_pauses: every "um" and "uh".
        hop_s: distance of the two series below, the first value lying at 0 s.
        pitch_hz: median pitch around each place, None where the voice is still or unvoiced.
        loudness_dbfs: level around each place, None outside speech.
    """

    segments: tuple[ClassProbabilities, ...] | None = ()
    speech: tuple[Span, ...]
    pauses: tuple[Span, ...]
    filled_pauses: tuple[FilledPause, ...]
    hop_s: float
    pitch_hz: tuple[float | None, ...]
    loudness_dbfs: tuple[float | None, ...]


class FusionWindow(_Part):
    """Face and voice estimates fused over a window.

    Attributes:
        start_s: start of the window.
        end_s: end of the window.
        probabilities: class name to probability, summing to 1.
        sources: what had a say: "face", "voice" or both.
        abstained: none is likely enough to be named: "not sure".
        own_baseline: the voice was heard against the person's own, not against everybody's.
    """

    start_s: float
    end_s: float
    probabilities: dict[str, float]
    sources: tuple[FusionSource, ...]
    abstained: bool
    own_baseline: bool = False


class Report(_WithEstimates):
    """Everything about one answer. `source` is a bare file name; `notes` say what is missing.

    `picture_offsets` tell how far camera and microphone were apart, for `fusion` alone; they are
    left out with it.

    `gate` is None where the content of the answer is judged.
    """

    schema_version: Literal[1] = SCHEMA_VERSION
    source: str
    duration_s: float
    language: str
    question: Question | None
    transcript: TranscriptPart | None
    face: FacePart | None
    voice: VoicePart | None
    fusion: tuple[FusionWindow, ...] | None = ()
    picture_offsets: tuple[PictureOffset, ...] | None = ()
    gate: Gate | None = None
    measures: tuple[Measure, ...]
    ratings: tuple[Rating, ...] = ()
    advice: Advice
    notes: tuple[str, ...] = ()

    def to_json_value(self) -> dict[str, Any]:
        """The report as plain values, every float rounded to three decimals.

        Three decimals are a millisecond, and finer than any measure is true; rounding also makes
        two runs on the same recording equal to the byte.
        """
        return {key: _rounded(value) for key, value in self.model_dump(mode="json").items()}


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 3) + 0.0  # adding 0.0 turns -0.0 into 0.0
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    return value
