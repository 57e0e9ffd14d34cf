"""Train the voice models: `python -m models_tflite.training.voice --data FOLDER`.

Prints how they do on actors they have never heard, then trains on all actors and writes the files.
See the README beside this.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import stats

from appliance.operations.evaluation.figures import Figures, judge
from appliance.operations.evaluation.ravdess import CLASSES, FOLDS, actor_folds, find_clips
from models_tflite.training.recipe import run
from models_tflite.training.voice.folds import (
    OWN_WINDOWS,
    Answers,
    Temperatures,
    Trained,
    answers,
    forest_temperature,
)
from models_tflite.training.voice.forest import random_folds
from models_tflite.training.voice.ravdess import LabelledVoices, load_voices

_WHY_RANDOM_FLATTERS = (
    "This flatters: every actor is in both parts, so the models also recognise who speaks."
)

_Flags = npt.NDArray[np.bool_]


def main(arguments: list[str] | None = None) -> int:
    """Run the recipe; return the exit code."""
    options = _parser().parse_args(arguments)
    return run(_train(options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m models_tflite.training.voice")
    parser.add_argument("--data", type=Path, required=True, help="folder with RAVDESS speech clips")
    parser.add_argument(
        "--models", type=Path, default=Path("models_tflite"), help="folder of the booth's models"
    )
    parser.add_argument("--out", type=Path, help="folder to write to, if it is another")
    parser.add_argument(
        "--work",
        type=Path,
        default=Path(tempfile.gettempdir()) / "voice-training",
        help="folder that keeps descriptions between runs, and the folds' models",
    )
    parser.add_argument("--trees", type=int, default=300)
    parser.add_argument("--jobs", type=int, default=2, help="processes and threads to use")
    return parser


def _train(options: argparse.Namespace) -> Iterator[str]:
    voices = load_voices(find_clips(options.data), options.models, options.work, options.jobs)
    folds = actor_folds(voices.actors)
    actors = len(np.unique(voices.actors))
    yield f"{len(voices.labels)} clips, {actors} actors, {options.trees} trees"
    said, temperatures = _judge(voices, folds, options, "fold")
    yield f"{FOLDS} folds by actor, none of whom is in both parts:"
    yield from _lines(voices, folds, said)
    at_random = random_folds(voices.labels)
    flattered, _ = _judge(voices, at_random, options, "random")
    recalls = _recalls(voices, at_random, flattered.shipped)
    yield (
        f"{FOLDS} folds at random: unweighted average recall {np.mean(recalls):.3f}. "
        f"{_WHY_RANDOM_FLATTERS}"
    )
    everything = np.ones(len(voices.labels), dtype=np.bool_)
    final = Trained(voices, everything, options.trees, options.jobs)
    for path, content in final.write(options.out or options.models, temperatures).items():
        yield f"{path}: {len(content)} bytes"
    yield f"the folds' models: {options.work}/fold1 to {FOLDS}"


def _judge(
    voices: LabelledVoices, folds: list[_Flags], options: argparse.Namespace, name: str
) -> tuple[Answers, Temperatures]:
    """Train on all but one fold at a time, write the files, and ask them about that fold."""
    trained = [Trained(voices, ~held_back, options.trees, options.jobs) for held_back in folds]
    folders = [options.work / f"{name}{index}" for index in range(1, FOLDS + 1)]
    forest = forest_temperature(voices, folds, trained)
    temperatures = Temperatures(forest)
    # Twice: the temperatures of both votes together come from what the files say without them.
    for _ in range(2):
        for models, folder in zip(trained, folders, strict=True):
            models.write(folder, temperatures)
        said = answers(voices, folds, folders)
        if temperatures.votes == (1.0, 1.0):
            temperatures = said.calibrated(voices.labels, forest)
    return said, temperatures


def _lines(voices: LabelledVoices, folds: list[_Flags], said: Answers) -> Iterator[str]:
    yield from _figures("forest alone", voices, folds, said.forest)
    yield from _figures("what ships", voices, folds, said.shipped)
    for draw, own in enumerate(said.own, start=1):
        name = f"what ships, against {OWN_WINDOWS} unlabelled clips of the actor's own, draw {draw}"
        yield from _figures(name, voices, folds, own)
    own_recalls = [np.mean(_recalls(voices, folds, own)) for own in said.own]
    yield f"    mean of the draws: unweighted average recall {np.mean(own_recalls):.3f}"
    for snr_db, noisy in said.noisy.items():
        yield from _figures(f"what ships, noise at {snr_db} dB", voices, folds, noisy)


def _figures(
    name: str,
    voices: LabelledVoices,
    folds: list[_Flags],
    probabilities: npt.NDArray[np.float64],
) -> Iterator[str]:
    figures = judge(probabilities, voices.labels, CLASSES)
    if figures is None:
        return
    recalls = _recalls(voices, folds, probabilities)
    # Student's t over the folds; five are few, so the interval is wide.
    reach = stats.t.ppf(0.975, len(recalls) - 1) * stats.sem(recalls)
    mean = np.mean(recalls)
    yield (
        f"  {name}: unweighted average recall {mean:.3f} "
        f"(95% interval {mean - reach:.3f} to {mean + reach:.3f}; folds "
        f"{', '.join(f'{recall:.3f}' for recall in recalls)})"
    )
    yield f"    {_summary(figures)}"


def _summary(figures: Figures) -> str:
    low, high = figures.accuracy_interval
    recalls = ", ".join(
        f"{name} {recall:.2f}"
        for name, recall in zip(figures.classes, figures.recalls, strict=True)
        if recall is not None
    )
    return (
        f"n {figures.count}, accuracy {figures.accuracy:.3f} ({low:.3f} to {high:.3f}), "
        f"expected calibration error {figures.expected_calibration_error:.3f}; recall: {recalls}"
    )


def _recalls(
    voices: LabelledVoices, folds: list[_Flags], probabilities: npt.NDArray[np.float64]
) -> list[float]:
    judged = [judge(probabilities[fold], voices.labels[fold], CLASSES) for fold in folds]
    return [figures.unweighted_average_recall for figures in judged if figures is not None]


if __name__ == "__main__":
    sys.exit(main())
