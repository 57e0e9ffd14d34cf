"""The manifest tells the truth about every model file that is shipped."""

import hashlib
from pathlib import Path

import tomli

_MODEL_FILES = {".tflite", ".onnx", ".npz"}


def test_every_model_file_is_listed_with_its_hash_and_has_a_card(models_dir: Path) -> None:
    listed = {
        entry["file"]: entry
        for entry in tomli.loads((models_dir / "manifest.toml").read_text())["model"]
    }
    shipped = {path.name for path in models_dir.iterdir() if path.suffix in _MODEL_FILES}
    assert shipped == set(listed)
    for name, entry in listed.items():
        content = (models_dir / name).read_bytes()
        assert len(content) == entry["bytes"], name
        assert hashlib.sha256(content).hexdigest() == entry["sha256"], name
        assert (models_dir / name).with_suffix(".md").is_file(), name
        assert entry["licence"], name
        assert entry["source"], name
