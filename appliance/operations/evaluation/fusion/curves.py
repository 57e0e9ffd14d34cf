"""Two curves for the docs: what saying "not sure" gains, and what a late camera costs."""

import io
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from appliance.domain.whole_file import write_whole
from appliance.operations.evaluation.fusion.evaluation import FusionResult
from appliance.operations.evaluation.fusion.held_back import COVERAGES
from appliance.operations.evaluation.fusion.units_result import STREAM_TITLES, TITLES, UnitsResult

_COLOURS = {"none": "#5b6b69", "own voice": "#b5651d", "own": "#0f6b66", "all": "#1d2b2a"}
_STYLE: Any = {"font.size": 9, "text.color": "#1d2b2a", "axes.edgecolor": "#d5dddb"}
_DPI = 110


def write_fusion_pictures(result: FusionResult, folder: Path) -> None:
    """Write `fusion-not-sure.png` and `fusion-out-of-step.png`, where there is something to draw.

    Raises:
        OutputError: a picture cannot be written.
    """
    if result.units is None:
        return
    files = {
        folder / "fusion-not-sure.png": _risk(result.units),
        folder / "fusion-out-of-step.png": _late(result.units),
    }
    write_whole(files)
    for path in files:
        path.chmod(0o644)  # figures about a model are for everyone


def _risk(units: UnitsResult) -> bytes:
    with mpl.rc_context(_STYLE):
        picture = Figure(figsize=(6.4, 5.2), dpi=_DPI, layout="constrained", facecolor="white")
        FigureCanvasAgg(picture)
        axes = picture.subplots()
        for mode, one in units.held_back.modes.items():
            axes.plot(COVERAGES, one.risk, color=_COLOURS[mode], label=TITLES[mode])
            axes.scatter([one.coverage], [one.answered], color=_COLOURS[mode], zorder=3)
        for (order, mode), timed in units.held_back.in_time.items():
            if order != "shuffled" or mode == "own":
                continue
            told = f"smoothed windows, {STREAM_TITLES[mode]}"
            axes.plot(COVERAGES, timed.risk, "--", color=_COLOURS[mode], label=told)
            sure = timed.sure["smoothed window"]
            axes.scatter([sure.share], [sure.right], color=_COLOURS[mode], zorder=3)
        axes.set_xlim(1, min(COVERAGES))
        axes.set_xlabel('share that is answered; of the others it says "not sure"')
        axes.set_ylabel("share of the answers that are right")
        axes.set_title("dots: at the thresholds that the other folds chose", fontsize=9)
        axes.grid(visible=True, color="#d5dddb", linewidth=0.5)
        picture.legend(frameon=False, loc="outside lower center")
        return _png(picture)


def _late(units: UnitsResult) -> bytes:
    with mpl.rc_context(_STYLE):
        picture = Figure(figsize=(6.4, 5.2), dpi=_DPI, layout="constrained", facecolor="white")
        FigureCanvasAgg(picture)
        axes = picture.subplots()
        for (order, mode), one in units.held_back.in_time.items():
            style = "-" if order == "shuffled" else "--"
            shifts = list(one.shifts)
            rates = [np.nan if rate is None else rate for rate in one.shifts.values()]
            told = f"clips {order}, {STREAM_TITLES[mode]}"
            axes.plot(shifts, rates, style, color=_COLOURS[mode], marker="o", label=told)
            axes.axhline(max(one.voice, one.face), ls=":", color=_COLOURS[mode], lw=0.7)
        axes.set_xlabel("seconds by which the face is late")
        axes.set_ylabel("share of windows that are right")
        axes.set_title("dotted: the better one alone", fontsize=9)
        axes.grid(visible=True, color="#d5dddb", linewidth=0.5)
        picture.legend(frameon=False, loc="outside lower center")
        return _png(picture)


def _png(picture: Figure) -> bytes:
    content = io.BytesIO()
    picture.savefig(content, format="png", metadata={"Software": None})
    return content.getvalue()
