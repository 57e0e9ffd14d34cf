"""The one place that knows which TFLite runtime the machine has."""

import contextlib
import importlib
import os
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from appliance.domain.errors import ModelError

# `ai-edge-litert` is the successor of `tflite-runtime`, with the same calls and a faster int8 path.
_RUNTIMES = ("ai_edge_litert.interpreter", "tflite_runtime.interpreter")

_ADVICE = "Restore it: models_tflite/manifest.toml says where it comes from."

# File descriptor 2 belongs to the whole process: only one thread may exchange it at a time.
_STDERR_LOCK = threading.Lock()

Array = npt.NDArray[Any]


class TfliteModel:
    """A TFLite model with one input, ready to run. Use it from one thread at a time.

    Attributes:
        input_shape: shape that `run` expects, batch first.
        input_dtype: element type that `run` expects.
        output_shapes: shapes of what `run` returns, in its order.
        output_dtypes: their element types.
        output_steps: the size of one step of an output of whole numbers; 0 for floats.
    """

    def __init__(
        self, path: Path, threads: int = 1, input_shape: Sequence[int] | None = None
    ) -> None:
        """Load the model and reserve its memory.

        Args:
            path: the `.tflite` file.
            threads: CPU threads that one run may use, at least 1.
            input_shape: for a model that takes inputs of several shapes, the one to prepare for.

        Raises:
            ModelError: the file is missing or damaged, or no runtime is installed.
        """
        content = _read(path)
        interpreter_class = _interpreter_class()
        self._path = path
        try:
            with _without_runtime_notices():
                self._interpreter = interpreter_class(model_content=content, num_threads=threads)
                if input_shape is not None:
                    index = self._interpreter.get_input_details()[0]["index"]
                    self._interpreter.resize_tensor_input(index, list(input_shape))
                self._interpreter.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            message = f"The model {path.name} is damaged or not a TFLite model."
            raise ModelError(message, _ADVICE) from error
        inputs = self._interpreter.get_input_details()
        outputs = self._interpreter.get_output_details()
        if len(inputs) != 1:
            raise ModelError(f"The model {path.name} has {len(inputs)} inputs instead of one.")
        self._input_index = int(inputs[0]["index"])
        self._output_indices = tuple(int(output["index"]) for output in outputs)
        self.input_shape = _shape(inputs[0])
        self.input_dtype: np.dtype[Any] = np.dtype(inputs[0]["dtype"])
        self.output_shapes = tuple(_shape(output) for output in outputs)
        self.output_dtypes: tuple[np.dtype[Any], ...] = tuple(
            np.dtype(output["dtype"]) for output in outputs
        )
        self.output_steps = tuple(float(output["quantization"][0]) for output in outputs)

    def require(self, input_shape: Sequence[int], output_shapes: Sequence[Sequence[int]]) -> None:
        """Make sure that this is the model which the caller's decoder was written for.

        Raises:
            ModelError: the input or an output has another shape.
        """
        expected = tuple(tuple(shape) for shape in output_shapes)
        if self.input_shape != tuple(input_shape) or self.output_shapes != expected:
            message = (
                f"The model {self._path.name} maps {self.input_shape} to {self.output_shapes}, "
                f"where {tuple(input_shape)} to {expected} is expected."
            )
            raise ModelError(message, _ADVICE)

    def run(self, array: Array) -> tuple[Array, ...]:
        """Compute the outputs of one input.

        Args:
            array: of `input_shape` and `input_dtype`.

        Returns:
            The outputs, in the model's order; they are copies and stay valid after the next run.

        Raises:
            ModelError: the array has another shape or type, or the runtime failed.
        """
        if array.shape != self.input_shape or array.dtype != self.input_dtype:
            message = (
                f"The model {self._path.name} takes {self.input_dtype} {self.input_shape}, "
                f"not {array.dtype} {array.shape}."
            )
            raise ModelError(message)
        try:
            self._interpreter.set_tensor(self._input_index, array)
            self._interpreter.invoke()
            # `get_tensor` copies; `tensor()` would hand out a view that blocks the next run.
            return tuple(self._interpreter.get_tensor(index) for index in self._output_indices)
        except (ValueError, RuntimeError) as error:
            raise ModelError(f"The model {self._path.name} failed while running.") from error


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or "unreadable"
        message = f"The model {path.name} cannot be read from {path.parent}: {reason}."
        raise ModelError(message, _ADVICE) from error


def _interpreter_class() -> Any:
    for name in _RUNTIMES:
        with contextlib.suppress(ImportError):
            return importlib.import_module(name).Interpreter
    raise ModelError(
        "No TFLite runtime can be loaded.",
        "Install ai-edge-litert, or tflite-runtime with numpy<2.",
    )


def _shape(details: dict[str, Any]) -> tuple[int, ...]:
    return tuple(int(size) for size in cast("Array", details["shape"]))


@contextlib.contextmanager
def _without_runtime_notices() -> Iterator[None]:
    """Hold back the "INFO:" lines that the C++ runtime writes straight to file descriptor 2.

    The runtime announces its XNNPACK delegate there, and no option or environment variable silences
    it from Python (https://github.com/tensorflow/tensorflow/issues/58050). Whatever else is written
    meanwhile, by anyone, is passed on.
    """
    with _STDERR_LOCK:
        try:
            stderr = os.dup(2)
        except OSError:  # a service without a stderr has nothing to keep clean
            yield
            return
        # In memory: a full disk must not keep a model from loading.
        with os.fdopen(os.memfd_create("stderr"), "w+b") as held:
            os.dup2(held.fileno(), 2)
            try:
                yield
            finally:
                os.dup2(stderr, 2)
                held.seek(0)
                os.write(stderr, b"".join(line for line in held if not line.startswith(b"INFO: ")))
                os.close(stderr)
