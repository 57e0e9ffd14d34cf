"""How each model is on this machine."""

from pathlib import Path

import pytest

from appliance.domain.errors import WrongUsageError
from appliance.operations.models.installation import Archive, fetch
from appliance.operations.models.manifest import load_manifest
from appliance.operations.models.status import ModelStatus, State, inspect
from tests.file_server import FileServer
from tests.vosk_archives import ENGLISH


@pytest.fixture
def folder(tmp_path: Path, models_dir: Path, server: FileServer) -> Path:
    """A models folder with two of the models that are shipped, and an English one to fetch."""
    head, *entries = (models_dir / "manifest.toml").read_text().split("[[model]]\n")
    kept = [e for e in entries if "silero" in e or "face_landmark" in e or ENGLISH in e]
    text = "[[model]]\n".join([head, *kept])
    english = next(e for e in load_manifest(models_dir).model if e.place == ENGLISH)
    (tmp_path / "manifest.toml").write_text(text.replace(english.sha256, server.sha256))
    for name in ("silero_vad_v6.onnx", "face_landmark.tflite"):
        (tmp_path / name).write_bytes((models_dir / name).read_bytes())
    return tmp_path


def look(folder: Path, *names: str) -> dict[str, ModelStatus]:
    return {model.place: model for model in inspect(load_manifest(folder), folder, names)}


def install(server: FileServer, folder: Path, name: str = ENGLISH) -> Path:
    archive = Archive("English", server.url(f"{name}.zip"), server.sha256, name, "en")
    return fetch(archive, folder, lambda *_: None)


def test_a_whole_folder_is_ok_and_an_optional_model_may_lack(folder: Path) -> None:
    models = look(folder)

    assert {place: model.state for place, model in models.items()} == {
        "face_landmark.tflite": State.OK,
        "silero_vad_v6.onnx": State.OK,
        ENGLISH: State.OPTIONAL_MISSING,
    }
    assert models[ENGLISH].size_bytes is None
    assert models[ENGLISH].advice == f"Fetch it with 'booth models fetch {ENGLISH}'."


def test_a_fetched_model_is_ok_and_has_the_size_of_its_files(
    folder: Path, server: FileServer
) -> None:
    install(server, folder)

    model = look(folder)[ENGLISH]

    assert model.state is State.OK
    assert (model.size_bytes or 0) > 300_000


def test_one_flipped_bit_is_found(folder: Path) -> None:
    file = folder / "silero_vad_v6.onnx"
    content = bytearray(file.read_bytes())
    content[1000] ^= 1
    file.write_bytes(content)

    model = look(folder)["silero_vad_v6.onnx"]

    assert model.state is State.DAMAGED
    assert "Silero VAD v6 has the sha256" in str(model.problem)
    assert "Put back the file" in str(model.advice)


def test_a_lost_file_is_missing(folder: Path) -> None:
    (folder / "face_landmark.tflite").unlink()

    model = look(folder, "face_landmark.tflite")["face_landmark.tflite"]

    assert model.state is State.MISSING
    assert model.problem == "Face landmarks, 468 points is missing."


def test_a_truncated_graph_of_a_fetched_model_is_found(folder: Path, server: FileServer) -> None:
    graph = install(server, folder) / "graph" / "HCLG.fst"
    graph.write_bytes(graph.read_bytes()[:100])

    model = look(folder)[ENGLISH]

    assert model.state is State.DAMAGED
    assert "graph/HCLG.fst has 100 bytes" in str(model.problem)


def test_a_model_that_was_unpacked_by_hand_cannot_be_verified(
    folder: Path, server: FileServer
) -> None:
    record = install(server, folder) / "booth-record.json"
    record.unlink()

    assert look(folder)[ENGLISH].state is State.UNVERIFIED


def test_a_model_of_the_administrator_is_looked_at_too(folder: Path, server: FileServer) -> None:
    (folder / "vosk-model-small-fr-0.22").mkdir()
    install(server, folder)
    (folder / ENGLISH).rename(folder / "vosk-model-en-ours")

    models = look(folder)

    assert models["vosk-model-en-ours"].state is State.OK
    assert models["vosk-model-small-fr-0.22"].state is State.UNVERIFIED
    assert models["vosk-model-small-fr-0.22"].language == "fr"
    assert "or remove the folder" in str(models["vosk-model-small-fr-0.22"].advice)


def test_a_damaged_model_of_the_administrator_says_how_to_fetch_it_again(
    folder: Path, server: FileServer
) -> None:
    install(server, folder).rename(folder / "vosk-model-en-ours")
    (folder / "vosk-model-en-ours" / "conf" / "model.conf").unlink()

    model = look(folder)["vosk-model-en-ours"]

    assert model.state is State.DAMAGED
    command = f"fetch --url {server.url(f'{ENGLISH}.zip')} --sha256 {server.sha256} --language en"
    assert command in str(model.advice)


def test_models_go_by_name_and_by_file(folder: Path) -> None:
    assert list(look(folder, "Silero VAD v6")) == ["silero_vad_v6.onnx"]
    assert list(look(folder, ENGLISH)) == [ENGLISH]
    with pytest.raises(WrongUsageError, match="There is no model 'Silero'"):
        look(folder, "silero_vad_v6.onnx", "Silero")


def test_the_packaged_recogniser_is_found_through_its_package(models_dir: Path) -> None:
    (model,) = look(models_dir, "Whisper tiny.en").values()

    assert model.state is State.OK
    assert model.size_bytes == 75_537_502 + 2_317 + 2_128_466 + 422_309
