"""Train the expression model: `python -m models_tflite.training.expression --data FILE --work DIR`.

Prints how each epoch does on faces that are set aside, and at the end how the int8 file does on the
validation part. Run it again to go on where it was interrupted. See the README beside this.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from appliance.domain.errors import BoothError, WrongUsageError
from appliance.domain.whole_file import write_whole
from appliance.operations.evaluation.figures import expected_calibration_error
from appliance.perception.tflite import TfliteModel
from models_tflite.training.expression import affectnet, evaluation, fer2013
from models_tflite.training.expression.calibration import best_temperature, softmax
from models_tflite.training.expression.checkpoints import Checkpoints
from models_tflite.training.expression.faces import Faces, Floats, set_aside
from models_tflite.training.expression.inference import agreement, logits
from models_tflite.training.expression.network import ExpressionNet
from models_tflite.training.expression.schedule import Schedule
from models_tflite.training.expression.training import Trainer

MODEL_FILE = "expression_resnet18_int8.tflite"
_FLOAT_FILE = "expression_resnet18_float.tflite"

_SET_ASIDE = 1000
_REPRESENTATIVE = 500


@dataclass(frozen=True)
class _Data:
    """What is trained on, what the temperature is from, and what is judged by."""

    training: Faces
    aside: Faces
    validation: Faces
    copies: npt.NDArray[np.bool_]


def main(arguments: list[str] | None = None) -> int:
    """Run the recipe; return the exit code."""
    options = _parser().parse_args(arguments)
    torch.set_num_threads(options.threads)
    try:
        _run(options)
    except BoothError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m models_tflite.training.expression")
    parser.add_argument("--dataset", choices=("fer2013", "affectnet"), default="fer2013")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--data", type=Path, help="npz of FER2013 with the FER+ votes")
    source.add_argument("--root", type=Path, help="folder of AffectNet")
    parser.add_argument("--work", type=Path, required=True, help="folder for checkpoints")
    parser.add_argument(
        "--out", type=Path, default=Path("models_tflite"), help="folder for the int8 model"
    )
    parser.add_argument("--epochs", type=int, default=90)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument(
        "--as-is", action="store_true", help="export the newest checkpoint, without training on"
    )
    return parser


def _run(options: argparse.Namespace) -> None:
    data = _load(options)
    _say(f"{len(data.training)} faces to train on, {len(data.aside)} set aside")
    if options.as_is:
        network = _newest(options.work)
    else:
        trainer = Trainer(data.training, options.work, Schedule(options.epochs), options.seed)
        network = trainer.run(lambda average, size: agreement(average, data.aside, size))
    _export(network, data, options.work, options.out)


def _export(network: ExpressionNet, data: _Data, work: Path, out: Path) -> None:
    """Write the float model to `work` and the int8 model to `out`; say how they do."""
    # Imported late: training needs torch alone, and the converters take long to start.
    from models_tflite.training.expression.export import (  # noqa: PLC0415
        float_model,
        int8_model,
    )

    temperatures = []
    for head, said, shares in zip(
        ("FER+", "FER2013"),
        logits(network, data.aside.images),
        (data.aside.expressions, data.aside.fer2013),
        strict=True,
    ):
        temperature, line = _calibrate(said, shares)
        temperatures.append(temperature)
        _say(f"{head}, set aside: {line}")
    original = float_model(network, (temperatures[0], temperatures[1]))
    float_path, int8_path = work / _FLOAT_FILE, out / MODEL_FILE
    quantised = int8_model(original, data.training.images[:_REPRESENTATIVE])
    write_whole({float_path: original, int8_path: quantised})
    int8_path.chmod(0o644)  # unlike what the booth writes about people, a model is for everyone
    for line in _report(float_path, int8_path, data):
        _say(line)


def _load(options: argparse.Namespace) -> _Data:
    if options.dataset == "affectnet":
        if options.root is None:
            raise WrongUsageError("AffectNet is a folder.", "Say which with '--root'.")
        everything = affectnet.load(options.root, "training", options.threads)
        validation = affectnet.load(options.root, "validation", options.threads)
        copies = np.zeros(len(validation), dtype=np.bool_)
    else:
        if options.data is None:
            raise WrongUsageError("FER2013 is an npz file.", "Say which with '--data'.")
        everything = fer2013.load_training(options.data)
        validation, copies = fer2013.load_validation(options.data)
    aside_count = min(_SET_ASIDE, len(everything) // 10)
    return _Data(*set_aside(everything, aside_count, options.seed), validation, copies)


def _newest(work: Path) -> ExpressionNet:
    checkpoint = Checkpoints(work).newest()
    if checkpoint is None:
        raise WrongUsageError(f"'{work}' has no checkpoint.", "Train first, without '--as-is'.")
    network = ExpressionNet()
    network.load_state_dict(checkpoint["average"]["network"])
    _say(f"checkpoint after epoch {checkpoint['epoch']} of {checkpoint['epochs']}")
    return network


def _calibrate(said: Floats, shares: Floats) -> tuple[float, str]:
    """Return the temperature for one head, 1 where nobody rated it, and what it mends."""
    rated = shares.max(axis=1) > 0
    if not rated.any():
        return 1.0, "no opinions, so no temperature"
    truth = shares[rated].argmax(axis=1)
    temperature = best_temperature(said[rated], truth)
    before = expected_calibration_error(softmax(said[rated]), truth)
    after = expected_calibration_error(softmax(said[rated], temperature), truth)
    words = f"expected calibration error {before:.3f}, {after:.3f} with temperature"
    return temperature, f"{words} {temperature:.3f}"


def _report(float_path: Path, int8_path: Path, data: _Data) -> Iterator[str]:
    for name, path in (("float", float_path), ("int8", int8_path)):
        model = TfliteModel(path)
        yield from evaluation.lines(model, data.validation, data.copies, name)
    times = evaluation.median_milliseconds((float_path, int8_path), data.validation.images[:1])
    yield (
        f"one face on one thread: float {times[0]:.2f} ms, int8 {times[1]:.2f} ms, "
        f"{times[0] / times[1]:.1f} times faster"
    )
    yield f"{int8_path}: {int8_path.stat().st_size} bytes"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
