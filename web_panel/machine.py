"""How the machine under the booth does: load, memory and temperature, as Linux tells them."""

import os
from pathlib import Path

from appliance.domain.health import Health, Status

_HOT_C = 80.0
"""From here on a Raspberry Pi slows itself down."""

_ZONES = Path("/sys/class/thermal")
_MEMORY = Path("/proc/meminfo")
_LITTLE_MIB = 150.0


def machine(zones: Path = _ZONES, memory: Path = _MEMORY) -> tuple[Health, ...]:
    """Load, free memory, and the hottest place; what cannot be read is unknown.

    Args:
        zones: the folder of the thermal zones.
        memory: the file of the memory.
    """
    return _load(), _free(memory), _temperature(zones)


def _load() -> Health:
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    status = Status.HEALTHY if load <= cores else Status.WARNING
    return Health("load", status, f"{load:.2f} on {cores} cores over the last minute.")


def _free(memory: Path) -> Health:
    try:
        lines = memory.read_text(encoding="ascii").splitlines()
        free_kib = next(int(line.split()[1]) for line in lines if line.startswith("MemAvailable"))
    except (OSError, StopIteration, ValueError):
        return Health("memory", Status.UNKNOWN, "The free memory cannot be read.")
    status = Status.HEALTHY if free_kib / 1024 >= _LITTLE_MIB else Status.WARNING
    return Health("memory", status, f"{free_kib / 1024:.0f} MiB are free.")


def _temperature(zones: Path) -> Health:
    read = (_read_c(path) for path in zones.glob("thermal_zone*/temp"))
    found = [degrees for degrees in read if degrees is not None]
    if not found:
        return Health("temperature", Status.UNKNOWN, "This machine tells no temperature.")
    hottest_c = max(found)
    if hottest_c >= _HOT_C:
        advice = "Give the booth more air, or a fan."
        return Health("temperature", Status.WARNING, f"{hottest_c:.0f} °C: too hot.", advice)
    return Health("temperature", Status.HEALTHY, f"{hottest_c:.0f} °C.")


def _read_c(path: Path) -> float | None:
    try:
        return int(path.read_text(encoding="ascii")) / 1000
    except (OSError, ValueError):
        return None
