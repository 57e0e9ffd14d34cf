"""Print what the int8 expression model says of fixed inputs, to compare machines by.

`python tests/tools/expression_answers.py` prints one line of hexadecimal for each input: the bytes
of both outputs. It needs numpy and the TFLite runtime alone.
"""

import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from appliance.perception.tflite import TfliteModel  # noqa: E402

_INPUTS = 20


def main() -> None:
    """Run the model on smooth patterns and on noise, made of whole numbers alone."""
    model = TfliteModel(ROOT / "models_tflite" / "expression_resnet18_int8.tflite")
    height, width = model.input_shape[1:3]
    row, column = np.indices((height, width))
    for number in range(_INPUTS):
        wave = (row * (number + 1) + column * (3 * number + 2)) % 160 - 80
        noise = (row * 7919 + column * 104729 + number * 1299709) % 251 - 125
        values = wave if number % 2 else (wave + noise) // 2
        array = np.clip(values, -128, 127).astype(np.int8).reshape(model.input_shape)
        print("".join(output.tobytes().hex() for output in model.run(array)))


if __name__ == "__main__":
    main()
