"""`booth config`, as staff use it; the example and the document are made of the settings."""

import json
import os
import re
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import pytest

from appliance.cli import DONE, FAILED, WRONG_USAGE, main
from appliance.devices.from_settings import controls_of
from appliance.domain.settings import PINS, Settings
from appliance.operations.settings.command import example_file, reference, show_settings
from appliance.operations.settings.loading import load

_ROOT = Path(__file__).parents[4]


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in [name for name in os.environ if name.startswith("BOOTH_")]:
        monkeypatch.delenv(variable)


def test_a_secret_is_shown_nowhere(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text('[ollama]\ntoken = "geheim"\n')
    for as_json in (False, True):
        assert show_settings(Namespace(config=file, json=as_json), {})
    file.write_text("[ollama]\ntoken = 4711\n")
    show_settings(Namespace(config=file, json=False), {})
    said = capsys.readouterr().out
    assert "geheim" not in said
    assert "4711" not in said
    assert '"***"' in said


def test_a_password_in_an_address_is_refused_and_not_repeated(file: Path) -> None:
    file.write_text("")
    loaded = load({"BOOTH_OLLAMA_HOSTS": "http://me:geheim@nas:11434"}, file)
    assert loaded.settings.ollama.hosts == ()
    (told,) = map(str, loaded.mistakes)
    assert "geheim" not in told
    assert 'in it is "http://***@nas:11434"' in told


def test_the_example_is_the_defaults_and_nothing_else(file: Path) -> None:
    text = (_ROOT / "systemd" / "booth.toml").read_text()
    assert text == example_file()
    file.write_text(text)
    assert load({}, file).settings == Settings()
    live = "".join(re.sub(r"^#(?! )", "", line) for line in text.splitlines(keepends=True))
    file.write_text(live)
    loaded = load({}, file)
    assert loaded.mistakes == ()
    assert set(map(str, loaded.origins.values())).isdisjoint({"default"}), "all are there"
    usual = controls_of(Settings()).gpio
    pins = dict(zip(PINS, (usual.button, *usual.lights), strict=True))
    controls = Settings().controls.model_copy(update=pins)
    assert loaded.settings == Settings().model_copy(update={"controls": controls})


def test_the_document_lists_what_there_is() -> None:
    document = (_ROOT / "docs" / "settings.md").read_text()
    assert document.endswith(reference())


def test_check_and_show_from_the_command_line(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text("[panel]\nport = 9000\n")
    assert main(["config", "check", str(file)]) == DONE
    assert capsys.readouterr().out == "The settings are right.\n"
    assert main(["config", "show", str(file)]) == DONE
    shown = capsys.readouterr().out
    assert f"{file}:2" in shown
    assert main(["config", "show", str(file), "--json"]) == DONE
    assert json.loads(capsys.readouterr().out)["settings"]["panel.port"] == {
        "value": 9000,
        "origin": f"{file}:2",
    }
    file.write_text("[panel]\nport = 0\n")
    assert main(["config", "check", str(file)]) == FAILED
    assert main(["config", "show", str(file)]) == FAILED
    assert "panel.port: It must be" in capsys.readouterr().out


def test_the_file_may_be_named_in_three_ways(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text("[panel]\nport = 9000\n")
    other = file.with_name("other.toml")
    other.write_text("[panel]\nport = 9001\n")
    monkeypatch.setenv("BOOTH_CONFIG", str(other))
    for arguments, expected in (
        ([str(file)], f"9000  {file}:2"),
        (["--config", str(file)], f"9000  {file}:2"),
        ([], f"9001  {other}:2"),
    ):
        assert main(["config", "show", *arguments]) == DONE
        line = next(
            line for line in capsys.readouterr().out.splitlines() if line.startswith("panel.port ")
        )
        assert " ".join(line.split()) == " ".join(f"panel.port {expected}".split())


def test_a_variable_that_does_nothing_is_told_and_is_no_mistake(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text("")
    monkeypatch.setenv("BOOTH_PANEL_PROT", "9000")
    assert main(["config", "check", str(file)]) == DONE
    told, verdict = capsys.readouterr().out.splitlines()
    assert told.endswith("Did you mean BOOTH_PANEL_PORT?")
    assert verdict == "The settings are right."
    assert main(["config", "show", "--json", str(file)]) == DONE
    assert json.loads(capsys.readouterr().out)["warnings"] == [told]


def test_sessions_are_kept_as_the_named_file_says(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text("")
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path / "state"))
    assert main(["sessions", "list", "--config", str(file)]) == DONE
    assert capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "code"), [("[panel]\nport = 9000\n", DONE), ("[panel]\nport = = 1\n[x\n", FAILED)]
)
@pytest.mark.parametrize("command", ["show", "check"])
def test_staff_see_lines_and_never_a_traceback(
    file: Path, text: str, code: int, command: str
) -> None:
    file.write_text(text)
    done = subprocess.run(
        [sys.executable, "-m", "appliance.cli", "config", command, str(file)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=_ROOT,
    )
    assert (done.returncode, done.stderr) == (code, "")
    if command == "check":
        assert len(done.stdout.splitlines()) == 1


def test_a_command_that_there_is_not_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["config", "repair"])
    assert ended.value.code == WRONG_USAGE
    assert len(capsys.readouterr().err.splitlines()) == 1
