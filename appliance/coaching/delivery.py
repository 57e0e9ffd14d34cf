"""Measures of delivery: how an answer was spoken and shown, each from observable facts.

Every function takes the `Observations` of one answer and returns one `Measure`; what could not be
measured is unrated with the reason. Bands and their sources are in `bands`.
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
from appliance.coaching.wording import clock, plural
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


def measure_delivery(seen: Observations) -> tuple[Measure, ...]:
    """All measures of delivery, in the order in which a person reads them."""
    return (
        answer_length(seen),
        pace(seen),
        filled_pauses(seen),
        pauses(seen),
        long_pauses(seen),
        loudness(seen),
        pitch_variation(seen),
        facing_camera(seen),
    )


def answer_length(seen: Observations) -> Measure:
    """Seconds from the first sound of speech to the last."""
    reason = _no_speech(seen)
    if reason:
        return bands.ANSWER_LENGTH.unrated(reason)
    length_s = answer(seen).duration_s
    words = _words(seen)
    return bands.ANSWER_LENGTH.grade(
        length_s,
        says=f"You spoke for {clock(length_s)}" + (f", {plural(words, 'word')}." if words else "."),
        comments={
            "in_band": "That is a good length for one answer.",
            "below": "There is room for more: what you did, and what came of it.",
            "above": "Try to end a little sooner, with the result.",
        },
    )


def pace(seen: Observations) -> Measure:
    """Words a minute of talk: ordinary pauses count as talk, those over two seconds do not."""
    talk_s = sum(span.duration_s for span in talk(seen))
    words = _words(seen)
    reason = _no_words(seen)
    if not reason and words < _MINIMUM_WORDS:
        reason = f"Too short to tell: it takes {_MINIMUM_WORDS} words."
    if not reason and talk_s < _MINIMUM_TALK_S:
        reason = f"Too short to tell: it takes {_MINIMUM_TALK_S:.0f} seconds of talk."
    if reason:
        return bands.PACE.unrated(reason)
    words_per_minute = 60 * words / talk_s
    return bands.PACE.grade(
        words_per_minute,
        says=f"You spoke at about {words_per_minute:.0f} words a minute.",
        comments={
            "in_band": "That is easy to follow.",
            "below": "A little more flow would help the listener along.",
            "above": "Try a breath at the end of each sentence.",
        },
    )


def filled_pauses(seen: Observations) -> Measure:
    """Each "um" and "uh", found in the transcript or in the sound, for every hundred words."""
    words = _words(seen)
    reason = _no_words(seen)
    if not reason and words < _MINIMUM_WORDS:
        reason = f"Too short to tell: it takes {_MINIMUM_WORDS} words."
    if reason:
        return bands.FILLED_PAUSES.unrated(reason)
    count = len(seen.filled_pauses)
    return bands.FILLED_PAUSES.grade(
        _PERCENT * count / words,
        says=f"We heard {plural(count, 'filled pause')} such as “um”."
        if count
        else "We heard no filled pauses such as “um”.",
        comments={
            "above": "Where an “um” comes, try a silent pause in its place.",
        },
        evidence=[
            Evidence(quote=p.text, start_s=p.start_s, end_s=p.end_s) for p in seen.filled_pauses
        ],
    )


def pauses(seen: Observations) -> Measure:
    """Silent pauses over 250 ms a minute: told without a band, since good speakers differ."""
    reason = _no_speech(seen)
    if reason:
        return bands.PAUSES.unrated(reason)
    found = silences(seen)
    minutes = answer(seen).duration_s / 60
    if not found:
        says = "You did not pause."
    elif len(found) == 1:
        says = f"You paused once, for {found[0].duration_s:.1f} seconds."
    else:
        typical_s = median(pause.duration_s for pause in found)
        says = f"You paused {len(found)} times, typically for {typical_s:.1f} seconds."
    return bands.PAUSES.grade(len(found) / minutes, says=says, evidence=_places(seen, found))


def long_pauses(seen: Observations) -> Measure:
    """Silent pauses over two seconds a minute, each listed with its place."""
    reason = _no_speech(seen)
    if reason:
        return bands.LONG_PAUSES.unrated(reason)
    found = [pause for pause in silences(seen) if pause.duration_s > bands.LONG_PAUSE_S]
    # A single long pause in a short answer is no habit: count over at least a minute.
    minutes = max(1.0, answer(seen).duration_s / 60)
    return bands.LONG_PAUSES.grade(
        len(found) / minutes,
        says=f"{plural(len(found), 'pause')} lasted longer than two seconds."
        if found
        else "No pause lasted longer than two seconds.",
        comments={
            "above": "Thinking time is fine; a few notes beforehand can shorten it.",
        },
        evidence=_places(seen, found),
    )


def loudness(seen: Observations) -> Measure:
    """Median level of voiced speech, relative to the loudest that the recording can hold."""
    levels = [
        level
        for track in seen.prosody
        for pitch, level in zip(track.pitch_hz, track.loudness_dbfs, strict=True)
        if pitch is not None
    ]
    reason = _no_speech(seen) or _too_little_voice(seen, len(levels))
    if reason:
        return bands.LOUDNESS.unrated(reason)
    level = median(levels)
    return bands.LOUDNESS.grade(
        level,
        says=f"Your voice came in at {level:.0f} dBFS, where 0 is the loudest possible.",
        comments={
            "in_band": "It was clear to hear.",
            "below": "Come a little closer, or speak up.",
            "above": "That is very loud: sit back a little.",
        },
    )


def pitch_variation(seen: Observations) -> Measure:
    """Spread of the pitch in semitones.

    The distance from the 10th to the 90th percentile over 2.563, which is the standard deviation of
    a normal distribution and is not moved by a few octave errors.
    """
    pitches = [p for track in seen.prosody for p in track.pitch_hz if p is not None]
    reason = _no_speech(seen) or _too_little_voice(seen, len(pitches))
    if reason:
        return bands.PITCH_VARIATION.unrated(reason)
    low, high = np.percentile(12 * np.log2(pitches), [10, 90])
    spread = float(high - low) / 2.563
    return bands.PITCH_VARIATION.grade(
        spread,
        says=f"Your pitch moved by about {spread:.1f} semitones around its middle.",
        comments={
            "in_band": "That keeps a listener with you.",
            "below": "Try to lift the words that matter most.",
        },
    )


def facing_camera(seen: Observations) -> Measure:
    """Share of the looks at a face during the answer in which the head points at the camera.

    Where no face was seen, nothing is known: such looks do not count. With a face in fewer than
    half of the looks, or looks at less than half of the answer, there is no rating.
    """
    looks = [look for look in seen.faces if during_answer(seen, look.time_s)]
    faces = [look for look in looks if look.toward_camera is not None]
    reason = seen.missing.get("picture") or _too_little_seen(seen, looks, faces)
    if reason:
        return bands.FACING_CAMERA.unrated(reason)
    share = _PERCENT * sum(bool(look.toward_camera) for look in faces) / len(faces)
    hidden = 1 - len(faces) / len(looks)
    says = f"You faced the camera {share:.0f}% of the time."
    if hidden >= _TOLD_HIDDEN:
        says = (
            f"You were out of view {hidden:.0%} of the time. "
            f"In view, you faced the camera {share:.0f}% of the time."
        )
    return bands.FACING_CAMERA.grade(
        share,
        says=says,
        comments={
            "in_band": "That feels like eye contact to the other side.",
            "below": "Look at the lens as you begin and as you end.",
        },
        evidence=turned_away(seen)[:_LISTED],
    )


def _too_little_seen(
    seen: Observations, looks: list[FaceObservation], faces: list[FaceObservation]
) -> str | None:
    if len(looks) < _MINIMUM_LOOKS:
        return "Too short to tell."
    if not faces:
        return "We did not see a face."
    if len(faces) < _MINIMUM_VISIBLE * len(looks):
        return f"Your face was in view only {len(faces) / len(looks):.0%} of the time."
    if seen.speech and _watched_s(looks) < _MINIMUM_VISIBLE * answer(seen).duration_s:
        return "The picture shows less than half of the answer."
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


def _no_speech(seen: Observations) -> str | None:
    if "sound" in seen.missing:
        return seen.missing["sound"]
    return None if seen.speech else "We heard no speech."


def _no_words(seen: Observations) -> str | None:
    if "words" in seen.missing:
        return seen.missing["words"]
    reason = _no_speech(seen)
    if reason or (seen.transcript and seen.transcript.words):
        return reason
    return "We heard a voice but understood no words."


def _too_little_voice(seen: Observations, count: int) -> str | None:
    hop_s = seen.prosody[0].hop_s if seen.prosody else 0.0
    return None if count * hop_s >= _MINIMUM_VOICED_S else "Too little voice to tell."
