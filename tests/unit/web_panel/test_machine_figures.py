"""Load, memory and temperature as Linux tells them, and where it tells nothing."""

from pathlib import Path

from appliance.domain.health import Status
from web_panel.machine import machine


def test_a_cool_machine_with_room_is_well_and_a_hot_full_one_is_not(tmp_path: Path) -> None:
    zone = tmp_path / "thermal_zone0"
    zone.mkdir()
    memory = tmp_path / "meminfo"
    memory.write_text("MemTotal: 4000000 kB\nMemAvailable: 2048000 kB\n")
    (zone / "temp").write_text("45500\n")
    _, free, temperature = machine(tmp_path, memory)
    assert (free.status, free.message) == (Status.HEALTHY, "2000 MiB are free.")
    assert (temperature.status, temperature.message) == (Status.HEALTHY, "46 °C.")
    memory.write_text("MemAvailable: 51200 kB\n")
    (zone / "temp").write_text("84000\n")
    _, free, temperature = machine(tmp_path, memory)
    assert free.status is Status.WARNING
    assert temperature.status is Status.WARNING
    assert "fan" in temperature.advice


def test_what_cannot_be_read_is_unknown(tmp_path: Path) -> None:
    zone = tmp_path / "thermal_zone0"
    zone.mkdir()
    (zone / "temp").write_text("no number")
    load, free, temperature = machine(tmp_path, tmp_path / "none")
    assert load.message.endswith("over the last minute.")
    assert free.status is Status.UNKNOWN
    assert temperature.status is Status.UNKNOWN
