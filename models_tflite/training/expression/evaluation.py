"""How the shipped file does, through the interpreter that the device runs it in."""

import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from appliance.perception.expression import EXPRESSIONS, FER2013_LABELS, SIZE
from appliance.perception.lighting import as_int8, evenly_lit
from appliance.perception.tflite import TfliteModel
from models_tflite.training.expression.calibration import expected_calibration_error
from models_tflite.training.expression.faces import Faces, Floats, Images

_NORMAL_95 = 1.96
_TIMED_TURNS = 10
_TIMED_RUNS = 20

HEADS = (("FER+ majority", EXPRESSIONS), ("FER2013 label", FER2013_LABELS))


@dataclass(frozen=True)
class Judgement:
    """How one head does on one set.

    Attributes:
        count: faces that have a truth.
        accuracy: share of them that is recognised.
        interval: 95% interval of the accuracy.
        recalls: (classes,) share of each class that is recognised; nan where it has no face.
        confusion: (classes, classes) faces, by truth and by what was said.
        calibration_error: expected calibration error.
    """

    count: int
    accuracy: float
    interval: tuple[float, float]
    recalls: Floats
    confusion: npt.NDArray[np.int64]
    calibration_error: float


def probabilities(model: TfliteModel, images: Images) -> tuple[Floats, Floats]:
    """Return what the float or the int8 model says of faces: (n, 8) and (n, 7)."""
    model.require((1, SIZE, SIZE, 1), [(1, len(EXPRESSIONS)), (1, len(FER2013_LABELS))])
    quantised = model.input_dtype == np.int8
    faces = as_int8(images) if quantised else evenly_lit(images)
    outputs = [model.run(face[np.newaxis]) for face in faces]
    first, second = (np.concatenate(part) for part in zip(*outputs, strict=True))
    return (_share(first), _share(second)) if quantised else (first, second)


def _share(output: npt.NDArray[np.int8]) -> Floats:
    """TFLite's int8 softmax is always in steps of 1/256 from -128."""
    steps = output.astype(np.float32) + np.float32(128)
    shares: Floats = (steps / 256).astype(np.float32)
    return shares


def judge(said: Floats, shares: Floats) -> Judgement | None:
    """Compare probabilities (n, classes) with the truth; None where no face has one.

    Args:
        said: (n, classes) probabilities.
        shares: (n, classes), 1 for the truth; rows of zeros have none.
    """
    rated = shares.max(axis=1) > 0
    truth = shares[rated].argmax(axis=1)
    if not len(truth):
        return None
    answer = said[rated].argmax(axis=1)
    classes = said.shape[1]
    confusion = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(confusion, (truth, answer), 1)
    totals = confusion.sum(axis=1)
    recalls = np.where(totals > 0, confusion.diagonal() / np.maximum(totals, 1), np.nan)
    accuracy = float(np.mean(answer == truth))
    return Judgement(
        count=len(truth),
        accuracy=accuracy,
        interval=wilson(accuracy, len(truth)),
        recalls=recalls.astype(np.float32),
        confusion=confusion,
        calibration_error=expected_calibration_error(said[rated], truth),
    )


def wilson(share: float, count: int) -> tuple[float, float]:
    """Return the 95% interval of a share (Wilson 1927)."""
    square = _NORMAL_95**2 / count
    middle = (share + square / 2) / (1 + square)
    reach = _NORMAL_95 * np.sqrt(share * (1 - share) / count + square / (4 * count)) / (1 + square)
    return float(middle - reach), float(middle + reach)


def lines(
    model: TfliteModel, faces: Faces, copies: npt.NDArray[np.bool_], name: str
) -> Iterator[str]:
    """Yield what to print about a model: both heads, with and without copies.

    Args:
        model: float or int8.
        faces: to judge it by.
        copies: (n,) faces whose image the data set's training part also has.
        name: what to call the model.
    """
    said = probabilities(model, faces.images)
    sets = (("all", np.ones_like(copies)), ("without copies", ~copies))
    for (head, classes), shares, truth in zip(
        HEADS, said, (faces.expressions, faces.fer2013), strict=True
    ):
        for subset, chosen in sets:
            judgement = judge(shares[chosen], truth[chosen])
            if judgement is not None:
                yield f"{name}, {head}, {subset}: {_summary(judgement)}"
        whole = judge(shares, truth)
        if whole is not None:
            recalls = zip(classes, whole.recalls, strict=True)
            yield "  recall: " + ", ".join(f"{label} {recall:.1%}" for label, recall in recalls)


def _summary(judgement: Judgement) -> str:
    low, high = judgement.interval
    return (
        f"n {judgement.count}, accuracy {judgement.accuracy:.2%} "
        f"(95% interval {low:.1%} to {high:.1%}), "
        f"unweighted average recall {np.nanmean(judgement.recalls):.1%}, "
        f"expected calibration error {judgement.calibration_error:.3f}"
    )


def median_milliseconds(paths: tuple[Path, ...], image: Images) -> tuple[float, ...]:
    """Time models on one thread, some runs of each in turns, so that other load meets them alike.

    Args:
        paths: the model files.
        image: (1, 48, 48).
    """
    models = [TfliteModel(path) for path in paths]
    inputs = [
        as_int8(image) if model.input_dtype == np.int8 else evenly_lit(image) for model in models
    ]
    taken: list[list[float]] = [[] for _ in models]
    for _ in range(_TIMED_TURNS):
        for model, array, times in zip(models, inputs, taken, strict=True):
            for _ in range(_TIMED_RUNS):
                start = time.perf_counter()
                model.run(array)
                times.append((time.perf_counter() - start) * 1000)
    return tuple(statistics.median(times) for times in taken)
