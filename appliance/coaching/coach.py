"""From what was seen and heard to the report: all of coaching in one call, `Coach.report`."""

import math
from dataclasses import dataclass, replace
from statistics import fmean, median

from appliance.coaching.advice import judged, standard_advice
from appliance.coaching.answer import silences
from appliance.coaching.comparison import compared
from appliance.coaching.content import measure_content
from appliance.coaching.delivery import measure_delivery
from appliance.coaching.language import LanguagePack
from appliance.coaching.messages import Messages
from appliance.coaching.question_bank import BankQuestion
from appliance.coaching.ratings import rate
from appliance.coaching.relevance import question_embeddings
from appliance.coaching.spoken import spoken, telling
from appliance.coaching.tools import Tools
from appliance.domain.observations import Observations
from appliance.domain.report import (
    ClassProbabilities,
    FacePart,
    FaceSample,
    FusionWindow,
    Measure,
    Report,
    TranscriptPart,
    VoicePart,
)

_HOP_S = 0.1
"""Distance of the pitch and loudness values in the report: fine enough to draw."""

_LONGEST_WINDOW_S = 2.0
"""Windows of expression estimates are at most this long, and at least half, in longer answers."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a report does without.

    Attributes:
        leave_out: names of measures that the person does not want; they stay unrated.
        estimates: whether the report has a place for what face and voice showed at all.
    """

    leave_out: frozenset[str] = frozenset()
    estimates: bool = True


class Coach:
    """Judges answers in one language. Load it once; threads may share it.

    Args:
        tools: everything that depends on the language.
    """

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    @property
    def language(self) -> LanguagePack:
        """The language of the answers."""
        return self._tools.language

    @property
    def tools(self) -> Tools:
        """What it works with."""
        return self._tools

    def prepare(self, question: BankQuestion) -> None:
        """Work out what the reference answers to a question mean, before an answer is judged."""
        if self._tools.embedder is not None and question.references:
            question_embeddings(question, self._tools)

    def report(
        self,
        seen: Observations,
        *,
        source: str,
        question: BankQuestion | None,
        wishes: Wishes | None = None,
        before: Report | None = None,
    ) -> Report:
        """Measure an answer, rate it, choose the advice, and put everything into one report.

        Args:
            seen: what perception found.
            source: bare name of the recording or device.
            question: what was asked, if it is known.
            wishes: what is left out.
            before: the report of the same person's earlier attempt at the same question.
        """
        tools, wishes = self._tools, wishes or Wishes()
        seen = _with_reasons_in(tools.messages, seen)
        said = spoken(seen.transcript, tools.language)
        told = telling(said, tools.language)
        delivery = measure_delivery(seen, tools.messages, len(told.tokens))
        content = measure_content(seen, said, question, tools)
        measures = tuple(
            self._unwanted(one) if one.name in wishes.leave_out else one
            for one in (*delivery, *content.measures)
        )
        ratings = rate(measures, content.gate, tools.messages)
        answer = judged(
            measures,
            ratings,
            gate=content.gate,
            question=question,
            last=said.sentences[-1].evidence if said.sentences else None,
        )
        report = Report(
            source=source,
            duration_s=seen.duration_s,
            language=tools.language.code,
            question=question.plain if question else None,
            transcript=_transcript(seen),
            face=_face(seen, estimates=wishes.estimates),
            voice=_voice(seen, estimates=wishes.estimates),
            fusion=_fusion(seen) if wishes.estimates else None,
            picture_offsets=seen.picture_offsets if wishes.estimates else None,
            gate=content.gate,
            measures=measures,
            ratings=ratings,
            advice=standard_advice(answer, tools.messages),
            notes=seen.notes,
        )
        return report if before is None else compared(report, before, tools.messages)

    def _unwanted(self, measure: Measure) -> Measure:
        reason = self._tools.messages.say("reasons", "unwanted")
        return measure.model_copy(
            update={
                "value": None,
                "status": "unrated",
                "reason": reason,
                "says": reason,
                "evidence": (),
            }
        )


def _with_reasons_in(messages: Messages, seen: Observations) -> Observations:
    """The same; why a sense is missing is told in the language of the report, where it is known."""
    told = {
        sense: messages.say("missing", reason) if messages.has("missing", reason) else reason
        for sense, reason in seen.missing.items()
    }
    return replace(seen, missing=told)


def _transcript(seen: Observations) -> TranscriptPart | None:
    if seen.transcript is None:
        return None
    return TranscriptPart(
        engine=seen.transcript.engine, text=seen.transcript.text, words=seen.transcript.words
    )


def _face(seen: Observations, *, estimates: bool) -> FacePart | None:
    if "picture" in seen.missing:
        return None
    looks = seen.faces
    visible = sum(look.box is not None for look in looks)
    return FacePart(
        visible_ratio=visible / len(looks) if looks else None,
        samples=tuple(
            FaceSample(
                time_s=look.time_s,
                box=look.box,
                yaw_deg=look.yaw_deg,
                pitch_deg=look.pitch_deg,
                toward_camera=look.toward_camera,
                smile=look.smile,
                brow_raise=look.brow_raise,
            )
            for look in looks
        ),
        expression=_expression(seen) if estimates else None,
    )


def _expression(seen: Observations) -> tuple[ClassProbabilities, ...]:
    """Means over even windows of the answer; one without any estimate is left out."""
    count = max(1, math.ceil(seen.duration_s / _LONGEST_WINDOW_S))
    length_s = seen.duration_s / count
    windows: list[list[dict[str, float]]] = [[] for _ in range(count)]
    for shown in seen.expressions:
        place = int(shown.time_s / length_s) if length_s else 0
        windows[min(place, count - 1)].append(shown.probabilities)
    return tuple(
        ClassProbabilities(
            start_s=index * length_s,
            end_s=(index + 1) * length_s,
            probabilities={name: fmean(one[name] for one in window) for name in window[0]},
        )
        for index, window in enumerate(windows)
        if window
    )


def _voice(seen: Observations, *, estimates: bool) -> VoicePart | None:
    if "sound" in seen.missing:
        return None
    pitch_hz, loudness_dbfs = _series(seen)
    return VoicePart(
        segments=tuple(
            ClassProbabilities(
                start_s=window.start_s, end_s=window.end_s, probabilities=window.probabilities
            )
            for window in seen.voice
        )
        if estimates
        else None,
        speech=seen.speech,
        pauses=tuple(silences(seen)),
        filled_pauses=seen.filled_pauses,
        hop_s=_HOP_S,
        pitch_hz=pitch_hz,
        loudness_dbfs=loudness_dbfs,
    )


def _fusion(seen: Observations) -> tuple[FusionWindow, ...]:
    return tuple(
        FusionWindow(
            start_s=window.start_s,
            end_s=window.end_s,
            probabilities=window.probabilities,
            sources=window.sources,
            abstained=window.abstained,
            own_baseline=window.own_baseline,
        )
        for window in seen.fusion
    )


def _series(seen: Observations) -> tuple[tuple[float | None, ...], tuple[float | None, ...]]:
    """Pitch and loudness on one grid from 0 s: the median of the values around each place."""
    count = math.ceil(seen.duration_s / _HOP_S)
    pitch: list[list[float]] = [[] for _ in range(count)]
    loudness: list[list[float]] = [[] for _ in range(count)]
    for track in seen.prosody:
        values = zip(track.pitch_hz, track.loudness_dbfs, strict=True)
        for index, (pitch_hz, level_dbfs) in enumerate(values):
            place = round((track.start_s + index * track.hop_s) / _HOP_S)
            if not 0 <= place < count:
                continue
            loudness[place].append(level_dbfs)
            if pitch_hz is not None:
                pitch[place].append(pitch_hz)
    return _medians(pitch), _medians(loudness)


def _medians(places: list[list[float]]) -> tuple[float | None, ...]:
    return tuple(median(values) if values else None for values in places)
