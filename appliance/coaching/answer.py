"""Where things lie in an answer: its beginning and end, its silences, its turns away."""

from itertools import pairwise

from appliance.coaching import bands
from appliance.domain.observations import Observations, Span
from appliance.domain.report import Evidence


def answer(seen: Observations) -> Span:
    """From the first sound of speech to the last; there must be speech."""
    return Span(seen.speech[0].start_s, seen.speech[-1].end_s)


def during_answer(seen: Observations, time_s: float) -> bool:
    """Whether a time lies in the answer; without speech everything does."""
    return not seen.speech or answer(seen).start_s <= time_s <= answer(seen).end_s


def silences(seen: Observations) -> list[Span]:
    """Silences over 250 ms between the first sound of speech and the last."""
    gaps = [Span(before.end_s, after.start_s) for before, after in pairwise(seen.speech)]
    return [gap for gap in gaps if gap.duration_s > bands.MINIMUM_PAUSE_S]


def talk(seen: Observations) -> list[Span]:
    """Speech joined over all pauses but the long ones."""
    joined: list[Span] = []
    for span in seen.speech:
        if joined and span.start_s - joined[-1].end_s <= bands.LONG_PAUSE_S:
            joined[-1] = Span(joined[-1].start_s, span.end_s)
        else:
            joined.append(span)
    return joined


def words_before(seen: Observations, pause: Span) -> str:
    """The last words before a pause, as a quote."""
    words = seen.transcript.words if seen.transcript else ()
    spoken = [word.text for word in words if word.start_s < pause.start_s]
    return " ".join(spoken[-4:])


def turned_away(seen: Observations) -> list[Evidence]:
    """Stretches of at least a second in which every face seen was turned away, longest first."""
    looks = [look for look in seen.faces if during_answer(seen, look.time_s)]
    stretches: list[Span] = []
    start: float | None = None
    for look in looks:
        if look.toward_camera is False:
            start = look.time_s if start is None else start
        elif start is not None:
            stretches.append(Span(start, look.time_s))
            start = None
    if start is not None:
        stretches.append(Span(start, looks[-1].time_s))
    longest = sorted((s for s in stretches if s.duration_s >= 1.0), key=_by_length)
    return [Evidence(quote="", start_s=span.start_s, end_s=span.end_s) for span in longest]


def _by_length(span: Span) -> tuple[float, float]:
    return -span.duration_s, span.start_s
