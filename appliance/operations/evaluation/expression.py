"""How often the expression model sees in a face what people see."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from appliance.domain.errors import DataError
from appliance.operations.evaluation.figures import Figures, Indices, Probabilities, judge
from appliance.operations.evaluation.labelled_faces import LabelledFaces
from appliance.operations.evaluation.progress import Progress, with_progress
from appliance.operations.evaluation.table import summary, table
from appliance.perception.expression import EXPRESSIONS, FER2013_LABELS, ExpressionModel

_FLATTERS = "These faces are the training part, which the model has seen: its figures flatter."


@dataclass(frozen=True, slots=True)
class HeadResult:
    """How one of the model's two outputs did.

    Attributes:
        name: of the labels it is judged by: "ferplus" or "fer2013".
        title: the same for a person.
        figures: on all faces.
        without_copies: on those whose image is not in the set's training part, too; None where
            there is none to leave out, or none left.
    """

    name: str
    title: str
    figures: Figures
    without_copies: Figures | None

    def to_json_value(self) -> dict[str, Any]:
        """Plain values."""
        apart = self.without_copies.to_json_value() if self.without_copies else None
        return {"labels": self.name, **self.figures.to_json_value(), "without_copies": apart}


@dataclass(frozen=True, slots=True)
class ExpressionResult:
    """How the expression model did.

    Attributes:
        heads: for each kind of label that the set has; the first is the one that counts.
        faces: in the set, also those without a clear label.
        copies: faces whose image is also in the set's training part.
        source: where the faces come from.
        not_found: pictures in which no face was found.
        flattering: whether the model was trained on these faces.
    """

    heads: tuple[HeadResult, ...]
    faces: int
    copies: int
    source: str
    not_found: int
    flattering: bool

    def to_json_value(self) -> dict[str, Any]:
        """What `--json` prints: the first head's figures, the others under "heads"."""
        first, *others = self.heads
        return {
            "task": "expression",
            "source": self.source,
            **first.to_json_value(),
            "heads": {head.name: head.to_json_value() for head in others},
            "faces": self.faces,
            "copies": self.copies,
            "faces_not_found": self.not_found,
            "flattering": self.flattering,
        }

    def named_figures(self) -> dict[str, Figures]:
        """What can be drawn."""
        return {f"expression {head.name}": head.figures for head in self.heads}

    def to_text(self) -> str:
        """For a person."""
        lines = [f"Expressions: {self.faces} faces, {self.source}"]
        if self.flattering:
            lines.append(_FLATTERS)
        if self.not_found:
            lines.append(f"In {self.not_found} more pictures no face was found; they do not count.")
        for head in self.heads:
            lines += ["", f"{head.title}: {head.figures.count} faces", f"  {summary(head.figures)}"]
            if head.without_copies:
                apart = head.without_copies
                lines.append(f"  without copies of training images, {apart.count} faces:")
                lines.append(f"  {summary(apart)}")
            lines += ["", table(head.figures)]
        return "\n".join(lines)


def evaluate_expression(
    faces: LabelledFaces, model: ExpressionModel, progress: Progress
) -> ExpressionResult:
    """Ask the model about each face.

    Raises:
        DataError: no face has a clear label.
    """
    images = with_progress(list(faces.images), "Asking the model", progress)
    answers = [model.of(face) for face in images]
    said, said_fer2013 = (np.stack(part) for part in zip(*answers, strict=True))
    judged = (
        _head("ferplus", "The eight expressions of FER+", said, faces.expressions, faces.copies),
        _head("fer2013", "FER2013's seven labels", said_fer2013, faces.fer2013, faces.copies),
    )
    heads = tuple(head for head in judged if head is not None)
    if not heads:
        raise DataError(f"No face of the {faces.source} has a label that people agree on.")
    return ExpressionResult(
        heads=heads,
        faces=len(faces.images),
        copies=0 if faces.copies is None else int(faces.copies.sum()),
        source=faces.source,
        not_found=faces.not_found,
        flattering=faces.is_training,
    )


def _head(
    name: str,
    title: str,
    said: Probabilities,
    truth: Indices | None,
    copies: npt.NDArray[np.bool_] | None,
) -> HeadResult | None:
    classes = EXPRESSIONS if name == "ferplus" else FER2013_LABELS
    figures = None if truth is None else judge(said, truth, classes)
    if figures is None or truth is None:
        return None
    apart = None
    if copies is not None and copies.any():
        apart = judge(said[~copies], truth[~copies], classes)
    return HeadResult(name, title, figures, apart)
