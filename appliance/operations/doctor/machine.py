"""Which machine this is, and how much memory it has left."""

import os
import platform
import re
from pathlib import Path

from appliance.domain.health import Health, Status
from appliance.operations.doctor.kernel_files import read_text

# One whole analysis, with every model loaded, took 458 MB ('booth demo --once' on x86-64).
_TIGHT_MB = 600
_TOO_LITTLE_MB = 200


def check_processor(root: Path) -> Health:
    """Which machine this is; never a fault.

    Args:
        root: the folder that holds `proc`.
    """
    name, cores = machine_name(root), os.cpu_count() or 1
    return Health(
        "processor",
        Status.HEALTHY,
        f"{name}, {cores} {'core' if cores == 1 else 'cores'}, {platform.machine()}.",
        details={"model": name, "cores": cores, "architecture": platform.machine()},
    )


def machine_name(root: Path) -> str:
    """The board, such as "Raspberry Pi 5 Model B Rev 1.0"; elsewhere the processor."""
    if board := read_text(root / "proc/device-tree/model"):
        return board
    for line in (read_text(root / "proc/cpuinfo") or "").splitlines():
        key, _, value = line.partition(":")
        if key.strip().lower() in {"model name", "hardware"} and value.strip():
            return " ".join(value.split())
    return "Unknown processor"


def is_raspberry_pi(root: Path) -> bool:
    """Whether the board says that it is a Raspberry Pi."""
    return "Raspberry Pi" in (read_text(root / "proc/device-tree/model") or "")


def check_memory(root: Path) -> Health:
    """How much memory is left for the booth.

    Args:
        root: the folder that holds `proc`.
    """
    text = read_text(root / "proc/meminfo") or ""
    lines = re.findall(r"^(\w+):\s+(\d+) kB", text, re.MULTILINE)
    sizes = {key: int(kib) * 1024 for key, kib in lines}
    if "MemAvailable" not in sizes or "MemTotal" not in sizes:
        return Health(
            "memory", Status.UNKNOWN, "The system does not say how much memory is available."
        )
    available, total = sizes["MemAvailable"], sizes["MemTotal"]
    status, advice = Status.HEALTHY, ""
    if available < _TIGHT_MB * 1e6:
        status = Status.CRITICAL if available < _TOO_LITTLE_MB * 1e6 else Status.WARNING
        advice = (
            f"Close other programs, such as a desktop: the booth needs about {_TIGHT_MB} MB, "
            "less if it runs already."
        )
    return Health(
        "memory",
        status,
        f"{available / 1e9:.1f} GB of {total / 1e9:.1f} GB are available.",
        advice,
        {"available_bytes": available, "total_bytes": total},
    )
