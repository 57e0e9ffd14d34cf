"""Fit the fusion model: `python -m models_tflite.training.fusion --data FOLDER --voices FOLDER`.

Prints what was fitted, then writes the file. See the README beside this; how good the fusion is
tells `booth evaluate fusion`.
"""

import argparse
import io
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from appliance.domain.errors import DataError
from appliance.domain.whole_file import write_whole
from appliance.operations.evaluation.figures import expected_calibration_error
from appliance.operations.evaluation.fusion.material import load_material
from appliance.operations.evaluation.ravdess import speaker
from appliance.perception.fusion.classes import CLASSES
from appliance.perception.fusion.model import MODEL_FILE
from appliance.perception.fusion.rule import calibrated
from appliance.perception.voice import VoiceModel
from models_tflite.training.fusion.fitted import Fitted, Smoothing, fit, fit_smoothing
from models_tflite.training.recipe import run

DEVICE_FACE_TEMPERATURE = 1.0
"""The device's expression model has its own temperature in its file; there are no videos here that
would tell another. The temperatures of faces that are fitted here are those of action units."""


def main(arguments: list[str] | None = None) -> int:
    """Run the recipe; return the exit code."""
    options = _parser().parse_args(arguments)
    return run(_train(options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m models_tflite.training.fusion")
    parser.add_argument(
        "--data", type=Path, required=True, help="folder with RAVDESS speech and action_units.csv"
    )
    parser.add_argument(
        "--voices", type=Path, required=True, help="work folder of the voice recipe, with its folds"
    )
    parser.add_argument(
        "--models", type=Path, default=Path("models_tflite"), help="folder of the booth's models"
    )
    parser.add_argument("--out", type=Path, help="folder to write to, if it is another")
    parser.add_argument(
        "--work",
        type=Path,
        default=Path(tempfile.gettempdir()) / "booth-fusion",
        help="folder that keeps descriptions between runs; 'booth evaluate fusion' uses the same",
    )
    return parser


def _train(options: argparse.Namespace) -> Iterator[str]:
    folders = sorted(options.voices.glob("fold[0-9]*"))
    if not folders:
        message = f"There is no fold of the voice recipe in '{options.voices}'."
        raise DataError(message, "Run the voice recipe first, with this folder as --work.")
    voices = [VoiceModel(options.models, folder) for folder in folders]
    material = load_material(options.data, options.models, options.work, _unwatched)
    yield f"{len(material.labels)} clips, {len(np.unique(material.actors))} actors"
    rows = fit(material, voices)
    for name, row in zip(("without", "with"), rows, strict=True):
        yield from _lines(name, row)
    smoothing = fit_smoothing(rows)
    without, own = smoothing.thresholds
    yield (
        f"a class stays with {smoothing.stay:g}; a window counts by the power {smoothing.pull:g}; "
        f"smoothed, not sure below {without:.2f} without and {own:.2f} with a baseline"
    )
    path = (options.out or options.models) / MODEL_FILE
    speakers = [speaker(int(actor)) for actor in np.unique(material.actors)]
    content = to_npz(speakers, rows, smoothing)
    write_whole({path: content})
    path.chmod(0o644)  # unlike what the booth writes about people, a model is for everyone
    yield f"{path}: {len(content)} bytes"


def _unwatched(doing: str, share: float) -> None:
    """Nobody watches a recipe: it prints what it has done."""


def _lines(name: str, row: Fitted) -> Iterator[str]:
    voice, face = row.rule.temperatures
    before = expected_calibration_error(row.voice, row.labels)
    after = expected_calibration_error(calibrated(row.voice, voice), row.labels)
    yield (
        f"{name} a baseline: temperature of the voice {voice:.2f}, expected calibration error "
        f"{before:.3f} before and {after:.3f} after, on the clips it was fitted on; "
        f"of the action units {face:.2f}"
    )
    heard, seen = row.rule.curves
    yield (
        f"  weight of the voice {heard.most:.2f} at most, level {heard.level:.2f}, slope "
        f"{heard.slope:.2f} a step; of the face {float(seen.weights(np.zeros(1))[0]):.2f}"
    )


def to_npz(speakers: list[str], rows: tuple[Fitted, Fitted], smoothing: Smoothing) -> bytes:
    """The content of the file that `appliance.perception.fusion.model.FusionModel` loads."""
    rules = [row.rule for row in rows]
    weights = [
        (rule.curves[0].most, float(rule.curves[1].weights(np.zeros(1))[0])) for rule in rules
    ]
    arrays: dict[str, Any] = {
        "classes": np.array(CLASSES),
        "speakers": np.array(speakers, dtype=np.str_),
        "temperatures": np.array(
            [(rule.temperatures[0], DEVICE_FACE_TEMPERATURE) for rule in rules], np.float32
        ),
        "weights": np.array(weights, np.float32),
        "reliance": np.array(
            [(rule.curves[0].level, rule.curves[0].slope) for rule in rules], np.float32
        ),
        "thresholds": np.array(smoothing.thresholds, np.float32),
        "stay": np.float32(smoothing.stay),
        "pull": np.float32(smoothing.pull),
    }
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


if __name__ == "__main__":
    sys.exit(main())
