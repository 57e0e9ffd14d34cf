"""Kept descriptions belong to all that decides them: a change of it describes anew."""

import ast
import shutil
from pathlib import Path

import pytest

import appliance
from appliance.operations.evaluation.fusion import fingerprint as module
from appliance.operations.evaluation.fusion.fingerprint import MODELS, SOURCES, fingerprint

PACKAGE = Path(appliance.__file__).parent
DECIDES = ("devices/", "perception/", "operations/evaluation/fusion/", "operations/evaluation/rav")
CONSTANTS_ALONE = "perception/fusion/"


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    for name in SOURCES:
        (tmp_path / "code" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PACKAGE / name, tmp_path / "code" / name)
    for name in MODELS:
        (tmp_path / name).write_text(name, encoding="ascii")
    (tmp_path / "clip.wav").write_text("sound", encoding="ascii")
    return tmp_path


def of(folder: Path) -> str:
    return fingerprint(folder, [folder / "clip.wav"], folder / "code")


@pytest.mark.parametrize("changed", [*(f"code/{name}" for name in SOURCES), *MODELS, "clip.wav"])
def test_each_of_them_changes_it(copied: Path, changed: str) -> None:
    before = of(copied)
    assert of(copied) == before
    with (copied / changed).open("a", encoding="utf-8") as file:
        file.write("\n")
    assert of(copied) != before


def test_nothing_that_describes_is_left_out() -> None:
    reached: set[str] = set()
    follow = [f"operations/evaluation/fusion/{name}.py" for name in ("noise", "sounds", "streams")]
    while follow:
        name = follow.pop()
        if name in reached or name.startswith(CONSTANTS_ALONE) or PACKAGE / name == _own():
            continue
        reached.add(name)
        follow += _imported(PACKAGE / name)
    decide = {name for name in reached if name.startswith(DECIDES)}
    assert decide <= set(SOURCES)


def _own() -> Path:
    return Path(module.__file__)


def _imported(path: Path) -> list[str]:
    """Files of the package that a module imports."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = (node.module, *(f"{node.module}.{alias.name}" for alias in node.names))
            files = (name.replace(".", "/") + ".py" for name in names)
            found += [name.removeprefix("appliance/") for name in files]
    return [name for name in found if (PACKAGE / name).is_file()]
