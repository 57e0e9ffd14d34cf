"""Figures as pictures for a model's card: which classes are mixed up, and how far to believe it."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from appliance.domain.whole_file import write_whole
from appliance.operations.evaluation.figures import Figures

_INK, _QUIET, _LINE, _ACCENT = "#1d2b2a", "#5b6b69", "#d5dddb", "#0f6b66"
_DPI = 110
_STYLE: Any = {"font.size": 9, "text.color": _INK, "axes.labelcolor": _INK, "axes.edgecolor": _LINE}
_DARK_CELL = 0.55


def write_pictures(figures: Mapping[str, Figures], folder: Path) -> list[Path]:
    """Write one PNG for each set of figures: NAME.png.

    Args:
        figures: by name; the name is also the title.
        folder: where to; made if it is missing.

    Raises:
        OutputError: a picture cannot be written; nothing is left behind.
    """
    files = {
        folder / f"{name.replace(' ', '-')}.png": _picture(name, one)
        for name, one in figures.items()
    }
    write_whole(files)
    for path in files:
        path.chmod(0o644)  # figures about a model are for everyone
    return list(files)


def _picture(name: str, figures: Figures) -> bytes:
    with mpl.rc_context(_STYLE):
        picture = Figure(figsize=(10.5, 4.6), dpi=_DPI, layout="constrained", facecolor="white")
        FigureCanvasAgg(picture)
        left, right = picture.subplots(1, 2, width_ratios=(1.25, 1))
        _draw_confusion(left, figures)
        _draw_reliability(right, figures)
        picture.suptitle(f"{name}: {figures.count} examples", x=0.01, ha="left")
        content = io.BytesIO()
        picture.savefig(content, format="png", metadata={"Software": None})
    return content.getvalue()


def _draw_confusion(axes: Axes, figures: Figures) -> None:
    totals = np.maximum(figures.confusion.sum(axis=1, keepdims=True), 1)
    shares = figures.confusion / totals
    axes.imshow(shares, cmap="GnBu", vmin=0, vmax=1)
    for row, column in np.ndindex(shares.shape):
        if figures.confusion[row, column]:
            dark = shares[row, column] > _DARK_CELL
            text = f"{shares[row, column]:.0%}"
            axes.text(column, row, text, ha="center", va="center", color="white" if dark else _INK)
    names = [
        f"{name} ({count})"
        for name, count in zip(figures.classes, figures.confusion.sum(axis=1), strict=True)
    ]
    axes.set_yticks(range(len(names)), names)
    axes.set_xticks(range(len(names)), figures.classes, rotation=35, ha="right")
    axes.tick_params(length=0)
    axes.set_ylabel("what it is (how many)")
    axes.set_xlabel("what the model says")


def _draw_reliability(axes: Axes, figures: Figures) -> None:
    counts, confidences, accuracies = figures.reliability.T
    axes.plot([0, 1], [0, 1], color=_LINE, zorder=1)
    axes.plot(confidences, accuracies, color=_ACCENT, zorder=2)
    sizes = 8 + 160 * counts / counts.max()
    axes.scatter(confidences, accuracies, s=sizes, color=_ACCENT, zorder=3)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.set_aspect("equal")
    axes.grid(visible=True, color=_LINE, linewidth=0.5)
    axes.set_xlabel("how sure the model is")
    axes.set_ylabel("how often it is right then")
    axes.set_title(
        f"expected calibration error {figures.expected_calibration_error:.3f}",
        fontsize=9,
        color=_QUIET,
    )
