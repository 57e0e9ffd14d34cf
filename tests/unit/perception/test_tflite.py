"""The TFLite runtime, and what can be wrong with a model file or a machine."""

import importlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from appliance.domain.errors import ModelError
from appliance.perception.tflite import TfliteModel, _without_runtime_notices

LOAD = """
import sys
from pathlib import Path
from appliance.perception.tflite import TfliteModel
TfliteModel(Path(sys.argv[1]))
print("loaded")
"""


@pytest.fixture
def detector_file(models_dir: Path) -> Path:
    return models_dir / "face_detection_back.tflite"


def test_a_model_says_what_it_takes_and_gives(detector_file: Path) -> None:
    model = TfliteModel(detector_file)
    assert model.input_shape == (1, 256, 256, 3)
    assert model.input_dtype == np.float32
    scores = model.run(np.zeros(model.input_shape, np.float32))[1]
    assert model.output_shapes == ((1, 896, 16), (1, 896, 1))
    assert scores.shape == (1, 896, 1)


def test_results_stay_what_they_are_after_the_next_run(detector_file: Path) -> None:
    model = TfliteModel(detector_file)
    first = model.run(np.zeros(model.input_shape, np.float32))
    kept = [array.copy() for array in first]
    second = model.run(np.ones(model.input_shape, np.float32))
    assert not np.array_equal(first[0], second[0])
    for array, copy in zip(first, kept, strict=True):
        np.testing.assert_array_equal(array, copy)


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"face\.tflite cannot be read .*No such file") as caught:
        TfliteModel(tmp_path / "face.tflite")
    assert "\n" not in str(caught.value)


def test_a_folder_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        TfliteModel(tmp_path)


@pytest.mark.parametrize(
    "fault", ["empty", "text", "zeros", "half", "tail lost", "head overwritten"]
)
def test_a_damaged_model_is_refused(detector_file: Path, tmp_path: Path, fault: str) -> None:
    sound = detector_file.read_bytes()
    content = {
        "empty": b"",
        "text": b"404 Not Found\n" * 100,
        "zeros": bytes(5000),
        "half": sound[: len(sound) // 2],
        "tail lost": sound[:-1000],
        "head overwritten": bytes(64) + sound[64:],
    }[fault]
    damaged = tmp_path / "face.tflite"
    damaged.write_bytes(content)
    with pytest.raises(ModelError, match=r"face\.tflite is damaged") as caught:
        TfliteModel(damaged)
    assert "\n" not in str(caught.value)


def test_another_model_under_the_same_name_is_noticed(detector_file: Path) -> None:
    model = TfliteModel(detector_file)
    with pytest.raises(ModelError, match="is expected"):
        model.require((1, 192, 192, 3), ((1, 896, 16), (1, 896, 1)))


@pytest.mark.parametrize(
    "array",
    [np.zeros((1, 255, 256, 3), np.float32), np.zeros((1, 256, 256, 3), np.uint8)],
    ids=["shape", "type"],
)
def test_a_wrong_input_is_refused(detector_file: Path, array: np.ndarray) -> None:
    with pytest.raises(ModelError, match="takes float32"):
        TfliteModel(detector_file).run(array)


def test_a_machine_without_a_runtime_is_told_what_to_install(
    detector_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ai_edge_litert.interpreter", None)
    monkeypatch.setitem(sys.modules, "tflite_runtime.interpreter", None)
    with pytest.raises(ModelError, match="Install ai-edge-litert"):
        TfliteModel(detector_file)


def test_the_older_runtime_serves_where_it_is_what_the_machine_has(
    detector_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    same_calls = importlib.import_module("ai_edge_litert.interpreter")
    monkeypatch.setitem(sys.modules, "ai_edge_litert.interpreter", None)
    monkeypatch.setitem(sys.modules, "tflite_runtime.interpreter", same_calls)
    assert TfliteModel(detector_file).input_shape == (1, 256, 256, 3)


def test_loading_a_model_prints_nothing(detector_file: Path) -> None:
    command = [sys.executable, "-c", LOAD, str(detector_file)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("loaded\n", "")


def test_a_service_without_stderr_loads_a_model(detector_file: Path) -> None:
    command = ["sh", "-c", 'exec "$0" -c "$1" "$2" 2>&-', sys.executable, LOAD, str(detector_file)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "loaded\n"


def test_a_fault_that_is_written_while_a_model_loads_is_passed_on(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with _without_runtime_notices():
        os.write(2, b"INFO: Created a delegate.\nERROR: out of memory\n")
    assert capfd.readouterr().err == "ERROR: out of memory\n"
