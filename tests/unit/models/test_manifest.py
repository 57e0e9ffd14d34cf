"""The manifest tells the truth about every model file that is shipped."""

import hashlib
from pathlib import Path

from appliance.operations.models.manifest import load_manifest

_MODEL_FILES = {".tflite", ".onnx", ".npz", ".json"}


def test_every_model_file_is_listed_with_its_hash_and_has_a_card(models_dir: Path) -> None:
    listed = {
        entry.file: entry
        for entry in load_manifest(models_dir).model
        if entry.file is not None and entry.package is None
    }
    shipped = {path.name for path in models_dir.iterdir() if path.suffix in _MODEL_FILES}
    assert shipped == set(listed)
    for name, entry in listed.items():
        content = (models_dir / name).read_bytes()
        assert len(content) == entry.size_bytes, name
        assert hashlib.sha256(content).hexdigest() == entry.sha256, name
        assert (models_dir / name).with_suffix(".md").is_file(), name


def test_what_was_trained_here_says_how_well_it_does(models_dir: Path) -> None:
    trained = {entry.name for entry in load_manifest(models_dir).model if entry.training}
    assert "Voice forest, RAVDESS" in trained
