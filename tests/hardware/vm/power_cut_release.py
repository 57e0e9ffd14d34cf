"""Releases for the virtual machine of run-power-cut.sh: the real installation, of few files.

`setup.sh install` runs as it is, but for the Python packages: in their place are files that are
copied, so that an update takes seconds and can be compared to the byte.
"""

import filecmp
import shutil
import subprocess
from pathlib import Path

HOME = Path("/opt/interview-booth")

_REPOSITORY = Path(__file__).resolve().parents[3]
_PARTS = ("web_panel", "firmware_scripts", "systemd", "pyproject.toml", "requirements.lock")
_PREPARE = 'set_up 2 requirements.lock "${runtime[@]}"\n      ;;'
_PRETEND = (
    'mkdir -p "$venv/bin" && cp -r "$root/web_panel" "$venv/packages" && '
    'printf \'#!/bin/sh\\nexit 0\\n\' >"$venv/bin/booth" && chmod +x "$venv/bin/booth"\n      ;;'
)
# What was extracted is packed again, without what was added to it.
_NAME = (
    'tar() { command tar --exclude=./.whole --exclude=./.ready "$@"; }; root="$1"; '
    'source "$2/firmware_scripts/installation.sh"; name_release; echo "$release"'
)


def make_source(release: str) -> Path:
    """A folder to install from, unlike those for other releases."""
    source = Path(f"/run/source-{release}")
    source.mkdir()
    for part in _PARTS:
        copy = shutil.copytree if (_REPOSITORY / part).is_dir() else shutil.copy
        copy(_REPOSITORY / part, source / part)
    (source / "release").write_text(f"{release}\n" * 1000)
    (source / "setup.sh").write_text(without_packages((_REPOSITORY / "setup.sh").read_text()))
    (source / "setup.sh").chmod(0o755)
    return source


def without_packages(setup: str) -> str:
    """setup.sh, which copies files where it would install Python packages.

    Raises:
        ValueError: it prepares releases in another way than is pretended here.
    """
    if _PREPARE not in setup:
        raise ValueError("setup.sh prepares releases in another way than is pretended here")
    return setup.replace(_PREPARE, _PRETEND)


def name_of(folder: Path) -> str:
    """The name that the installation gives to a folder's files."""
    command = ["bash", "-euc", _NAME, "bash", str(folder), str(_REPOSITORY)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def install(source: Path) -> str:
    """Run `setup.sh install`; what went wrong, else nothing."""
    done = subprocess.run(
        ["bash", str(source / "setup.sh"), "install", "--yes"],
        env={"PATH": "/run/tools:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/run", "container": "vm"},
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if done.returncode == 0 else (done.stdout + done.stderr)[-400:]


def fault_of_release(folder: Path) -> str:
    """What is not as it was installed; empty where all is."""
    if name_of(folder) != folder.name:
        return "its files have changed"
    packages = folder / ".venv" / "packages"
    if not packages.is_dir() or not (folder / ".venv" / "bin" / "booth").read_text():
        return "its packages are missing"
    return _difference(filecmp.dircmp(folder / "web_panel", packages))


def _difference(two: "filecmp.dircmp[str]") -> str:
    _, other, unread = filecmp.cmpfiles(two.left, two.right, two.common_files, shallow=False)
    wrong = [*two.left_only, *two.right_only, *other, *unread]
    if wrong:
        return f"{wrong[0]} has changed"
    return next((fault for part in two.subdirs.values() if (fault := _difference(part))), "")
