"""What staff send to whoever helps them: how the booth is, and nothing of a person or the site."""

import getpass
import json
import platform
import socket
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from appliance.domain.errors import BoothError
from appliance.domain.health import Health
from appliance.domain.settings import Settings
from appliance.domain.support import SupportFile
from appliance.operations.administration.examination import Examination
from appliance.operations.administration.premises import Premises
from appliance.operations.administration.redaction import Redaction
from appliance.operations.administration.restart import Versions
from appliance.operations.doctor.kernel_files import read_text
from appliance.operations.doctor.machine import machine_name
from appliance.operations.models.manifest import load_manifest
from appliance.operations.models.status import inspect
from appliance.operations.settings.form import sections_of
from appliance.operations.settings.loaded import Loaded

_LEFT_OUT = frozenset({("site", "name")})
_ONLY_WHETHER = frozenset(
    {
        *(("site", "questions"), ("camera", "identity"), ("microphone", "identity")),
        *(("speaker", "output"), ("ollama", "token")),
    }
)
"""Settings of which only is told whether they are set."""

_ONLY_COUNT = frozenset({("ollama", "hosts")})


class Support:
    """Makes the files.

    Args:
        premises: where the booth runs.
        versions: of the booth.
        doctor: what it found last is told.
    """

    def __init__(self, premises: Premises, versions: Versions, doctor: Examination) -> None:
        self._premises = premises
        self._versions = versions
        self._doctor = doctor

    def files(self, parts: Iterable[Health], metrics: bytes) -> tuple[SupportFile, ...]:
        """All files, as they are now. Reads every model whole.

        Args:
            parts: how the booth does.
            metrics: its figures, which name nobody.
        """
        loaded = self._premises.loaded()
        redaction = Redaction(
            (*self._known(loaded.settings), *self._known(self._premises.settings))
        )
        looked, manager = self._doctor.last, self._premises.manager
        told = None if looked is None else [redaction.part(part) for part in looked.parts]
        status = {
            "managed": manager.is_there,
            "last_status": redaction.text(manager.last_status),
        }
        return (
            _json("version.json", self._version()),
            _json("doctor.json", {"checks": told}),
            _json("settings.json", _settings(loaded)),
            _json("health.json", {"parts": [redaction.part(part) for part in parts]}),
            _json("models.json", self._models(redaction)),
            _json("service.json", status),
            SupportFile("metrics.txt", metrics),
        )

    def _known(self, settings: Settings) -> Iterator[str]:
        """Words that tell this booth from others."""
        yield from (settings.site.name, settings.ollama.token.get_secret_value())
        yield from (settings.camera.identity, settings.microphone.identity)
        yield from (settings.speaker.output, settings.site.questions)
        for host in settings.ollama.hosts:
            yield from (host, urlsplit(host).netloc, urlsplit(host).hostname or "")
        name = socket.gethostname()
        yield from (name, name.partition(".")[0], socket.getfqdn())
        yield from (str(Path.home()), str(self._premises.state_dir), _user())

    def _version(self) -> dict[str, Any]:
        system = read_text(Path("/etc/os-release")) or ""
        named = dict(line.split("=", 1) for line in system.splitlines() if "=" in line)
        return {
            "booth": self._versions.running,
            "installed": self._versions.installed(),
            "system": named.get("PRETTY_NAME", "").strip('"'),
            "kernel": platform.release(),
            "python": platform.python_version(),
            "machine": machine_name(Path("/")),
            "architecture": platform.machine(),
        }

    def _models(self, redaction: Redaction) -> dict[str, Any]:
        try:
            models_dir = self._premises.models_dir
            manifest = load_manifest(models_dir)
            found = inspect(manifest, models_dir)
        except (BoothError, OSError) as error:
            return {"fault": redaction.text(str(error))}
        sums = {entry.place: entry.sha256 for entry in manifest.model}
        models = [
            {
                "name": one.name,
                "file": one.place,
                "state": one.state.value,
                "sha256": sums.get(one.place),
                "size_bytes": one.size_bytes,
            }
            for one in found
        ]
        return {"models": models}


def _settings(loaded: Loaded) -> dict[str, Any]:
    """Every setting by its name, with where it is from; what tells the site is reduced."""
    values: dict[str, Any] = {}
    for section in sections_of(loaded, {}):
        for field in section.fields:
            place = (section.name, field.key)
            if place not in _LEFT_OUT:
                value = getattr(getattr(loaded.settings, section.name), field.key)
                values[field.name] = {"source": field.source.value, **_reduced(place, value)}
    return {"settings": values, "wrong": sorted({one.key for one in loaded.mistakes} & set(values))}


def _reduced(place: tuple[str, str], value: Any) -> Mapping[str, Any]:
    if place in _ONLY_COUNT:
        return {"count": len(value)}
    if place in _ONLY_WHETHER or isinstance(value, SecretStr):
        text = value.get_secret_value() if isinstance(value, SecretStr) else value
        return {"is_set": bool(text)}
    return {"value": list(value) if isinstance(value, tuple) else value}


def _json(name: str, value: Any) -> SupportFile:
    text = json.dumps(value, ensure_ascii=False, indent=1)
    return SupportFile(name, f"{text}\n".encode())


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a number without a name
        return ""
