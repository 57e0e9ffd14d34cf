"""Train the text model: `python -m models_tflite.training.summary --data FILE --out FOLDER`.

Prints how well it tells whether a summary belongs to an interview, on programs that it has not
seen, then trains on all and writes the file. See the README beside this.
"""

import argparse
import io
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from zlib import crc32

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from appliance.coaching.language import load_language
from appliance.coaching.vocabulary import Vocabulary
from appliance.domain.errors import DataError
from appliance.domain.whole_file import write_whole
from appliance.operations.evaluation.figures import judge
from models_tflite.training.recipe import run
from models_tflite.training.summary.features import NAMES, SummaryFeatures
from models_tflite.training.summary.mediasum import Interview, read_interviews

MODEL_FILE = "summary_quality.npz"

CLASSES = ("of another interview", "of this interview")

FOLDS = 5

_Floats = npt.NDArray[np.float64]
_Ints = npt.NDArray[np.int64]


def main(arguments: list[str] | None = None) -> int:
    """Run the recipe; return the exit code."""
    options = _parser().parse_args(arguments)
    return run(_train(options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m models_tflite.training.summary")
    parser.add_argument("--data", type=Path, required=True, help="MediaSum's news_dialogue.json")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    parser.add_argument("--most", type=int, default=20_000, help="interviews to read at most")
    return parser


def _train(options: argparse.Namespace) -> Iterator[str]:
    interviews = []
    for interview in read_interviews(options.data):
        interviews.append(interview)
        if len(interviews) == options.most:
            break
    folds = _folds(interviews)
    features, truth, groups = _pairs(interviews, folds)
    programs = len({interview.program for interview in interviews})
    yield f"{len(interviews)} interviews of {programs} programs, {len(truth)} pairs"
    said = np.zeros((len(truth), 2))
    for fold in range(FOLDS):
        held = groups == fold
        if held.any():
            said[held] = _fit(features[~held], truth[~held]).predict_proba(features[held])
    figures = judge(said, truth, CLASSES)
    if figures is not None:
        low, high = figures.accuracy_interval
        yield (
            f"{FOLDS} folds by program: accuracy {figures.accuracy:.3f} "
            f"(95% interval {low:.3f} to {high:.3f}), n = {figures.count}; guessing: 0.500"
        )
    model = _fit(features, truth)
    for name, weight in zip(NAMES, model.coef_[0], strict=True):
        yield f"  {name:<17} {weight:+.2f}"
    content = io.BytesIO()
    np.savez_compressed(
        content, names=np.array(NAMES), weights=model.coef_[0], intercept=model.intercept_
    )
    options.out.mkdir(parents=True, exist_ok=True)
    write_whole({options.out / MODEL_FILE: content.getvalue()})
    yield f"written: {options.out / MODEL_FILE}"


def _folds(interviews: Sequence[Interview]) -> _Ints:
    """The fold of each interview, by its program: nobody's program is in both parts.

    Raises:
        DataError: there are too few interviews or programs to hold any back.
    """
    folds = np.array([crc32(one.program.encode()) % FOLDS for one in interviews], np.int64)
    if len(set(folds.tolist())) < 2:
        raise DataError(
            "The interviews are of too few programs to hold some back.", "Use more of MediaSum."
        )
    return folds


def _pairs(interviews: Sequence[Interview], folds: _Ints) -> tuple[_Floats, _Ints, _Ints]:
    """Each interview with its own summary, and with that of the next in the same fold.

    Raises:
        DataError: a fold has one interview alone, which has no other's summary.
    """
    describe = SummaryFeatures(load_language("en"), Vocabulary("en")).of
    rows, truth, groups = [], [], []
    for fold in sorted(set(folds.tolist())):
        here = [one for one, number in zip(interviews, folds, strict=True) if number == fold]
        if len(here) < 2:
            raise DataError("A fold holds one interview alone.", "Use more of MediaSum.")
        for place, one in enumerate(here):
            other = here[(place + 1) % len(here)]
            rows += [describe(one.summary, one.utterances), describe(other.summary, one.utterances)]
            truth += [1, 0]
            groups += [fold, fold]
    return np.array(rows), np.array(truth, np.int64), np.array(groups, np.int64)


def _fit(features: _Floats, truth: _Ints) -> LogisticRegression:
    return LogisticRegression(max_iter=1_000).fit(features, truth)


if __name__ == "__main__":
    sys.exit(main())
