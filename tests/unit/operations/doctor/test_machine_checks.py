"""What the kernel tells of the machine, on folders as the kernel has them."""

from datetime import datetime, timezone
from pathlib import Path

import pytest

from appliance.domain.health import Status
from appliance.operations.doctor.clock import check_clock, kernel_says_set
from appliance.operations.doctor.kernel_files import read_int, read_text
from appliance.operations.doctor.machine import check_memory, check_processor, is_raspberry_pi
from appliance.operations.doctor.swap import check_swap
from appliance.operations.doctor.temperature import check_temperature
from appliance.operations.doctor.throttling import check_throttling


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


# ---------------------------------------------------------------- files of the kernel


def test_what_is_not_there_or_no_number_is_none(tmp_path: Path) -> None:
    assert read_text(tmp_path / "missing") is None
    assert read_text(_write(tmp_path / "empty", "\n")) is None
    assert read_int(_write(tmp_path / "words", "no number")) is None
    assert read_int(_write(tmp_path / "number", " 12\n")) == 12
    assert read_text(_write(tmp_path / "board", "Raspberry Pi 5\0")) == "Raspberry Pi 5"


# ---------------------------------------------------------------- processor and memory


def test_a_board_goes_by_its_name(tmp_path: Path) -> None:
    _write(tmp_path / "proc/device-tree/model", "Raspberry Pi 4 Model B Rev 1.5\0")
    assert check_processor(tmp_path).message.startswith("Raspberry Pi 4 Model B Rev 1.5, ")
    assert is_raspberry_pi(tmp_path)


def test_elsewhere_it_is_the_processor(tmp_path: Path) -> None:
    _write(tmp_path / "proc/cpuinfo", "processor\t: 0\nmodel name\t: Some   CPU @ 2 GHz\n")
    assert check_processor(tmp_path).details["model"] == "Some CPU @ 2 GHz"
    assert not is_raspberry_pi(tmp_path)
    assert check_processor(tmp_path / "nowhere").details["model"] == "Unknown processor"


@pytest.mark.parametrize(
    ("available_kib", "status"),
    [(2_000_000, Status.HEALTHY), (400_000, Status.WARNING), (100_000, Status.CRITICAL)],
)
def test_little_memory_is_told(tmp_path: Path, available_kib: int, status: Status) -> None:
    text = f"MemTotal: 4000000 kB\nMemFree: 1 kB\nMemAvailable: {available_kib} kB\n"
    _write(tmp_path / "proc/meminfo", text)
    found = check_memory(tmp_path)
    assert found.status is status
    assert bool(found.advice) == (status is not Status.HEALTHY)


def test_memory_that_nobody_tells_of_is_unknown(tmp_path: Path) -> None:
    assert check_memory(tmp_path).status is Status.UNKNOWN


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ("", Status.HEALTHY),
        ("/dev/zram0 partition 1000 0 100\n", Status.HEALTHY),
        ("/var/swap file 204796 0 -2\n", Status.WARNING),
    ],
)
def test_swap_on_a_disk_is_told(tmp_path: Path, lines: str, status: Status) -> None:
    _write(tmp_path / "proc/swaps", f"Filename Type Size Used Priority\n{lines}")
    found = check_swap(tmp_path)
    assert found.status is status
    if status is Status.WARNING:
        assert "swapped to /var/swap" in found.message
        assert "sudo swapoff -a" in found.advice


# ---------------------------------------------------------------- temperature and power


@pytest.mark.parametrize(
    ("millidegrees", "status"),
    [(48_300, Status.HEALTHY), (79_000, Status.WARNING), (88_000, Status.CRITICAL)],
)
def test_the_hottest_sensor_decides(tmp_path: Path, millidegrees: int, status: Status) -> None:
    zones = tmp_path / "sys/class/thermal"
    _write(zones / "thermal_zone0/temp", "30000\n")
    _write(zones / "thermal_zone1/temp", f"{millidegrees}\n")
    _write(zones / "thermal_zone1/type", "cpu-thermal\n")
    _write(zones / "thermal_zone2/temp", "-256000\n")
    found = check_temperature(tmp_path)
    assert found.status is status
    assert f"{millidegrees / 1000:.0f} °C (cpu-thermal, the hottest of 2 sensors)" in found.message
    assert bool(found.advice) == (status is not Status.HEALTHY)


def test_a_machine_without_sensors_is_passed_over(tmp_path: Path) -> None:
    assert check_temperature(tmp_path).status is Status.SKIPPED


@pytest.mark.parametrize(
    ("flags", "status", "words"),
    [
        ("0", Status.HEALTHY, "strong enough"),
        ("50000", Status.WARNING, "Before: under-voltage, throttling."),
        ("50005", Status.CRITICAL, "Now: under-voltage, the processor is throttled."),
        ("80008", Status.WARNING, "Now: the soft temperature limit is reached."),
    ],
)
@pytest.mark.parametrize("folder", ["soc/soc:firmware", "soc@107c000000/107c000000.firmware"])
def test_the_kernels_flags_are_told_in_words(
    tmp_path: Path, folder: str, flags: str, status: Status, words: str
) -> None:
    _write(tmp_path / "sys/devices/platform" / folder / "get_throttled", f"{flags}\n")
    found = check_throttling(tmp_path)
    assert found.status is status
    assert words in found.message
    if "under-voltage" in words:
        assert "official power supply" in found.advice
    elif status is not Status.HEALTHY:
        assert "heat sink" in found.advice


def _program(path: Path, text: str) -> str:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def test_where_the_kernel_does_not_tell_the_firmware_is_asked(tmp_path: Path) -> None:
    command = _program(tmp_path / "vcgencmd", 'test "$1" = get_throttled && echo throttled=0x50000')
    assert check_throttling(tmp_path, command).details["before"] == ["under-voltage", "throttling"]


def test_a_program_that_says_nonsense_or_is_not_there_tells_nothing(tmp_path: Path) -> None:
    command = _program(tmp_path / "vcgencmd", "echo VCHI initialization failed; exit 255")
    assert check_throttling(tmp_path, command).status is Status.SKIPPED
    assert check_throttling(tmp_path, str(tmp_path / "none")).status is Status.SKIPPED


# ---------------------------------------------------------------- clock


def _at(year: int) -> datetime:
    return datetime(year, 3, 4, 5, 6, tzinfo=timezone.utc)


def test_a_clock_that_the_network_set_is_well(tmp_path: Path) -> None:
    found = check_clock(tmp_path, lambda: _at(2026), lambda: True)
    assert (found.status, found.message) == (
        Status.HEALTHY,
        "The clock is set from the network: 2026-03-04 05:06.",
    )
    _write(tmp_path / "run/systemd/timesync/synchronized", "")
    assert check_clock(tmp_path, lambda: _at(2026), lambda: False).status is Status.HEALTHY


def test_a_clock_with_a_battery_is_well(tmp_path: Path) -> None:
    (tmp_path / "sys/class/rtc/rtc0").mkdir(parents=True)
    found = check_clock(tmp_path, lambda: _at(2026), lambda: False)
    assert found.status is Status.HEALTHY
    assert "kept by the machine's own clock" in found.message


def test_a_clock_that_nobody_set_is_told_and_said_to_be_harmless(tmp_path: Path) -> None:
    found = check_clock(tmp_path, lambda: _at(2026), lambda: None)
    assert found.status is Status.WARNING
    assert "no measure does" in found.message


@pytest.mark.parametrize("year", [1970, 2155])
def test_a_year_that_cannot_be_is_told(tmp_path: Path, year: int) -> None:
    found = check_clock(tmp_path, lambda: _at(year), lambda: True)
    assert found.status is Status.WARNING
    assert f"The clock says {year}-03-04 05:06, which cannot be" in found.message


def test_the_kernel_can_be_asked() -> None:
    assert kernel_says_set() in {True, False, None}
