"""What a power cut left on the disk of the virtual machine of run-power-cut.sh."""

import hashlib
import sqlite3
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import tomli

from tests.hardware.vm.power_cut_release import HOME, fault_of_release
from web_panel.admin_pin import AdminPin
from web_panel.device_secret import SECRET_BYTES

STATE = Path("/var/lib/interview-booth")

_SITE_SETTINGS = Path("/etc/interview-booth/booth.toml")
_DATABASE = STATE / "booth.db"
_PATIENCE_S = 120.0


def find_files(pins: Iterable[str]) -> dict[str, Any]:
    """What is there before the booth starts: what `power_cuts.py` compares, and `faults`.

    Args:
        pins: that may be set by now.
    """
    faults = [*_faults_of_settings(), *_faults_of_releases()]
    panel = STATE / "panel"
    secret = panel / "panel.secret"
    digest = None
    if secret.exists():
        content = secret.read_bytes()
        digest = hashlib.sha256(content).hexdigest()[:12]
        if len(content) != SECRET_BYTES:
            faults.append(f"the secret has {len(content)} bytes")
    return {
        "name": _site_name(),
        "secret": digest,
        "pin": _pin(panel, pins, faults),
        "release": _linked("current"),
        "left": sorted(str(one.relative_to(STATE)) for one in STATE.rglob(".*") if one.is_file()),
        "faults": faults,
    }


def secret_of_device() -> str:
    """Names the secret without telling it."""
    content = (STATE / "panel" / "panel.secret").read_bytes()
    return hashlib.sha256(content).hexdigest()[:12]


def find_tallies() -> dict[str, int]:
    """How many sessions began and were completed; read beside the booth."""
    with sqlite3.connect(f"file:{_DATABASE}?mode=ro", uri=True, timeout=_PATIENCE_S) as database:
        row = database.execute("SELECT SUM(started), SUM(completed) FROM tally").fetchone()
    database.close()
    return {"started": row[0] or 0, "completed": row[1] or 0}


def faults_of_database() -> list[str]:
    """What SQLite finds wrong, and whether the booth had to begin anew."""
    with sqlite3.connect(f"file:{_DATABASE}?mode=ro", uri=True, timeout=_PATIENCE_S) as database:
        rows = [str(row[0]) for row in database.execute("PRAGMA integrity_check")]
    database.close()
    faults = [f"database: {row}" for row in rows if row != "ok"]
    if any(STATE.glob("*.damaged")):
        faults.append("the database was moved aside")
    return faults


def wait_for_tally(name: str, count: int) -> None:
    """Wait until others than the booth can see that it counted.

    Raises:
        TimeoutError: it does not.
    """
    end = time.monotonic() + _PATIENCE_S
    while find_tallies()[name] < count:
        if time.monotonic() > end:
            raise TimeoutError(f"{name} is not counted")
        time.sleep(0.1)


def _site_name() -> str | None:
    file = STATE / "booth.toml"
    if not file.exists():
        return None
    try:
        name = tomli.loads(file.read_text())["site"]["name"]
    except (tomli.TOMLDecodeError, KeyError, UnicodeDecodeError):
        return "damaged"
    return str(name)


def _faults_of_settings() -> list[str]:
    """Of the files that are TOML, whether written by the panel or by the installation."""
    files = (_SITE_SETTINGS, *STATE.glob("booth.toml*"))
    return [
        f"{file} is no settings file" for file in files if file.exists() and not _is_whole(file)
    ]


def _is_whole(settings: Path) -> bool:
    try:
        return bool(tomli.loads(settings.read_text()))
    except (tomli.TOMLDecodeError, UnicodeDecodeError):
        return False


def _faults_of_releases() -> list[str]:
    """Of releases that are taken for whole, and of links to others."""
    faults = [
        f"{folder.name} is taken for whole: {fault}"
        for folder in sorted((HOME / "releases").glob("*"))
        if (folder / ".whole").exists() and (fault := fault_of_release(folder))
    ]
    for name in ("current", "previous"):
        target = _linked(name)
        if target is not None and not (HOME / "releases" / target / ".whole").exists():
            faults.append(f"{name} leads to {target}, which is not whole")
    return faults


def _linked(name: str) -> str | None:
    link = HOME / name
    return link.readlink().name if link.is_symlink() else None


def _pin(panel: Path, pins: Iterable[str], faults: list[str]) -> str | None:
    pin = AdminPin(panel)
    if not pin.is_set:
        return None
    for one in pins:
        if pin.matches(one):
            return one
    faults.append("the PIN is none of those that were chosen")
    return "another"
