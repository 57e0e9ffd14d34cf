"""Observations of made-up answers, for tests of what coaching and reporting make of them."""

from collections.abc import Sequence

from appliance.domain.observations import (
    Box,
    FaceObservation,
    FilledPause,
    Observations,
    ProsodyTrack,
    Span,
    Transcript,
    Word,
)

HOP_S = 0.01


def words(count: int, per_minute: float = 120, start_s: float = 0.0) -> tuple[Word, ...]:
    """Words without a pause between them."""
    length_s = 60 / per_minute
    return tuple(
        Word(f"word{i}", start_s + i * length_s, start_s + (i + 1) * length_s, 0.9)
        for i in range(count)
    )


def said_at(text: str, per_minute: float = 150, confidence: float = 0.9) -> tuple[Word, ...]:
    """The words of a text as if they had been said without a pause."""
    length_s = 60 / per_minute
    return tuple(
        Word(word, i * length_s, (i + 1) * length_s, confidence)
        for i, word in enumerate(text.split())
    )


def looks(
    seconds: float, away: Sequence[Span] = (), hidden: Sequence[Span] = ()
) -> tuple[FaceObservation, ...]:
    """Five looks a second, toward the camera but for the spans given."""
    found = []
    for index in range(int(seconds * 5)):
        time_s = index / 5
        if any(span.start_s <= time_s < span.end_s for span in hidden):
            found.append(FaceObservation(time_s, 0))
            continue
        turned = any(span.start_s <= time_s < span.end_s for span in away)
        found.append(
            FaceObservation(
                time_s=time_s,
                face_count=1,
                box=Box(0.3, 0.2, 0.4, 0.5),
                yaw_deg=40.0 if turned else 0.0,
                pitch_deg=0.0,
                roll_deg=0.0,
                toward_camera=not turned,
                smile=0.1,
                brow_raise=0.0,
                confidence=0.9,
            )
        )
    return tuple(found)


def track(
    span: Span, pitch_hz: float | Sequence[float] = 120.0, loudness_dbfs: float = -24.0
) -> ProsodyTrack:
    """A voiced stretch with the pitches given in turn."""
    count = round(span.duration_s / HOP_S)
    pitches = [pitch_hz] if isinstance(pitch_hz, float) else list(pitch_hz)
    return ProsodyTrack(
        span.start_s,
        HOP_S,
        tuple(pitches[i % len(pitches)] for i in range(count)),
        (loudness_dbfs,) * count,
    )


def answer(
    speech: Sequence[Span] = (Span(0.0, 60.0),),
    said: tuple[Word, ...] | None = None,
    filled: Sequence[FilledPause] = (),
    faces: tuple[FaceObservation, ...] | None = None,
    missing: dict[str, str] | None = None,
) -> Observations:
    """One minute of speech at 120 words a minute, facing the camera, but for what is given."""
    end_s = speech[-1].end_s if speech else 10.0
    return Observations(
        duration_s=end_s,
        transcript=Transcript("test", "en", words(120) if said is None else said),
        speech=tuple(speech),
        prosody=tuple(track(span, (100.0, 120.0, 140.0)) for span in speech),
        filled_pauses=tuple(filled),
        faces=looks(end_s) if faces is None else faces,
        missing=missing or {},
    )
