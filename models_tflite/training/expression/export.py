"""From a trained network to TFLite files: float for comparison, int8 for the device."""

import tempfile
from pathlib import Path

import litert_torch
import numpy as np
import numpy.typing as npt
import torch
from ai_edge_quantizer import quantizer, recipe
from torch import Tensor, nn

from appliance.domain.errors import ModelError
from appliance.perception.expression import SIZE
from appliance.perception.lighting import INPUT_STEPS, evenly_lit
from models_tflite.training.expression.faces import Images
from models_tflite.training.expression.network import ExpressionNet, enlarge

_SIGNATURE = "serving_default"
_INPUT = "args_0"
# The tensor behind it, whose range is set by hand.
_INPUT_TENSOR = f"{_SIGNATURE}_{_INPUT}"


class _Enlarging(nn.Module):
    """A network that takes faces as the device gives them."""

    def __init__(self, network: ExpressionNet) -> None:
        super().__init__()
        self.network = network

    def forward(self, faces: Tensor) -> tuple[Tensor, Tensor]:
        """Map normalised faces (n, 1, 48, 48) to logits (n, 8) and (n, 7)."""
        first, second = self.network(enlarge(faces))
        return first, second


def float_model(network: ExpressionNet, temperatures: tuple[float, float]) -> bytes:
    """Return the network as a TFLite file in 32-bit floats.

    It maps a normalised face (1, 48, 48, 1) to logits of `EXPRESSIONS` (1, 8) and of
    `FER2013_LABELS` (1, 7). The temperatures are inside: nobody can forget to apply them.
    """
    # A copy with its weights in the usual order: the converter misreads those of channels last.
    plain = ExpressionNet()
    plain.load_state_dict(network.state_dict())
    with torch.no_grad():
        for head, temperature in zip((plain.expressions, plain.fer2013), temperatures, strict=True):
            head.weight /= temperature
            head.bias /= temperature
    model = _Enlarging(plain).eval()
    channels_last = litert_torch.to_channel_last_io(model, args=[0]).eval()
    converted = litert_torch.convert(channels_last, (torch.zeros(1, SIZE, SIZE, 1),))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "float.tflite"
        converted.export(str(path))
        return path.read_bytes()


def int8_model(content: bytes, representative: Images) -> bytes:
    """Return the float model of `float_model` with all its operators in int8, input and output too.

    Weights are scaled by channel, activations by the range that the representative faces show.

    Args:
        content: the float TFLite file.
        representative: (n, 48, 48) faces; some hundreds.

    Raises:
        ModelError: the converter left something in floats, or scaled the input otherwise than
            the device does.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "float.tflite"
        path.write_bytes(content)
        quantising = quantizer.Quantizer(str(path))
        quantising.load_quantization_recipe(recipe.static_wi8_ai8())
        samples = [{_INPUT: face[np.newaxis]} for face in evenly_lit(representative)]
        ranges = quantising.calibrate({_SIGNATURE: samples}, num_threads=1)
        ranges[_INPUT_TENSOR].update(_input_range())
        result = quantising.quantize(ranges, enable_progress_report=False)
    quantised = bytes(result.quantized_model)
    _require_int8(quantised)
    return quantised


def _input_range() -> dict[str, npt.NDArray[np.float32]]:
    """The range that makes int8 inputs steps of 1/32 around zero."""
    shape = (1, 1, 1, 1)
    return {
        "min": np.full(shape, -128 / INPUT_STEPS, dtype=np.float32),
        "max": np.full(shape, 127 / INPUT_STEPS, dtype=np.float32),
    }


def _require_int8(content: bytes) -> None:
    # Imported here, since the device's own loader hides what is asked for.
    from ai_edge_litert.interpreter import Interpreter  # noqa: PLC0415

    interpreter = Interpreter(model_content=content)
    interpreter.allocate_tensors()
    kinds = {np.dtype(tensor["dtype"]).name for tensor in interpreter.get_tensor_details()}
    if not kinds <= {"int8", "int32"}:
        raise ModelError(f"The int8 model still has tensors of {', '.join(sorted(kinds))}.")
    scale, zero = interpreter.get_input_details()[0]["quantization"]
    if not np.isclose(scale, 1 / INPUT_STEPS) or zero != 0:
        raise ModelError(f"The int8 input has scale {scale} and zero {zero}.")
