"""How hot the machine is."""

from pathlib import Path

from appliance.domain.health import Health, Status
from appliance.operations.doctor.kernel_files import read_int, read_text

# A Raspberry Pi slows down from 80 °C on, and more from 85 °C on (Raspberry Pi documentation,
# "Frequency management and thermal control").
_WARM_C = 75.0
_HOT_C = 85.0
_POSSIBLE_C = (-40.0, 150.0)  # a Jetson gives -256 for a part that is off


def check_temperature(root: Path) -> Health:
    """The hottest of all sensors.

    Args:
        root: the folder that holds `sys`.
    """
    sensors: list[tuple[float, str]] = []
    for zone in sorted((root / "sys/class/thermal").glob("thermal_zone*")):
        millidegrees = read_int(zone / "temp")
        if millidegrees is None or not _POSSIBLE_C[0] <= millidegrees / 1000 <= _POSSIBLE_C[1]:
            continue
        sensors.append((millidegrees / 1000, read_text(zone / "type") or zone.name))
    if not sensors:
        return Health("temperature", Status.SKIPPED, "The machine has no sensor that tells.")
    hottest_c, where = max(sensors)
    status, advice = Status.HEALTHY, ""
    if hottest_c >= _WARM_C:
        status = Status.CRITICAL if hottest_c >= _HOT_C else Status.WARNING
        advice = "Give it air, a heat sink or a fan; a hot machine slows down."
    count = f", the hottest of {len(sensors)} sensors" if len(sensors) > 1 else ""
    return Health(
        "temperature",
        status,
        f"{hottest_c:.0f} °C ({where}{count}).",
        advice,
        {"sensors": [{"name": name, "temperature_c": degrees} for degrees, name in sensors]},
    )
