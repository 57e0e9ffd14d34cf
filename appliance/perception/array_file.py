"""Models kept as named plain arrays in a `.npz` file: no pickle, so loading one runs no code."""

import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from appliance.domain.errors import ModelError

ADVICE = "Restore it: models_tflite/manifest.toml says where it comes from."

Arrays = Mapping[str, npt.NDArray[Any]]


def read_arrays(
    path: Path, fields: Mapping[str, str], check: Callable[[Arrays], None], what: str
) -> Arrays:
    """Read a model's arrays.

    Args:
        path: the `.npz` file.
        fields: names of the arrays, and the kind of their elements as in `numpy.dtype.kind`.
        check: raises anything where the arrays do not fit together.
        what: the model in words, such as "a voice forest".

    Raises:
        ModelError: the file is missing or damaged, or is another model.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = error.strerror or "unreadable"
        message = f"The model {path.name} cannot be read from {path.parent}: {reason}."
        raise ModelError(message, ADVICE) from error
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            arrays = {name: file[name] for name in fields}
        for name, kind in fields.items():
            _require_kind(name, arrays[name], kind)
        check(arrays)
    except Exception as error:  # numpy and zipfile raise whatever a broken file makes them
        raise ModelError(f"The model {path.name} is damaged or not {what}.", ADVICE) from error
    return arrays


def _require_kind(name: str, array: npt.NDArray[Any], kind: str) -> None:
    if array.dtype.kind != kind:
        raise ValueError(name)
