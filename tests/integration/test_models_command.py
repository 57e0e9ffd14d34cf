"""`booth models` as an administrator runs it, with a server on this machine."""

import json
import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.cli import DONE, FAILED, WRONG_USAGE, main
from tests.file_server import FileServer, serve
from tests.vosk_archives import ENGLISH, vosk_archive

FRENCH = "vosk-model-small-fr-0.22"


@pytest.fixture
def server() -> Iterator[FileServer]:
    with serve(vosk_archive(FRENCH)) as files:
        yield files


@pytest.fixture
def folder(tmp_path: Path, models_dir: Path) -> Path:
    """A models folder as shipped, which may be changed."""
    for path in models_dir.iterdir():
        if path.is_file():
            shutil.copy(path, tmp_path)
    return tmp_path


class Booth:
    """Runs `booth models` in this process on a folder of models."""

    def __init__(self, folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capfd = folder, capfd
        self.out = self.err = ""

    def __call__(self, command: str, *arguments: str) -> int:
        self._capfd.readouterr()
        try:
            code = main(["models", command, "--models-dir", str(self.folder), *arguments])
        except SystemExit as end:
            code = int(end.code or 0)
        self.out, self.err = self._capfd.readouterr()
        return code

    @property
    def one_line(self) -> bool:
        return self.err.count("\n") == 1 and self.err.startswith("booth: ")


@pytest.fixture
def booth(folder: Path, capfd: pytest.CaptureFixture[str]) -> Booth:
    return Booth(folder, capfd)


def test_list_shows_every_model_and_a_total(booth: Booth) -> None:
    assert booth("list") == DONE

    lines = booth.out.splitlines()
    assert lines[0].split() == ["NAME", "FILE", "SIZE", "LICENCE", "LANGUAGE", "STATE"]
    assert any(line.startswith("Silero VAD v6") and line.endswith("ok") for line in lines)
    assert any(ENGLISH in line and line.endswith("optional, missing") for line in lines)
    assert " are there, " in lines[-1]
    assert booth.err == ""


def test_list_gives_the_same_as_json(booth: Booth) -> None:
    assert booth("list", "--json") == DONE

    found = json.loads(booth.out)
    states = {model["place"]: model["state"] for model in found["models"]}
    assert states["silero_vad_v6.onnx"] == "ok"
    assert states[ENGLISH] == "optional, missing"
    assert found["there"] == sum(state == "ok" for state in states.values())
    assert found["total_bytes"] > 80_000_000


def test_verify_is_done_where_only_optional_models_lack(booth: Booth) -> None:
    assert booth("verify") == DONE

    assert f"It is optional. Fetch it with 'booth models fetch {ENGLISH}'." in booth.out
    assert "2 optional and missing." in booth.out.splitlines()[-1]


def test_verify_fails_on_a_damaged_file_and_says_what_to_do(booth: Booth) -> None:
    forest = booth.folder / "voice_forest.npz"
    size = forest.stat().st_size
    forest.write_bytes(b"rubbish")

    assert booth("verify", "voice_forest.npz", "Silero VAD v6") == FAILED
    assert booth.out.splitlines() == [
        (
            f"Voice forest, RAVDESS has 7 bytes and should have {size:,}. Put back the file that "
            "came with this version of the booth."
        ),
        "Silero VAD v6: ok.",
        "",
        "1 whole, 1 with a fault.",
    ]
    assert booth("verify", "--json") == FAILED
    assert json.loads(booth.out)["ok"] is False


def test_a_model_by_address_and_hash_is_fetched_once_and_verified(
    booth: Booth, server: FileServer
) -> None:
    arguments = ("fetch", "--url", server.url(f"{FRENCH}.zip"), "--sha256", server.sha256)

    assert booth(*arguments) == DONE
    assert booth.out.splitlines()[-1] == (
        f"{FRENCH}: checked, and unpacked into {booth.folder / FRENCH}"
    )
    assert booth.err == ""

    assert booth(*arguments) == DONE
    assert booth.out == f"{FRENCH}: there already, and whole.\n"
    assert len(server.sent) == 1

    assert booth("verify", FRENCH) == DONE
    assert f"{FRENCH}: ok." in booth.out


def test_a_wrong_hash_is_one_line_and_leaves_nothing(booth: Booth, server: FileServer) -> None:
    before = sorted(booth.folder.iterdir())

    assert booth("fetch", "--url", server.url(), "--sha256", "0" * 64) == FAILED

    assert booth.one_line
    assert server.sha256 in booth.err
    assert sorted(booth.folder.iterdir()) == before


def test_a_broken_download_is_one_line_and_goes_on_next_time(
    booth: Booth, server: FileServer
) -> None:
    arguments = ("fetch", "--url", server.url(f"{FRENCH}.zip"), "--sha256", server.sha256)
    server.cut_after = 1000
    assert booth(*arguments) == FAILED
    assert booth.one_line
    assert "broke after 1,000 of" in booth.err

    server.cut_after = None
    assert booth(*arguments) == DONE
    assert server.sent == [1000, len(server.content) - 1000]


def test_a_copied_archive_is_looked_at_in_its_place_and_one_fault_stops_no_other(
    booth: Booth,
) -> None:
    for name in (ENGLISH, "vosk-model-small-es-0.42"):
        (booth.folder / f"{name}.zip").write_bytes(b"not what it should be")

    assert booth("fetch", "--all") == FAILED

    lines = booth.err.splitlines()
    assert [line.split(": ")[1] for line in lines] == ["Vosk English, small", "Vosk Spanish, small"]
    assert all("Copy it again" in line for line in lines)


@pytest.mark.parametrize(
    "arguments",
    [
        ["fetch", "--url", "https://example.org/a.zip"],
        ["fetch", "--sha256", "0" * 64],
        ["fetch", "--url", "http://example.org/a.zip", "--sha256", "0" * 64],
        ["fetch", "--url", "https://example.org/a.zip", "--sha256", "0" * 64, "--all"],
        ["fetch", "--all", ENGLISH],
        ["fetch", "--language", "tlh"],
        ["fetch", "voice_forest.npz"],
        ["fetch", "--models-dir", "/nowhere"],
        ["verify", "ears"],
        ["paint"],
    ],
)
def test_wrong_usage_is_one_line(booth: Booth, arguments: list[str]) -> None:
    assert booth(*arguments) == WRONG_USAGE
    assert booth.one_line
    assert booth.out == ""


def test_a_folder_without_a_manifest_is_one_line(booth: Booth) -> None:
    (booth.folder / "manifest.toml").unlink()
    assert booth("list") == FAILED
    assert booth.one_line
    assert "There is no manifest.toml" in booth.err


def test_a_terminal_shows_how_the_download_goes(folder: Path, server: FileServer) -> None:
    command = [sys.executable, "-m", "appliance.cli", "models", "fetch"]
    command += ["--models-dir", str(folder), "--sha256", server.sha256]
    ours, theirs = pty.openpty()
    result = subprocess.run(
        [*command, "--url", server.url(f"{FRENCH}.zip")],
        stdout=subprocess.PIPE,
        stderr=theirs,
        check=False,
    )
    os.close(theirs)
    shown = os.read(ours, 65536).decode()
    os.close(ours)

    assert result.returncode == DONE
    assert "100%  0.3 MB of 0.3 MB" in shown
    assert shown.endswith("\r\x1b[K")
