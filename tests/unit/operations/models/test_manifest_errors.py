"""A manifest that says something wrong is refused with the place."""

from pathlib import Path

import pytest

from appliance.domain.errors import ManifestError
from appliance.operations.models.manifest import load_manifest
from appliance.perception.speech import whisper

FILE = """
[[model]]
name = "Ears"
required = true
file = "ears.onnx"
sha256 = "4cbf549b8326f60f80f2536d9eefeb450a9abe83365a098031c89719f1be17d2"
bytes = 3
licence = "MIT"
source = "us"
input = "sound"
output = "words"
"""
ARCHIVE = """
[[model]]
name = "French"
required = false
url = "https://example.org/vosk-model-small-fr-0.22.zip"
sha256 = "4cbf549b8326f60f80f2536d9eefeb450a9abe83365a098031c89719f1be17d2"
licence = "Apache-2.0"
language = "fr"
source = "them"
input = "sound"
output = "words"
"""


def manifest(folder: Path, text: str) -> Path:
    (folder / "manifest.toml").write_text(text)
    return folder


def test_what_is_read_is_what_the_file_says(tmp_path: Path) -> None:
    ears, french = load_manifest(manifest(tmp_path, FILE + ARCHIVE)).model

    assert (ears.place, ears.size_bytes, ears.required) == ("ears.onnx", 3, True)
    assert (french.place, french.size_bytes, french.required) == (
        "vosk-model-small-fr-0.22",
        None,
        False,
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (FILE.replace("licence", "license"), r"model 1 \(Ears\), the key 'licence' is missing"),
        (FILE + "weight = 3", r"model 1 \(Ears\), the key 'weight' is no known key"),
        (FILE.replace("bytes = 3", 'bytes = "3"'), r"the key 'bytes' is wrong \(.*integer"),
        (FILE.replace("true", '"yes"'), r"the key 'required' is wrong \(.*boolean"),
        (FILE.replace("4cbf", "4CBF"), "the key 'sha256' is wrong"),
        (FILE.replace("ears.onnx", "../ears.onnx"), "the key 'file' is wrong"),
        (FILE.replace("bytes = 3\n", ""), r"model 1 \(Ears\) lacks 'bytes'"),
        (FILE + 'url = "https://example.org/a.zip"', "either 'file' or 'url'"),
        (FILE + 'classes = ["a", "b"]\nfigures = "1"', "lacks 'calibration', 'training'"),
        (FILE + 'package = "numpy"', "the key 'package' is wrong"),
        (FILE + '[[model.companion]]\nfile = "a"', r"the key 'companion.0.sha256' is missing"),
        (ARCHIVE.replace("https", "http"), r"the key 'url' must begin with https"),
        (ARCHIVE.replace('"fr"', '"es"'), r"no 'language' that fits 'vosk-model-small-fr-0.22'"),
        (ARCHIVE.replace('language = "fr"\n', ""), "no 'language' that fits"),
        (FILE + FILE, "the file has 'Ears' twice"),
        ("model = 3", "the key 'model' is wrong"),
        ("[[model]", r"no valid TOML.*line 1"),
    ],
)
def test_a_wrong_manifest_is_refused_with_file_model_and_key(
    tmp_path: Path, text: str, says: str
) -> None:
    with pytest.raises(ManifestError, match=says) as error:
        load_manifest(manifest(tmp_path, text))
    assert str(tmp_path / "manifest.toml") in str(error.value)


def test_a_folder_without_a_manifest_is_told(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match=r"no manifest.toml in.*--models-dir"):
        load_manifest(tmp_path / "nowhere")


def test_every_file_that_whisper_loads_is_in_the_manifest(models_dir: Path) -> None:
    entry = next(e for e in load_manifest(models_dir).model if e.package)
    files = [entry.file, *(companion.file for companion in entry.companion)]
    assert sorted(map(str, files)) == sorted(whisper._MODEL_FILES)
