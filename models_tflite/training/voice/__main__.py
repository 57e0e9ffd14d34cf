"""Train the voice forest: `python -m models_tflite.training.voice --data FOLDER`.

Prints how forests do on actors they have never heard, then trains on all actors and writes the
file. See the README beside this.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np
from scipy import stats

from appliance.domain.errors import BoothError
from appliance.domain.whole_file import write_whole
from appliance.operations.evaluation.ravdess import find_clips, speaker
from appliance.perception.voice_features import feature_names
from models_tflite.training.voice.forest import (
    FOLDS,
    Judgement,
    actor_folds,
    best_temperature,
    grow,
    judge,
    random_folds,
    to_npz,
)
from models_tflite.training.voice.ravdess import load_voices

_WHY_RANDOM_FLATTERS = (
    "This flatters: every actor is in both parts, so the forest also recognises who speaks."
)


def main(arguments: list[str] | None = None) -> int:
    """Run the recipe; return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        sys.stdout.writelines(f"{line}\n" for line in _train(options))
    except BoothError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m models_tflite.training.voice")
    parser.add_argument("--data", type=Path, required=True, help="folder with RAVDESS speech clips")
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("models_tflite/voice_forest.npz"),
        help="the file to write",
    )
    parser.add_argument(
        "--cache",
        type=Path,
        default=Path(tempfile.gettempdir()) / "voice-features",
        help="folder that keeps the clips' features between runs",
    )
    parser.add_argument("--trees", type=int, default=300)
    parser.add_argument("--jobs", type=int, default=2, help="processes and threads to use")
    return parser


def _train(options: argparse.Namespace) -> list[str]:
    voices = load_voices(find_clips(options.data), options.cache, options.jobs)
    everything = np.ones(len(voices.labels), dtype=np.bool_)
    by_actor = judge(voices, actor_folds(voices.actors), options.trees, options.jobs)
    at_random = judge(voices, random_folds(voices.labels), options.trees, options.jobs)
    temperature = best_temperature(by_actor.probabilities, voices.labels)
    forest = grow(voices, everything, options.trees, options.jobs)
    actors = np.unique(voices.actors).tolist()
    content = to_npz(forest, feature_names(), temperature, [speaker(actor) for actor in actors])
    write_whole({options.out: content})
    options.out.chmod(0o644)  # unlike what the booth writes about people, a model is for everyone
    clips, features = voices.features.shape
    random = f"recall {at_random.recalls.mean():.3f}, accuracy {at_random.accuracies.mean():.3f}"
    return [
        f"{clips} clips, {len(actors)} actors, {features} features, {options.trees} trees",
        f"{FOLDS} folds by actor, none of whom is in both parts:",
        *_lines(by_actor),
        f"{FOLDS} folds at random: unweighted average {random}. {_WHY_RANDOM_FLATTERS}",
        f"temperature {temperature:.2f}, from the clips that were held back",
        f"{options.out}: {len(content)} bytes",
    ]


def _lines(judgement: Judgement) -> list[str]:
    lines = [
        f"  fold {index}: unweighted average recall {recall:.3f}, accuracy {accuracy:.3f}"
        for index, (recall, accuracy) in enumerate(
            zip(judgement.recalls, judgement.accuracies, strict=True), start=1
        )
    ]
    figures = (
        ("unweighted average recall", judgement.recalls),
        ("accuracy", judgement.accuracies),
    )
    for name, values in figures:
        # Student's t over the folds; five are few, so the interval is wide.
        reach = stats.t.ppf(0.975, len(values) - 1) * stats.sem(values)
        mean = values.mean()
        lines.append(
            f"  mean {name} {mean:.3f}, 95% interval {mean - reach:.3f} to {mean + reach:.3f}"
        )
    return lines


if __name__ == "__main__":
    sys.exit(main())
