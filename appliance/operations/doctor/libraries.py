"""Which Python this is, and whether the libraries load; a broken one must not end the doctor."""

import json
import platform
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from appliance.domain.health import Health, Status
from appliance.operations.doctor.machine import is_raspberry_pi

_LOADS_S = 60.0


@dataclass(frozen=True, slots=True)
class Library:
    """A library.

    Attributes:
        package: as pip knows it.
        module: as Python imports it.
        needed: the booth can do nothing without it.
    """

    package: str
    module: str
    needed: bool = True


LIBRARIES = (
    Library("numpy", "numpy"),
    Library("ai-edge-litert", "ai_edge_litert.interpreter"),
    Library("onnxruntime", "onnxruntime"),
    Library("av", "av"),
    Library("soxr", "soxr"),
    Library("pillow", "PIL.Image"),
    Library("scipy", "scipy.signal"),
    Library("python-speech-features", "python_speech_features"),
    Library("pydantic", "pydantic"),
    Library("jinja2", "jinja2"),
    Library("matplotlib", "matplotlib.figure"),
    Library("opencv-python-headless", "cv2", needed=False),
    Library("pyaudio", "pyaudio"),
    Library("vosk", "vosk", needed=False),
    Library("faster-whisper", "faster_whisper", needed=False),
    Library("hibari-tts", "hibari", needed=False),
    Library("gpiozero", "gpiozero", needed=False),
    Library("evdev", "evdev", needed=False),
    Library("ollama", "ollama", needed=False),
)

_PICAMERA2 = Library("picamera2", "picamera2", needed=False)
"""It comes from the system, and its parts must fit the numpy of the booth."""

_MARK = "doctor: "
"""Before what the child says, since libraries print, too."""

_CHILD = """
import importlib, json, sys
for name in json.loads(sys.argv[1]):
    fault = ""
    try:
        importlib.import_module(name)
    except BaseException as error:
        fault = f"{type(error).__name__}: {error}"
    print("\\ndoctor: " + json.dumps([name, fault]), flush=True)
"""


def libraries_of(root: Path) -> tuple[Library, ...]:
    """The libraries that a machine needs.

    Args:
        root: the folder that holds `proc`.
    """
    return (*LIBRARIES, _PICAMERA2) if is_raspberry_pi(root) else LIBRARIES


def check_libraries(libraries: Sequence[Library] = LIBRARIES) -> list[Health]:
    """Load every library in a process of its own.

    Args:
        libraries: which.
    """
    faults = _load([library.module for library in libraries])
    versions = {library.package: _version(library.package) for library in libraries}
    found = [
        Health(
            "libraries",
            Status.CRITICAL if library.needed else Status.WARNING,
            f"{library.package} {versions[library.package] or '(not installed)'} does not load: "
            f"{faults[library.module]}.",
            "Run ./setup.sh again.",
            {"package": library.package},
        )
        for library in libraries
        if faults.get(library.module)
    ]
    details = {"python": platform.python_version(), "versions": versions}
    count = len(libraries) - len(found)
    message = f"Python {platform.python_version()}; {count} libraries load."
    return [Health("libraries", Status.HEALTHY, message, details=details), *found]


def _load(modules: Sequence[str]) -> Mapping[str, str]:
    """What is wrong with each module, "" where nothing is."""
    faults: dict[str, str] = {}
    left = list(modules)
    while left:
        told, ending = _run(left)
        faults |= told
        left = [name for name in left if name not in told]
        if left:
            # The first of them ended the process; those after it were not tried yet.
            faults[left.pop(0)] = ending
    return faults


def _run(modules: Sequence[str]) -> tuple[dict[str, str], str]:
    """What a child said of each module that it came to, and how it ended."""
    command = [sys.executable, "-c", _CHILD, json.dumps(list(modules))]
    try:
        done = subprocess.run(  # noqa: S603  # our own words alone
            command, capture_output=True, timeout=_LOADS_S, check=False, stdin=subprocess.DEVNULL
        )
        raw, ending = done.stdout, f"it ends the process ({done.returncode})"
    except subprocess.TimeoutExpired as late:
        raw, ending = late.stdout or b"", f"it is not loaded after {_LOADS_S:.0f} s"
    lines = raw.decode(errors="replace").splitlines()
    said = [json.loads(line.removeprefix(_MARK)) for line in lines if line.startswith(_MARK)]
    return {str(name): str(fault) for name, fault in said}, ending


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
