"""Faces as a table of action units: what a video showed, where the video itself is not here.

OpenFace (Baltrusaitis et al., FG 2018) gives 17 intensities and 18 presences of Ekman and Friesen's
action units; a row holds their means over a clip.
"""

import csv
from pathlib import Path

import numpy as np
import numpy.typing as npt

from appliance.domain.errors import DataError

FILE = "action_units.csv"

_CLIP = "clip"


def load_action_units(path: Path, clips: list[str]) -> npt.NDArray[np.float64]:
    """Read the action units of clips.

    Args:
        path: a table with a column "clip" and one for each unit.
        clips: names without their ending.

    Returns:
        (n, units) square roots, since a little of a unit is rarer than none, and much rarer still.

    Raises:
        DataError: the file is missing or no such table, or a clip is not in it.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = {row[_CLIP]: row for row in csv.DictReader(file)}
    except OSError as error:
        raise DataError(f"The faces '{path}' cannot be read: {error.strerror}.") from error
    except KeyError as error:
        raise DataError(f"'{path}' has no column '{_CLIP}'.") from error
    missing = [name for name in clips if name not in rows]
    if missing:
        raise DataError(f"'{path}' has no row for {missing[0]}, nor for {len(missing) - 1} more.")
    try:
        table = [[float(row[unit]) for unit in row if unit != _CLIP] for row in _in(rows, clips)]
    except (TypeError, ValueError) as error:
        raise DataError(f"'{path}' holds something that is no number: {error}.") from error
    return np.sqrt(np.maximum(np.array(table, dtype=np.float64), 0.0))


def _in(rows: dict[str, dict[str, str]], clips: list[str]) -> list[dict[str, str]]:
    return [rows[name] for name in clips]
