"""Filled pauses ("um", "uh"): from the words, and from the sound where a recogniser dropped them.

In the sound a filled pause is a voice that stands still. After Goto, Itou and Hayamizu, "A
real-time filled pause detection system for spontaneous speech recognition" (Eurospeech 1999), it is
voiced sound with little transition of the fundamental frequency and little deformation of the
spectral envelope; Audhkhasi et al., "Formant-based technique for automatic filled-pause detection
in spontaneous spoken English" (ICASSP 2009), build on the same of its formants.

A long vowel of a word also stands still. Words claim such sound; but recognisers give word times
that swallow a dropped "um" next to a word, so a word keeps only what its syllables need. A long
steady stretch that stands alone between silences counts whatever the word times say.
"""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import python_speech_features as psf

from appliance.domain.media import SAMPLE_RATE_HZ, AudioBlock
from appliance.domain.observations import FilledPause, ProsodyTrack, Span, Word
from appliance.perception.prosody import HOP_S

SHORTEST_S = 0.2
"""A steady stretch of sound must be at least this long."""

# Limits of "still" for each 10 ms: how fast a straight line through the 0.11 s around it moves.
# Chosen so that read speech gives hardly a filled pause and spoken ones are found (tested).
_ENVELOPE_DB_PER_S = 85.0
_PITCH_SEMITONES_PER_S = 8.0
_REACH = 5  # hops on each side of the one that is judged
_LONGEST_GAP = 8  # hops: the way from the vowel of "um" to its nasal, which keeps its pitch

# Whether a word needs the steady sound that its time covers. Spontaneous American syllables last 50
# to 400 ms (Greenberg et al., "Temporal properties of spontaneous speech - a syllable-centric
# perspective", Journal of Phonetics 2003). Ours is a value for fluent ones; it and the reach of a
# word's edge are chosen in the same way.
_SYLLABLE_S = 0.15
_EDGE_S = 0.2

# How far Whisper's times of an "um" were from where it sounds, in the project's own sample: up to
# 0.27 s. Two fillers are further apart than that.
_WORD_TIME_ERROR_S = 0.3

# A stretch that is most of all the sound between two silences, and longer than most syllables.
_ALONE_SHARE = 2 / 3
_ALONE_S = 0.3
_SILENCE_BELOW_LOUD_DB = 25.0

_CEPSTRA = 13
_MEL_BANDS = 26
_WINDOW_S = 0.025
_FFT_SIZE = 512  # at least the 400 samples of a window

_Floats = npt.NDArray[np.float64]
_Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Steady:
    """Hops `first` to `end` (excluded) of a track that stand still; `movement` is 0..1."""

    first: int
    end: int
    movement: float


def find_filled_pauses(
    track: ProsodyTrack,
    block: AudioBlock,
    words: Sequence[Word],
    lexicon: Collection[str],
) -> list[FilledPause]:
    """Find the filled pauses of one voice segment.

    Args:
        track: pitch and loudness of the block, from `measure_prosody`.
        block: the segment's sound.
        words: what was recognised in it, in order of time. Words of neighbouring segments do no
            harm: a word belongs to the block that holds its middle.
        lexicon: how filled pauses are written, in lower case.

    Returns:
        In order of time. Where a word and the sound tell of the same one, it is the word's, from
        the earlier start to the later end, and as sure as the surer of both. The confidence of a
        word is the recogniser's; of a sound, 0.5 at the limits of what counts as still, up to 1
        for a sound that does not move at all.
    """
    mine = [word for word in words if block.time_s <= (word.start_s + word.end_s) / 2 < block.end_s]
    fillers = [word for word in mine if _bare(word.text) in lexicon]
    other_words = [word for word in words if _bare(word.text) not in lexicon]
    heard = _find_in_sound(track, block, other_words)
    pauses = []
    for word in fillers:
        same = [pause for pause in heard if _is_same(word, pause, other_words)][:1]
        heard = [pause for pause in heard if pause not in same]
        pauses.append(
            FilledPause(
                start_s=min([word.start_s, *(pause.start_s for pause in same)]),
                # Recognisers give some words no duration at all.
                end_s=max([word.end_s, word.start_s + HOP_S, *(pause.end_s for pause in same)]),
                source="transcript",
                text=word.text,
                confidence=max([word.confidence, *(pause.confidence for pause in same)]),
            )
        )
    return sorted(pauses + heard, key=lambda pause: pause.start_s)


def _is_same(word: Word, pause: FilledPause, other_words: Sequence[Word]) -> bool:
    """Whether a written filler is what was heard: near enough, and nothing was said in between."""
    first_s, then_s = sorted([(word.start_s + word.end_s) / 2, (pause.start_s + pause.end_s) / 2])
    apart_s = max(word.start_s, pause.start_s) - min(word.end_s, pause.end_s)
    said_between = any(
        first_s < (other.start_s + other.end_s) / 2 < then_s for other in other_words
    )
    return apart_s <= _WORD_TIME_ERROR_S and not said_between


def _find_in_sound(
    track: ProsodyTrack, block: AudioBlock, words: Sequence[Word]
) -> list[FilledPause]:
    if not track.loudness_dbfs:
        return []
    loudness = np.array(track.loudness_dbfs)
    sounding = loudness > np.percentile(loudness, 95) - _SILENCE_BELOW_LOUD_DB
    origin_s = track.start_s - track.hop_s / 2
    found = []
    for steady in _steady_stretches(track, block):
        start_s = origin_s + steady.first * track.hop_s
        span = Span(start_s, origin_s + steady.end * track.hop_s)
        if not _stands_alone(steady, sounding, track.hop_s):
            span = _unclaimed(span, words, sounding, origin_s, track.hop_s)
        if span.duration_s >= SHORTEST_S - track.hop_s / 2:
            confidence = 1 - steady.movement / 2
            found.append(FilledPause(span.start_s, span.end_s, "sound", "um", confidence))
    return _joined(found)


def _joined(pauses: list[FilledPause]) -> list[FilledPause]:
    """Make one of two that follow each other too closely for anything to be said in between."""
    joined: list[FilledPause] = []
    for pause in pauses:
        if joined and pause.start_s - joined[-1].end_s < _SYLLABLE_S:
            before = joined.pop()
            surest = max(before.confidence, pause.confidence)
            joined.append(replace(before, end_s=pause.end_s, confidence=surest))
        else:
            joined.append(pause)
    return joined


# ---------------------------------------------------------------- what stands still


def _steady_stretches(track: ProsodyTrack, block: AudioBlock) -> list[_Steady]:
    """Stretches of any length in which neither pitch nor envelope moves much."""
    pitch = np.array([hz or 0.0 for hz in track.pitch_hz])
    voiced = pitch > 0
    envelope = _envelope_speed(block, len(pitch)) / _ENVELOPE_DB_PER_S
    melody = _pitch_speed(pitch, track.hop_s) / _PITCH_SEMITONES_PER_S
    runs: list[tuple[int, int]] = []
    for first, end in _runs(voiced & (envelope < 1) & (melody < 1)):
        if runs and first - runs[-1][1] <= _LONGEST_GAP and voiced[runs[-1][1] : first].all():
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((first, end))
    movement = np.minimum((envelope + melody) / 2, 1.0)
    return [_Steady(first, end, float(movement[first:end].mean())) for first, end in runs]


def _envelope_speed(block: AudioBlock, count: int) -> _Floats:
    """How fast the mel spectrum's shape changes at each hop, RMS over its bands, in dB/s.

    By Parseval's theorem the length of a vector of orthonormal cepstra is that of the log-mel bands
    they came from, here smoothed and without the overall level (cepstrum 0).
    """
    tail = np.zeros(round(_WINDOW_S * SAMPLE_RATE_HZ))
    cepstra = psf.mfcc(
        np.append(block.samples, tail),
        SAMPLE_RATE_HZ,
        winlen=_WINDOW_S,
        winstep=HOP_S,
        numcep=_CEPSTRA,
        nfilt=_MEL_BANDS,
        nfft=_FFT_SIZE,
        ceplifter=0,
        appendEnergy=False,
        winfunc=np.hamming,
    )[:count, 1:]
    slope = psf.delta(cepstra, _REACH) / HOP_S
    from_natural_logarithm = 10 / np.log(10)
    speed: _Floats = from_natural_logarithm * np.linalg.norm(slope, axis=1) / np.sqrt(_MEL_BANDS)
    return speed


def _pitch_speed(pitch_hz: _Floats, hop_s: float) -> _Floats:
    """Slope of the pitch around each hop in semitones/s, from its voiced hops; inf if too few."""
    padded = np.pad(pitch_hz, _REACH)
    around = np.lib.stride_tricks.sliding_window_view(padded, 2 * _REACH + 1)
    weight = (around > 0).astype(np.float64)
    count = np.maximum(weight.sum(axis=1), 1)
    semitones = 12 * np.log2(np.where(around > 0, around, 1.0))
    position = np.arange(-_REACH, _REACH + 1) * hop_s - np.zeros_like(around)
    position -= ((weight * position).sum(axis=1) / count)[:, np.newaxis]
    spread = (weight * position**2).sum(axis=1)
    slope = (weight * position * semitones).sum(axis=1) / np.maximum(spread, 1e-9)
    enough = (count >= 1.5 * _REACH) & (pitch_hz > 0)
    return np.where(enough, np.abs(slope), np.inf)


# ---------------------------------------------------------------- whose sound it is


def _stands_alone(steady: _Steady, sounding: _Flags, hop_s: float) -> bool:
    """Whether a long steady stretch is most of what sounds between two silences."""
    before = np.flatnonzero(~sounding[: steady.first])
    after = np.flatnonzero(~sounding[steady.end :])
    first = before[-1] + 1 if len(before) else 0
    end = steady.end + after[0] if len(after) else len(sounding)
    length = steady.end - steady.first
    return length * hop_s >= _ALONE_S and length >= _ALONE_SHARE * (end - first)


def _unclaimed(
    span: Span, words: Sequence[Word], sounding: _Flags, origin_s: float, hop_s: float
) -> Span:
    """The longest part of a steady stretch that no word needs.

    A word can spare sound at its edge, if what else sounds in its time is enough for its syllables.
    """
    parts = [span]
    for word in words:
        whole = Span(word.start_s, word.end_s)
        shared_s = whole.overlap_s(span)
        first, end = (
            int(np.clip(round((time_s - origin_s) / hop_s), 0, len(sounding)))
            for time_s in (word.start_s, word.end_s)
        )
        rest_s = np.count_nonzero(sounding[first:end]) * hop_s - shared_s
        spare = rest_s >= _SYLLABLE_S * syllables(word.text)
        inside = span.start_s > word.start_s + _EDGE_S and span.end_s < word.end_s - _EDGE_S
        if shared_s > 0 and (inside or not spare):
            parts = [piece for part in parts for piece in _without(part, whole)]
    return max(parts, key=lambda part: part.duration_s, default=Span(span.start_s, span.start_s))


def _without(part: Span, taken: Span) -> list[Span]:
    before = Span(part.start_s, min(part.end_s, taken.start_s))
    after = Span(max(part.start_s, taken.end_s), part.end_s)
    return [piece for piece in (before, after) if piece.duration_s > 0]


def syllables(text: str) -> int:
    """About how many syllables a word has, at least 1.

    Groups of vowels, without a silent final "e"; two for each digit ("eleven", "seventeen"); one
    for each letter where there are no Latin ones, as in Hangul, which writes syllables.
    """
    plain = unicodedata.normalize("NFKD", text.lower())
    digits = sum(character.isdigit() for character in plain)
    if not re.search("[a-z]", plain):
        composed = unicodedata.normalize("NFKC", text)
        return max(1, 2 * digits + sum(character.isalpha() for character in composed))
    latin = re.sub("[^a-z]", "", plain)
    groups = len(re.findall("[aeiouy]+", latin))
    if re.search("[^aeiouyl]e$", latin) and groups > 1:
        groups -= 1
    return max(1, groups + 2 * digits)


def _bare(text: str) -> str:
    return re.sub(r"\W", "", text).lower()


def _runs(flags: _Flags) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
