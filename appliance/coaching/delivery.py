"""Measures of delivery: how an answer was spoken and shown, each from observable facts.

Every function takes the `Observations` of one answer and the language's sentences, and returns one
`Measure`; what could not be measured is unrated with the reason. Bands and their sources are in
`bands`.
"""

from itertools import pairwise
from statistics import median

import numpy as np

from appliance.coaching import bands
from appliance.coaching.answer import (
    answer,
    during_answer,
    silences,
    talk,
    turned_away,
    words_before,
)
from appliance.coaching.messages import Messages
from appliance.domain.observations import FaceObservation, Observations, Span
from appliance.domain.report import Evidence, Measure

_PERCENT = 100
_MINIMUM_WORDS = 10
_MINIMUM_TALK_S = 5.0
_MINIMUM_VOICED_S = 2.0
_MINIMUM_LOOKS = 5
_MINIMUM_VISIBLE = 0.5
_TOLD_HIDDEN = 0.05
_LISTED = 12


def measure_delivery(
    seen: Observations, messages: Messages, telling: int | None = None
) -> tuple[Measure, ...]:
    """All measures of delivery, in the order in which a person reads them.

    Args:
        seen: what perception found.
        messages: of the language.
        telling: words in sentences that say something, if it is known.
    """
    return (
        answer_length(seen, messages),
        pace(seen, messages),
        filled_pauses(seen, messages, telling),
        pauses(seen, messages),
        long_pauses(seen, messages),
        loudness(seen, messages),
        pitch_variation(seen, messages),
        facing_camera(seen, messages),
    )


def answer_length(seen: Observations, messages: Messages) -> Measure:
    """Seconds from the first sound of speech to the last."""
    reason = _no_speech(seen, messages)
    if reason:
        return bands.ANSWER_LENGTH.unrated(reason, messages)
    length_s = answer(seen).duration_s
    words = _words(seen)
    return bands.ANSWER_LENGTH.grade(
        length_s,
        messages,
        says="with_words" if words else "says",
        time=messages.clock(length_s),
        words=messages.say("units", "words", count=words),
    )


def pace(seen: Observations, messages: Messages) -> Measure:
    """Words a minute of talk: ordinary pauses count as talk, those over two seconds do not."""
    kind = bands.PACE[messages.language]
    talk_s = sum(span.duration_s for span in talk(seen))
    words = _words(seen)
    reason = _few_words(seen, messages)
    if not reason and talk_s < _MINIMUM_TALK_S:
        reason = messages.say("reasons", "little_talk", count=round(_MINIMUM_TALK_S))
    if reason:
        return kind.unrated(reason, messages)
    return kind.grade(60 * words / talk_s, messages)


def filled_pauses(seen: Observations, messages: Messages, telling: int | None = None) -> Measure:
    """Each "um" and "uh", found in the transcript or in the sound, for every hundred words.

    Args:
        seen: what perception found.
        messages: of the language.
        telling: words in sentences that say something; others are not counted where it is known.
    """
    reason = _few_words(seen, messages)
    if reason:
        return bands.FILLED_PAUSES.unrated(reason, messages)
    count = len(seen.filled_pauses)
    return bands.FILLED_PAUSES.grade(
        _PERCENT * count / (telling or _words(seen)),
        messages,
        [Evidence(quote=p.text, start_s=p.start_s, end_s=p.end_s) for p in seen.filled_pauses],
        count=count,
    )


def pauses(seen: Observations, messages: Messages) -> Measure:
    """Silent pauses over 250 ms a minute: told without a band, since good speakers differ."""
    reason = _no_speech(seen, messages)
    if reason:
        return bands.PAUSES.unrated(reason, messages)
    found = silences(seen)
    return bands.PAUSES.grade(
        len(found) / (answer(seen).duration_s / 60),
        messages,
        _places(seen, found),
        count=len(found),
        typical_s=median(pause.duration_s for pause in found) if found else 0.0,
    )


def long_pauses(seen: Observations, messages: Messages) -> Measure:
    """Silent pauses over two seconds a minute, each listed with its place."""
    reason = _no_speech(seen, messages)
    if reason:
        return bands.LONG_PAUSES.unrated(reason, messages)
    found = [pause for pause in silences(seen) if pause.duration_s > bands.LONG_PAUSE_S]
    # A single long pause in a short answer is no habit: count over at least a minute.
    minutes = max(1.0, answer(seen).duration_s / 60)
    return bands.LONG_PAUSES.grade(
        len(found) / minutes, messages, _places(seen, found), count=len(found)
    )


def loudness(seen: Observations, messages: Messages) -> Measure:
    """Median level of voiced speech, relative to the loudest that the recording can hold."""
    levels = [
        level
        for track in seen.prosody
        for pitch, level in zip(track.pitch_hz, track.loudness_dbfs, strict=True)
        if pitch is not None
    ]
    reason = _no_speech(seen, messages) or _too_little_voice(seen, len(levels), messages)
    if reason:
        return bands.LOUDNESS.unrated(reason, messages)
    return bands.LOUDNESS.grade(median(levels), messages)


def pitch_variation(seen: Observations, messages: Messages) -> Measure:
    """Spread of the pitch in semitones.

    The distance from the 10th to the 90th percentile over 2.563, which is the standard deviation of
    a normal distribution and is not moved by a few octave errors.
    """
    pitches = [p for track in seen.prosody for p in track.pitch_hz if p is not None]
    reason = _no_speech(seen, messages) or _too_little_voice(seen, len(pitches), messages)
    if reason:
        return bands.PITCH_VARIATION.unrated(reason, messages)
    low, high = np.percentile(12 * np.log2(pitches), [10, 90])
    return bands.PITCH_VARIATION.grade(float(high - low) / 2.563, messages)


def facing_camera(seen: Observations, messages: Messages) -> Measure:
    """Share of the looks at a face during the answer in which the head points at the camera.

    Where no face was seen, nothing is known: such looks do not count. With a face in fewer than
    half of the looks, or looks at less than half of the answer, there is no rating.
    """
    looks = [look for look in seen.faces if during_answer(seen, look.time_s)]
    faces = [look for look in looks if look.toward_camera is not None]
    reason = seen.missing.get("picture") or _too_little_seen(seen, looks, faces, messages)
    if reason:
        return bands.FACING_CAMERA.unrated(reason, messages)
    share = _PERCENT * sum(bool(look.toward_camera) for look in faces) / len(faces)
    hidden = 1 - len(faces) / len(looks)
    return bands.FACING_CAMERA.grade(
        share,
        messages,
        turned_away(seen)[:_LISTED],
        says="with_hidden" if hidden >= _TOLD_HIDDEN else "says",
        hidden=hidden,
    )


def _too_little_seen(
    seen: Observations,
    looks: list[FaceObservation],
    faces: list[FaceObservation],
    messages: Messages,
) -> str | None:
    if len(looks) < _MINIMUM_LOOKS:
        return messages.say("reasons", "short")
    if not faces:
        return messages.say("reasons", "no_face")
    if len(faces) < _MINIMUM_VISIBLE * len(looks):
        return messages.say("reasons", "little_face", share=len(faces) / len(looks))
    if seen.speech and _watched_s(looks) < _MINIMUM_VISIBLE * answer(seen).duration_s:
        return messages.say("reasons", "little_picture")
    return None


def _watched_s(looks: list[FaceObservation]) -> float:
    """Seconds that looks cover: each stands for the time to the next, at most a second."""
    times = [look.time_s for look in looks]
    return sum(min(after - before, 1.0) for before, after in pairwise(times))


def _places(seen: Observations, pauses: list[Span]) -> list[Evidence]:
    """The first of some pauses, each with the words before it."""
    return [
        Evidence(quote=words_before(seen, pause), start_s=pause.start_s, end_s=pause.end_s)
        for pause in pauses[:_LISTED]
    ]


def _words(seen: Observations) -> int:
    """Words that say something: an "um" is none."""
    written = sum(pause.source == "transcript" for pause in seen.filled_pauses)
    return len(seen.transcript.words) - written if seen.transcript else 0


def _no_speech(seen: Observations, messages: Messages) -> str | None:
    if "sound" in seen.missing:
        return seen.missing["sound"]
    return None if seen.speech else messages.say("reasons", "no_speech")


def _few_words(seen: Observations, messages: Messages) -> str | None:
    """Why there are too few words to tell how they were spoken; None where there are enough."""
    if "words" in seen.missing:
        return seen.missing["words"]
    reason = _no_speech(seen, messages)
    if reason:
        return reason
    if not (seen.transcript and seen.transcript.words):
        return messages.say("reasons", "no_words")
    if _words(seen) < _MINIMUM_WORDS:
        return messages.say("reasons", "few_words", count=_MINIMUM_WORDS)
    return None


def _too_little_voice(seen: Observations, count: int, messages: Messages) -> str | None:
    hop_s = seen.prosody[0].hop_s if seen.prosody else 0.0
    if count * hop_s >= _MINIMUM_VOICED_S:
        return None
    return messages.say("reasons", "little_voice")
