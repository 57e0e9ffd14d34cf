"""The answer along time as one SVG: loudness, pauses, filled pauses, pitch, facing, estimates."""

import io
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MultipleLocator

from appliance.domain.media import FloatArray
from appliance.domain.observations import Span
from appliance.domain.report import ClassProbabilities, Report
from appliance.reporting.clock import minutes_and_seconds

Say = Callable[[str], str]
"""Tells English words in the language of a picture."""

_COLOURS = {
    # Drawn with these, shown with the page's own tokens, so that light, dark and paper all fit.
    "#010203": "var(--ink)",
    "#040506": "var(--quiet)",
    "#070809": "var(--line)",
    "#0a0b0c": "var(--accent)",
    "#0d0e0f": "var(--soft)",
    "#101112": "var(--amber)",
}
_INK, _QUIET, _LINE, _ACCENT, _SOFT, _AMBER = _COLOURS

LONG_PAUSE_S = 2.0
"""Longer pauses are labelled, and end a paragraph of the transcript."""

_SURE = 0.5
"""An estimate below this names nothing."""

_HALF_HOP_S = 0.25
"""Fused windows overlap: each stands for the half second in its middle."""

_DPI = 72
_POINTS_PER_PX = 1.4
_LEAST_SPAN_DB = 20
_LOOK_S = 1.0
_LETTER_PX = 8
_LEAST_MARK_PX = 6
_SIDE_PX = 18  # half of a label such as "0:00" lies beside the first and the last tick
_TICK_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)


@dataclass(frozen=True, slots=True)
class PictureSize:
    """Width and height in CSS pixels, and the size of its letters.

    Attributes:
        strip_px: further height for each strip of estimates.
        titles_px: width of a column for the titles of the rows; without one they stand above them.
    """

    name: str
    width_px: int
    height_px: int
    text_px: int
    strip_px: int = 40
    titles_px: int = 0

    @property
    def left_px(self) -> int:
        """Where time begins."""
        return self.titles_px + _SIDE_PX

    @property
    def time_px(self) -> int:
        """Width of the whole answer."""
        return self.width_px - self.left_px - _SIDE_PX


WIDE = PictureSize("wide", 880, 330, 13)
NARROW = PictureSize("narrow", 360, 340, 12)
LOW = PictureSize("low", 740, 150, 13, strip_px=22, titles_px=215)


def timeline_svg(
    report: Report,
    size: PictureSize,
    marks: Sequence[Span] = (),
    say: Say = str,
) -> str:
    """Draw the timeline of a report.

    Args:
        report: of one answer.
        size: of the picture; strips of estimates, where there are any, come below that.
        marks: places over which a rectangle is laid, of the classes `mark` and `mark-N`; it is
            hidden until a style shows it.
        say: tells English words in the language of the picture.

    Returns:
        An `<svg>` element to stand in a page that defines the colour tokens --ink, --quiet, --line,
        --accent, --soft and --amber. The same report gives the same text.
    """
    style: dict[Any, Any] = {
        "svg.fonttype": "none",
        "svg.hashsalt": f"timeline-{size.name}",
        "font.size": size.text_px,
        "axes.edgecolor": _LINE,
        "text.color": _QUIET,
        "xtick.color": _LINE,
        "xtick.labelcolor": _QUIET,
    }
    estimates = _estimates(report, say)
    height_px = size.height_px + size.strip_px * len(estimates)
    with mpl.rc_context(style):
        figure = Figure(figsize=(size.width_px / _DPI, height_px / _DPI), dpi=_DPI)
        FigureCanvasSVG(figure)
        ratios = [6, 4, 1, *[1] * len(estimates)]
        voice, pitch, *strips = figure.subplots(len(ratios), 1, sharex=True, height_ratios=ratios)
        points = int(size.width_px * _POINTS_PER_PX)
        _draw_voice(voice, report, points, say)
        _draw_pitch(pitch, report, points, say)
        _draw_facing(strips[0], report, say)
        for strip, (title, windows) in zip(strips[1:], estimates, strict=True):
            _draw_estimates(strip, title, windows, say, report.duration_s / size.time_px)
        _finish([voice, pitch, *strips], report.duration_s, size)
        figure.subplots_adjust(
            left=size.left_px / size.width_px,
            right=1 - _SIDE_PX / size.width_px,
            top=1 - (4 if size.titles_px else 24) / height_px,
            bottom=(22 if size.titles_px else 30) / height_px,
            hspace=0.3 if size.titles_px else 0.9 if estimates else 0.6,
        )
        buffer = io.StringIO()
        figure.savefig(
            buffer,
            format="svg",
            transparent=True,
            metadata=dict.fromkeys(("Creator", "Date", "Format", "Type")),
        )
    svg = _inline(buffer.getvalue(), size)
    return svg.replace("</svg>", f"{_marked(marks, report.duration_s, size, height_px)}</svg>")


def _draw_voice(axes: Axes, report: Report, points: int, say: Say) -> None:
    """Loudness as an area where there is speech; long pauses and filled pauses labelled."""
    _title(axes, say("Loudness, pauses and “um”"))
    axes.set_ylim(0, 1)
    if report.voice is None:
        _say(axes, say("No sound"))
        return
    times, levels = _thinned(report.voice.loudness_dbfs, report.voice.hop_s, points)
    known = levels[np.isfinite(levels)]
    if known.size:
        top = float(np.percentile(known, 99))
        bottom = min(float(np.percentile(known, 5)) - 3, top - _LEAST_SPAN_DB)
        heights = np.clip((levels - bottom) / (top - bottom), 0.04, 1) * 0.72
        axes.fill_between(times, 0, heights, color=_SOFT, linewidth=0)
        axes.plot(times, heights, color=_INK, linewidth=1.1)
    for pause in report.voice.pauses:
        if pause.duration_s > LONG_PAUSE_S:
            axes.plot([pause.start_s, pause.end_s], [0.1, 0.1], color=_ACCENT, linewidth=3)
            axes.text(
                (pause.start_s + pause.end_s) / 2, 0.18, f"{pause.duration_s:.1f} s",
                ha="center", color=_ACCENT, fontweight="bold",
            )  # fmt: skip
    for filled in report.voice.filled_pauses:
        middle = (filled.start_s + filled.end_s) / 2
        axes.plot([middle, middle], [0, 0.84], color=_AMBER, linewidth=1.2)
        axes.plot([middle], [0.87], "o", color=_AMBER, markersize=6)


def _draw_pitch(axes: Axes, report: Report, points: int, say: Say) -> None:
    """Pitch in semitones about its median."""
    _title(axes, say("Pitch"))
    axes.set_ylim(-9, 9)
    if report.voice is None:
        _say(axes, say("No sound"))
        return
    times, pitches = _thinned(report.voice.pitch_hz, report.voice.hop_s, points)
    if not np.isfinite(pitches).any():
        _say(axes, say("No voice found"))
        return
    axes.axhline(0, color=_LINE, linewidth=1)
    semitones = 12 * np.log2(pitches / np.nanmedian(pitches))
    axes.plot(times, np.clip(semitones, -9, 9), color=_INK, linewidth=1.4)


def _draw_facing(axes: Axes, report: Report, say: Say) -> None:
    """A strip: filled where the head points at the camera, thin where away, empty where unseen."""
    _title(axes, say("Facing the camera"))
    axes.set_ylim(0, 1)
    looks = report.face.samples if report.face else ()
    if not looks:
        _say(axes, say("No picture"))
        return
    for toward, bottom, height, colour in ((True, 0.0, 1.0, _ACCENT), (False, 0.4, 0.2, _QUIET)):
        stretches = _stretches(report, toward=toward)
        axes.broken_barh(
            [(span.start_s, span.duration_s) for span in stretches],
            (bottom, height),
            color=colour,
            linewidth=0,
        )


def _estimates(report: Report, say: Say) -> list[tuple[str, tuple[ClassProbabilities, ...]]]:
    """What may be shown of estimates, where somebody agreed to them and a site allows them."""
    found = (
        (say("Face, estimated and often wrong"), report.face.expression if report.face else None),
        (say("Voice, estimated and often wrong"), report.voice.segments if report.voice else None),
        (say("Both together; where it is blank: not sure"), _sure(report)),
    )
    return [(title, windows) for title, windows in found if windows]


def _sure(report: Report) -> tuple[ClassProbabilities, ...] | None:
    """Fused windows that name something, each at its middle; none where only one had a say."""
    windows = report.fusion or ()
    if not any(len(window.sources) > 1 for window in windows):
        return None
    middles_s = [(window.start_s + window.end_s) / 2 for window in windows]
    return tuple(
        ClassProbabilities(
            start_s=middle_s - _HALF_HOP_S,
            end_s=middle_s + _HALF_HOP_S,
            probabilities={} if window.abstained else window.probabilities,
        )
        for middle_s, window in zip(middles_s, windows, strict=True)
    )


def _draw_estimates(
    axes: Axes, title: str, windows: Sequence[ClassProbabilities], say: Say, s_per_px: float
) -> None:
    """A strip: the fainter, the less sure; a name where one class is likelier than all others."""
    _title(axes, title)
    axes.set_ylim(0, 1)
    for name, group in groupby(_side_by_side(windows), key=_likely):
        run = list(group)
        if name is None:
            continue
        start_s, end_s = run[0].start_s, run[-1].end_s
        sure = sum(one.probabilities[name] for one in run) / len(run)
        axes.broken_barh([(start_s, end_s - start_s)], (0, 1), color=_SOFT, linewidth=0, alpha=sure)
        told = _class_words(name, say)
        if end_s - start_s > _LETTER_PX * len(told) * s_per_px:
            axes.text((start_s + end_s) / 2, 0.22, told, ha="center", color=_INK)


def _side_by_side(windows: Sequence[ClassProbabilities]) -> list[ClassProbabilities]:
    """The same windows; where two overlap, each has half of that."""
    apart = list(windows)
    for index, (before, after) in enumerate(pairwise(windows)):
        if after.start_s < before.end_s:
            middle_s = (after.start_s + before.end_s) / 2
            apart[index] = apart[index].model_copy(update={"end_s": middle_s})
            apart[index + 1] = after.model_copy(update={"start_s": middle_s})
    return apart


def _class_words(name: str, say: Say) -> str:
    """What a class is called: by what shows, and not by what somebody may feel."""
    words = {
        "neutral": say("neutral"),
        "calm": say("calm"),
        "happiness": say("smiling"),
        "happy": say("bright"),
        "surprise": say("surprised look"),
        "surprised": say("surprised tone"),
        "sadness": say("sad look"),
        "sad": say("sad tone"),
        "anger": say("angry look"),
        "angry": say("angry tone"),
        "disgust": say("disgusted"),
        "fear": say("fearful look"),
        "fearful": say("fearful tone"),
        "contempt": say("contemptuous"),
    }
    return words.get(name, name)


def _likely(window: ClassProbabilities) -> str | None:
    """The class that is likelier than all others together; None where none is."""
    if not window.probabilities:
        return None
    name, share = max(window.probabilities.items(), key=lambda item: item[1])
    return name if share >= _SURE else None


def _marked(marks: Sequence[Span], duration_s: float, size: PictureSize, height_px: int) -> str:
    """Rectangles over places of the answer, in the units of the picture."""
    known = [Span(mark.start_s, min(mark.end_s, duration_s)) for mark in marks]
    px_per_s = size.time_px / max(duration_s, 0.1)
    return "".join(
        f'<rect class="mark mark-{number}" x="{size.left_px + mark.start_s * px_per_s:.1f}" y="4" '
        f'width="{max(_LEAST_MARK_PX, mark.duration_s * px_per_s):.1f}" height="{height_px - 30}" '
        'rx="6" fill="var(--amber)" fill-opacity="0.16" stroke="var(--amber)" visibility="hidden"/>'
        for number, mark in enumerate(known)
        if mark.duration_s >= 0
    )


def _stretches(report: Report, *, toward: bool) -> list[Span]:
    """Where the head pointed at the camera, or away; a look lasts to the next, at most a second."""
    looks = report.face.samples if report.face else ()
    ends = [look.time_s for look in looks[1:]] + [report.duration_s]
    found: list[Span] = []
    for look, next_s in zip(looks, ends, strict=True):
        if look.toward_camera is not toward:
            continue
        end_s = min(next_s, look.time_s + _LOOK_S)
        if found and math.isclose(found[-1].end_s, look.time_s):
            found[-1] = Span(found[-1].start_s, end_s)
        else:
            found.append(Span(look.time_s, end_s))
    return found


def _finish(rows: Sequence[Axes], duration_s: float, size: PictureSize) -> None:
    for axes in rows:
        axes.set_xlim(0, max(duration_s, 0.1))
        axes.yaxis.set_visible(False)
        for side in ("top", "left", "right"):
            axes.spines[side].set_visible(False)
        axes.tick_params(bottom=False, labelbottom=False)
        if size.titles_px:
            _put_title_beside(axes)
    for axes in rows[1:]:
        axes.spines["bottom"].set_visible(False)
    most = size.width_px // 80
    step_s = next((step for step in _TICK_STEPS_S if duration_s / step <= most), _TICK_STEPS_S[-1])
    rows[-1].xaxis.set_major_locator(MultipleLocator(step_s))
    rows[-1].xaxis.set_major_formatter(FuncFormatter(lambda value, _: minutes_and_seconds(value)))
    rows[-1].tick_params(labelbottom=True)


def _title(axes: Axes, text: str) -> None:
    axes.set_title(text, loc="left", fontsize="medium", color=_QUIET, pad=5)


def _put_title_beside(axes: Axes) -> None:
    title = axes.get_title(loc="left")
    axes.set_title("", loc="left")
    beside = axes.text(-0.02, 0.5, title, transform=axes.transAxes, color=_QUIET)
    beside.set(ha="right", va="center")


def _say(axes: Axes, text: str) -> None:
    axes.text(0.0, 0.2, text, transform=axes.transAxes, color=_QUIET)


def _thinned(
    values: Sequence[float | None], hop_s: float, points: int
) -> tuple[FloatArray, FloatArray]:
    """Times and values, NaN for None, at most `points` of them: the highest of each bin."""
    array = np.array([np.nan if value is None else value for value in values], np.float32)
    step = max(1, math.ceil(len(array) / points))
    padded = np.pad(array, (0, -len(array) % step), constant_values=np.nan).reshape(-1, step)
    known = np.isfinite(padded)
    best = np.where(known, padded, -np.inf).max(axis=1, initial=-np.inf)
    best = np.where(known.any(axis=1), best, np.nan)
    times = np.arange(len(best)) * step * hop_s
    return times.astype(np.float32), best.astype(np.float32)


def _inline(svg: str, size: PictureSize) -> str:
    """Cut the XML prolog, name the picture, and put the page's colours in place."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r'\s(width|height)="[\d.]+pt"', "", svg, count=2)
    # Two pictures share a page: only the identifiers that are used may stay, and these are unique.
    svg = re.sub(r'\sid="([^"]+)"', lambda m: m[0] if f"#{m[1]}" in svg else "", svg)
    for drawn, shown in _COLOURS.items():
        svg = svg.replace(drawn, shown)
    svg = svg.replace("<svg", f'<svg class="timeline {size.name}" role="img"', 1)
    return svg.replace("'DejaVu Sans', 'Bitstream Vera Sans'", "'Inter', 'DejaVu Sans'").strip()
