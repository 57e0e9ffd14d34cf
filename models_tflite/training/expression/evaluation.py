"""How the shipped file does, through the interpreter that the device runs it in."""

import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from appliance.operations.evaluation.figures import NO_TRUTH, Indices, judge
from appliance.operations.evaluation.table import summary, table
from appliance.perception.expression import EXPRESSIONS, FER2013_LABELS, SIZE, softmax
from appliance.perception.lighting import as_int8, evenly_lit
from appliance.perception.tflite import TfliteModel
from models_tflite.training.expression.faces import Faces, Floats, Images

_TIMED_TURNS = 10
_TIMED_RUNS = 20

HEADS = (("FER+ majority", EXPRESSIONS), ("FER2013 label", FER2013_LABELS))


def probabilities(model: TfliteModel, images: Images) -> tuple[Floats, Floats]:
    """Return what the float or the int8 model says of faces: (n, 8) and (n, 7)."""
    model.require((1, SIZE, SIZE, 1), [(1, len(EXPRESSIONS)), (1, len(FER2013_LABELS))])
    quantised = model.input_dtype == np.int8
    faces = as_int8(images) if quantised else evenly_lit(images)
    outputs = [model.run(face[np.newaxis]) for face in faces]
    first, second = (np.concatenate(part) for part in zip(*outputs, strict=True))
    if quantised:
        first, second = (
            output * np.float32(step)
            for output, step in zip((first, second), model.output_steps, strict=True)
        )
    return softmax(first), softmax(second)


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
            figures = judge(shares[chosen], classes_of(truth[chosen]), classes)
            if figures is not None:
                yield f"{name}, {head}, {subset}: n {figures.count}, {summary(figures)}"
        whole = judge(shares, classes_of(truth), classes)
        if whole is not None:
            yield table(whole)


def classes_of(shares: Floats) -> Indices:
    """The class with most of the opinions (n, classes) on each face; `NO_TRUTH` where all are 0."""
    return np.where(shares.max(axis=1) > 0, shares.argmax(axis=1), NO_TRUTH)


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
