"""Libraries that load, and those that do not, whatever they do to the process."""

from pathlib import Path

import pytest

from appliance.domain.health import Status
from appliance.operations.doctor import libraries
from appliance.operations.doctor.libraries import LIBRARIES, Library, check_libraries, libraries_of
from appliance.operations.doctor.model_files import check_models


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return tmp_path


def test_those_that_load_are_counted_with_their_versions() -> None:
    found = check_libraries([Library("numpy", "numpy"), Library("pydantic", "pydantic")])
    assert [part.status for part in found] == [Status.HEALTHY]
    assert found[0].message.endswith("; 2 libraries load.")
    assert set(found[0].details["versions"]) == {"numpy", "pydantic"}


def test_one_that_is_missing_or_broken_is_named(modules: Path) -> None:
    (modules / "broken_one.py").write_text("raise OSError('libatomic.so.1: cannot open')\n")
    found = check_libraries(
        [
            Library("no-such-package", "no_such_module"),
            Library("broken", "broken_one", needed=False),
            Library("numpy", "numpy"),
        ]
    )
    assert [part.status for part in found] == [Status.HEALTHY, Status.CRITICAL, Status.WARNING]
    assert found[0].message.endswith("; 1 libraries load.")
    assert "no-such-package (not installed) does not load: ModuleNotFoundError" in found[1].message
    assert "libatomic.so.1: cannot open" in found[2].message
    assert found[1].advice == "Run ./setup.sh again."


def test_one_that_ends_the_process_is_named_and_the_others_are_tried(modules: Path) -> None:
    (modules / "killer.py").write_text("import os\nos.abort()\n")
    found = check_libraries([Library("killer", "killer"), Library("numpy", "numpy")])
    assert [part.details.get("package") for part in found] == [None, "killer"]
    assert "it ends the process (-6)" in found[1].message


def test_one_that_hangs_is_given_up(modules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libraries, "_LOADS_S", 3.0)
    (modules / "hanger.py").write_text("import time\ntime.sleep(600)\n")
    found = check_libraries([Library("numpy", "numpy"), Library("hanger", "hanger")])
    assert "it is not loaded after 3 s" in found[1].message


def test_what_a_library_prints_does_no_harm(modules: Path) -> None:
    (modules / "chatter.py").write_text("print('[hello]')\nprint('words')\n")
    found = check_libraries([Library("chatter", "chatter")])
    assert [part.status for part in found] == [Status.HEALTHY]


def test_the_camera_library_is_looked_at_on_a_raspberry_pi_alone(tmp_path: Path) -> None:
    assert libraries_of(tmp_path) == LIBRARIES
    model = tmp_path / "proc" / "device-tree" / "model"
    model.parent.mkdir(parents=True)
    model.write_text("Raspberry Pi 4 Model B Rev 1.5\0")
    more = set(libraries_of(tmp_path)) - set(LIBRARIES)
    assert [library.package for library in more] == ["picamera2"]


def test_whole_models_are_one_finding(models_dir: Path) -> None:
    (found,) = check_models(models_dir)
    assert found.status is Status.HEALTHY
    assert "models are whole." in found.message


def test_a_damaged_model_is_critical_and_comes_with_the_way_out(folder: Path) -> None:
    path = folder / "voice_forest.npz"
    path.write_bytes(path.read_bytes()[:-1])
    (found,) = check_models(folder)
    assert found.status is Status.CRITICAL
    assert found.message.startswith("Voice forest")
    assert "Put back the file" in found.advice


@pytest.fixture
def folder(tmp_path: Path, models_dir: Path) -> Path:
    for path in models_dir.iterdir():
        if path.is_file():
            (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path
