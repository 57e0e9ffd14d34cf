"""An archive for whoever helps: how the booth is, and nothing of a person or the site."""

import getpass
import io
import json
import socket
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from appliance.domain.health import Health, Status
from appliance.domain.settings import Camera, Ollama, Settings, Site
from appliance.storage.store import Store
from tests.panel import ServedBooth, served
from tests.unit.web_panel.staff import ELSEWHERE, PIN, Signed
from tests.waiting import until

CODE = "zebra walnut ostrich kangaroo quiz"
SECRET = "tok-zinnia-9"
HOST = "http://quillhost.lan:11434"
NAME = "Corner Library of Quillham"
CAMERA = "usb-046d_C920_4A1B0F2C-video-index0"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    one = Store(tmp_path / "kept", 90, lambda: 20_500 * 86_400.0, lambda: 0.0)
    yield one
    one.close()


@pytest.fixture
def booth(models_dir: Path, sample: Path, tmp_path: Path, store: Store) -> Iterator[ServedBooth]:
    settings = Settings(
        site=Site(name=NAME),
        camera=Camera(identity=CAMERA),
        ollama=Ollama(hosts=(HOST,), token=SecretStr(SECRET)),
    )
    with served(models_dir, sample, settings, folder=tmp_path / "panel", store=store) as one:
        one.config.write_text(
            f'[site]\nname = "{NAME}"\n[camera]\nidentity = "{CAMERA}"\nrate_hz = 10\n'
            f'[ollama]\nhosts = ["{HOST}"]\ntoken = "{SECRET}"\n'
        )
        yield one


def archive(staff: Signed) -> dict[str, str]:
    answer = staff.get("support.zip")
    assert answer.mimetype == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as found:
        assert found.testzip() is None
        return {name: found.read(name).decode() for name in found.namelist()}


def test_nothing_of_a_person_or_the_site_is_in_any_file(
    booth: ServedBooth, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff = Signed(booth, ELSEWHERE)

    def look() -> tuple[Health, ...]:
        said = f"{HOST} at quillhost.lan (192.168.7.9) refuses {SECRET} of {getpass.getuser()}."
        folder = f"'{Path.home()}/booth.toml' and {booth.config}"
        details: dict[str, Any] = {"host": HOST, "found": [{"identity": CAMERA}], "free_mb": 7}
        return (Health("Ollama", Status.WARNING, said, folder, details),)

    monkeypatch.setattr(booth.staff.doctor, "_look", look)
    assert booth.staff.doctor.begin()
    until(lambda: booth.staff.doctor.last is not None)
    booth.kiosk.does = booth.does  # type: ignore[method-assign]
    monkeypatch.setattr(booth.kiosk, "turns", lambda: threading.Event().wait(0.02))
    booth.kiosk.comes_to_ask(expression=True)
    booth.kiosk.answers()
    assert "marigold" in str(booth.booth.given)
    assert booth.panel.desk.records.keep(CODE, transcript=True)
    files = archive(staff)
    private = ["marigold", *CODE.split(), PIN, SECRET, NAME, "Quillham", "quillhost", HOST]
    private += ["192.168.7.9", CAMERA, "4A1B0F2C", str(booth.config.parent), staff.form]
    private += [str(Path.home()), socket.gethostname()]
    for name, text in files.items():
        for word in private:
            assert word.lower() not in text.lower(), f"{word} is in {name}"
    assert json.loads(files["doctor.json"])["checks"][0]["details"] == {"free_mb": 7}


def test_each_file_is_shown_before_and_tells_what_helps(booth: ServedBooth) -> None:
    staff = Signed(booth)
    page = staff.get("support").text
    assert "The doctor has not looked" in page
    files = archive(staff)
    for name in files:
        assert f"<h2>{name}</h2><span>" in page
    settings = json.loads(files["settings.json"])["settings"]
    assert settings["camera.rate_hz"] == {"source": "file", "value": 10}
    assert settings["ollama.hosts"] == {"source": "file", "count": 1}
    assert settings["ollama.token"] == {"source": "file", "is_set": True}
    assert "site.name" not in settings
    assert json.loads(files["doctor.json"]) == {"checks": None}
    assert json.loads(files["version.json"])["python"].startswith("3.")
    models = json.loads(files["models.json"])["models"]
    assert any(one["state"] == "ok" and len(one["sha256"]) == 64 for one in models)
    assert {part["name"] for part in json.loads(files["health.json"])["parts"]} >= {"camera"}
    assert "booth_state" in files["metrics.txt"]
    assert json.loads(files["service.json"])["managed"] is False
