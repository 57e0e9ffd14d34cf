"""The units, as systemd's own tools judge them."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

_SYSTEMD = Path(__file__).parents[3] / "systemd"
_SERVICE = _SYSTEMD / "interview-booth.service"
_KIOSK = _SYSTEMD / "interview-booth-kiosk.service"

_MOST_EXPOSURE = 2.0


def _tool(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"needs {name}, which is not installed")
    return path


@pytest.mark.parametrize("unit", [_SERVICE, _KIOSK], ids=lambda path: path.stem)
def test_a_unit_has_no_mistake(unit: Path, tmp_path: Path) -> None:
    text = unit.read_text()
    for program in ("/opt/interview-booth/current/.venv/bin/booth", "/usr/bin/cage"):
        text = text.replace(program, "/bin/true")
    copy = tmp_path / unit.name
    copy.write_text(text)
    (tmp_path / _SERVICE.name).touch()
    if unit is _SERVICE:
        copy.write_text(text)
    done = subprocess.run(
        [_tool("systemd-analyze"), "verify", "--man=no", "--recursive-errors=no", str(copy)],
        capture_output=True,
        text=True,
        check=False,
    )
    told = [line for line in done.stderr.splitlines() if unit.name in line]
    assert (done.returncode, told) == (0, [])


def test_the_service_is_hardly_exposed() -> None:
    done = subprocess.run(
        [
            _tool("systemd-analyze"),
            "security",
            "--offline=true",
            f"--threshold={round(10 * _MOST_EXPOSURE)}",
            str(_SERVICE),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.search(r"Overall exposure level for .*: ([\d.]+)", done.stdout)
    assert found is not None, done.stderr
    assert float(found[1]) <= _MOST_EXPOSURE
    assert done.returncode == 0


def test_the_screens_session_reaches_this_machine_alone() -> None:
    """It is no part of the unit, whose own lines about the network do not hold for it."""
    lines = (_SYSTEMD / "screen-session.conf").read_text(encoding="utf-8").splitlines()
    assert lines[-3:] == ["[Slice]", "IPAddressDeny=any", "IPAddressAllow=localhost"]


def test_users_and_groups_can_be_made(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    subprocess.run(
        [
            _tool("systemd-sysusers"),
            f"--root={tmp_path}",
            str(_SYSTEMD / "sysusers.d" / "interview-booth.conf"),
        ],
        check=True,
        capture_output=True,
    )
    users = (tmp_path / "etc" / "passwd").read_text()
    assert "interview-booth:" in users
    assert "interview-booth-kiosk:" in users
    groups = {line.partition(":")[0] for line in (tmp_path / "etc" / "group").read_text().split()}
    assert {"video", "audio", "gpio", "input", "lp", "render"} <= groups


def test_folders_can_be_made(tmp_path: Path) -> None:
    (tmp_path / "run" / "interview-booth").mkdir(parents=True)
    (tmp_path / "run" / "interview-booth" / "left-over").touch()
    for name in ("passwd", "group"):
        (tmp_path / "etc").mkdir(exist_ok=True)
        (tmp_path / "etc" / name).write_text("root:x:0:0:root:/root:/bin/sh\n")
    subprocess.run(
        [
            _tool("systemd-tmpfiles"),
            f"--root={tmp_path}",
            "--create",
            "--remove",
            "--boot",
            str(_SYSTEMD / "tmpfiles.d" / "interview-booth.conf"),
        ],
        check=True,
        capture_output=True,
    )
    assert (tmp_path / "etc" / "interview-booth").is_dir()
    assert not (tmp_path / "run" / "interview-booth").exists()


def test_what_the_service_may_write_is_what_the_program_writes() -> None:
    text = _SERVICE.read_text()
    (groups,) = re.findall(r"^SupplementaryGroups=(.*)$", text, re.MULTILINE)
    assert groups.split() == ["video", "audio", "gpio", "input", "lp"]
    for line in (
        "DeviceAllow=char-usb rw",
        "ProtectSystem=strict",
        "StateDirectory=interview-booth",
        "RuntimeDirectory=interview-booth",
        "DevicePolicy=closed",
        "IPAddressDeny=any",
        "MemorySwapMax=0",
        "LimitCORE=0",
        "Type=notify",
        "Environment=BOOTH_CONFIG=/var/lib/interview-booth/booth.toml",  # which the panel changes
        "Restart=always",  # by which the panel lets the booth start again
    ):
        assert f"\n{line}\n" in text
    assert "ReadWritePaths" not in text
    assert re.search(r"^MemoryMax=", text, re.MULTILINE)
    assert re.search(r"^WatchdogSec=", text, re.MULTILINE)
