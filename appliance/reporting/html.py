"""`report.html`: one file that needs no other, for a phone, a laptop and paper."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from gettext import NullTranslations
from importlib import resources
from pathlib import Path
from typing import Literal

import jinja2
from markupsafe import Markup

from appliance.domain.observations import FilledPause, Span, Word
from appliance.domain.report import Band, Evidence, Measure, Rating, RatingGuide, Report
from appliance.reporting.catalogue import catalogue_of
from appliance.reporting.clock import minutes_and_seconds
from appliance.reporting.timeline_picture import LONG_PAUSE_S, NARROW, WIDE, timeline_svg

_MARKED_PAUSE_S = 1.0
_BAR_WIDTH = 320


@dataclass(frozen=True, slots=True)
class Piece:
    """A word, a filled pause or a silent pause of the transcript as it is shown."""

    kind: Literal["word", "filled", "pause"]
    start_s: float
    text: str
    duration_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What was said between two long pauses."""

    start_s: float
    pieces: tuple[Piece, ...]


_CATALOGUES = Path(__file__).parent / "catalogues"

Say = Callable[[str], str]
"""Tells English words in the language of a report."""

_QUOTED_WORDS = 30
"""Words of a sentence that are quoted at most; the transcript has all of them."""


def render_html(report: Report, guide: RatingGuide | None = None) -> str:
    """The report as one self-contained page: style, letters and pictures inside, no address.

    Args:
        report: of one answer.
        guide: how the ratings are made, to be explained below them.
    """
    places = _places(report)
    words = catalogue_of(report.language, _CATALOGUES)
    say = words.gettext
    return (
        _environment(words)
        .get_template("report.html")
        .render(
            report=report,
            guide=guide,
            places=places,
            parts=_parts(say),
            paragraphs=paragraphs(report),
            apart=_apart(report, say),
            no_words=_no_words(report, say),
            nothing_well=_nothing_well(report, say),
            nothing_next=_nothing_next(report, say),
            font_face=_font_face(),
            stylesheet=Markup(_file("templates/report.css").decode()),  # noqa: S704 - our own file
            wide_timeline=Markup(timeline_svg(report, WIDE, places, say)),  # noqa: S704 - our own drawing
            narrow_timeline=Markup(timeline_svg(report, NARROW, places, say)),  # noqa: S704 - our own drawing
        )
    )


def report_words(report: Report) -> Say:
    """The words of pictures in the language of a report."""
    return catalogue_of(report.language, _CATALOGUES).gettext


def _parts(say: Say) -> dict[str, str]:
    """What the parts of a story are called."""
    return {
        "situation": say("Situation"),
        "task": say("Task"),
        "action": say("Action"),
        "result": say("Result"),
    }


def _places(report: Report) -> list[Span]:
    """Where the evidence is that ratings and advice rest on, each place once."""
    advised = (*report.advice.strengths, *report.advice.next_steps)
    evidence = [one for advice in advised for one in advice.evidence]
    evidence += [one for rating in report.ratings for one in rating.evidence]
    spans = (Span(one.start_s, one.end_s) for one in evidence if one.end_s > one.start_s)
    return list(dict.fromkeys(spans))


def paragraphs(report: Report) -> tuple[Paragraph, ...]:
    """The transcript with its pauses in place; a new paragraph after each long pause."""
    found: list[Paragraph] = []
    current: list[Piece] = []
    for piece in _pieces(report):
        current.append(piece)
        if piece.kind == "pause" and piece.duration_s > LONG_PAUSE_S:
            found.append(Paragraph(current[0].start_s, tuple(current)))
            current = []
    if current:
        found.append(Paragraph(current[0].start_s, tuple(current)))
    return tuple(found)


def _pieces(report: Report) -> list[Piece]:
    words = report.transcript.words if report.transcript else ()
    if not words:
        return []
    fillers = report.voice.filled_pauses if report.voice else ()
    pauses = report.voice.pauses if report.voice else ()
    pieces = [_word(word, fillers) for word in words]
    pieces += [Piece("filled", f.start_s, f.text) for f in fillers if f.source == "sound"]
    pieces += [_pause(p, words) for p in pauses if p.duration_s >= _MARKED_PAUSE_S]
    return sorted(pieces, key=lambda piece: piece.start_s)


def _word(word: Word, fillers: tuple[FilledPause, ...]) -> Piece:
    """A filled pause keeps the time at which it sounds, so its word is known by its text."""
    written = {filled.text for filled in fillers if filled.source == "transcript"}
    return Piece("filled" if word.text in written else "word", word.start_s, word.text)


def _pause(pause: Span, words: tuple[Word, ...]) -> Piece:
    """A pause stands before the first word of which most lies behind the middle of the pause.

    Recognisers let a word begin early, within the silence before it.
    """
    middle_s = (pause.start_s + pause.end_s) / 2
    following = [word.start_s for word in words if (word.start_s + word.end_s) / 2 > middle_s]
    place_s = min([pause.start_s, *following[:1]])
    return Piece("pause", place_s - 1e-6, f"{pause.duration_s:.1f} s", pause.duration_s)


def _no_words(report: Report, say: Say) -> str:
    """Why there is no transcript: the reason that the pace could not be measured."""
    reasons = [m.reason for m in report.measures if m.name == "pace" and m.reason]
    return reasons[0] if reasons else say("No words were understood.")


def _apart(report: Report, say: Say) -> str:
    """How far camera and microphone were apart at most, where that was put right; else nothing."""
    offsets = report.picture_offsets or ()
    corrected = [abs(one.late_s) for one in offsets if one.late_s is not None and one.corrected]
    if not corrected or not report.fusion:
        return ""
    told = say("Camera and microphone were %(seconds)s s apart; both together allows for that.")
    return told % {"seconds": f"{max(corrected):.1f}"}


def _heard(report: Report) -> bool:
    return bool(report.transcript and report.transcript.words)


def _nothing_well(report: Report, say: Say) -> str:
    if _heard(report):
        return say("There is not enough to go by yet. A longer answer shows more.")
    return say("We understood no words, so there is nothing to say yet.")


def _nothing_next(report: Report, say: Say) -> str:
    if _heard(report):
        return say("Nothing stands out. You could answer the same question again, in other words.")
    return say("Check the microphone and the recording, then answer once more.")


def _environment(words: NullTranslations) -> jinja2.Environment:
    environment = jinja2.Environment(
        extensions=["jinja2.ext.i18n"],
        loader=jinja2.PackageLoader("appliance.reporting"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    install = environment.install_gettext_translations  # type: ignore[attr-defined]
    install(words, newstyle=True)
    environment.filters.update(
        clock=minutes_and_seconds,
        figure=_figure,
        bar=_bar,
        band_words=lambda measure: _band_words(measure, words.gettext),
        steps=lambda rating: _steps(rating, words.gettext),
        shortened=_shortened,
        number_in=_number_in,
    )
    return environment


def _file(name: str) -> bytes:
    return (resources.files("appliance.reporting") / name).read_bytes()


def _font_face() -> Markup:
    letters = base64.b64encode(_file("fonts/inter-latin.woff2")).decode()
    return Markup(
        '@font-face{{font-family:"Inter";font-weight:100 900;font-display:swap;'
        "src:url(data:font/woff2;base64,{}) format('woff2')}}"
    ).format(letters)


def _figure(measure: Measure) -> str:
    """A value with as many decimals as it is true to."""
    value = measure.value or 0.0
    return f"{value:.1f}" if abs(value) < 10 else f"{value:.0f}"


def _steps(rating: Rating, say: Say) -> Markup:
    """Five steps, as many of them filled as the rating has."""
    filled = Markup('<span class="step full"></span>') * (rating.value or 0)
    rest = Markup('<span class="step"></span>') * (5 - (rating.value or 0))
    label = say("{value} of 5").format(value=rating.value)
    return Markup('<span role="img" aria-label="{}">{}{}</span>').format(label, filled, rest)


def _number_in(place: Evidence, places: list[Span]) -> int | None:
    """The number of a place; None where it has no length, as in a typed answer."""
    span = Span(place.start_s, place.end_s)
    return places.index(span) if span in places else None


def _shortened(quote: str) -> str:
    words = quote.split()
    if len(words) <= _QUOTED_WORDS:
        return quote
    return " ".join([*words[:_QUOTED_WORDS], "…"])


def _band_words(measure: Measure, say: Say) -> str:
    if measure.value is None:
        return ""
    if measure.band is None:
        return measure.reason or ""
    usual = say("Usual: {range} ({source})")
    return usual.format(range=_range(measure.band, say), source=measure.band.source)


def _range(band: Band, say: Say) -> str:
    if band.low is None:
        return say("up to {high:g}").format(high=band.high)
    if band.high is None:
        return say("{low:g} or more").format(low=band.low)
    return say("{low:g} to {high:g}").format(low=band.low, high=band.high)


def _bar(measure: Measure) -> Markup:
    """The band as a soft area, the person's value as a line of ink on one scale."""
    if measure.value is None or measure.band is None:
        return Markup("")
    low, high = _scale(measure.value, measure.band)
    band_low = low if measure.band.low is None else measure.band.low
    band_high = high if measure.band.high is None else measure.band.high

    def place(value: float) -> float:
        return round(_BAR_WIDTH * (value - low) / (high - low), 1)

    return Markup(
        '<svg viewBox="0 0 {} 24" preserveAspectRatio="none" aria-hidden="true">'
        '<rect y="11" width="100%" height="2" fill="var(--line)"/>'
        '<rect x="{}" y="4" width="{}" height="16" rx="4" fill="var(--soft)"/>'
        '<rect x="{}" y="0" width="4" height="24" rx="2" fill="var(--ink)"/></svg>'
    ).format(
        _BAR_WIDTH,
        place(band_low),
        place(band_high) - place(band_low),
        min(max(place(measure.value) - 2, 0), _BAR_WIDTH - 4),
    )


def _scale(value: float, band: Band) -> tuple[float, float]:
    """Ends of the bar: the band with half its width on both sides, and the value within."""
    if band.low is not None and band.high is not None:
        margin = (band.high - band.low) / 2
        low, high = band.low - margin, band.high + margin
    elif band.high is not None:
        low, high = 0.0, band.high * 2
    else:
        low, high = 0.0, (band.low or 1.0) * 2.5
    return min(low, value), max(high, value)
