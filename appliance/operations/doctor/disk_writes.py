"""How much is written to the disk, which is what wears a memory card out."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from appliance.domain.health import Health, Status
from appliance.operations.doctor.disk_space import existing
from appliance.operations.doctor.kernel_files import read_text

Clock = Callable[[], float]

# An estimate: a card of 32 GB whose cells endure 500 rewrites, of which the card itself spends
# three of four on moving data about, takes 4 TB. At 5 GB a day that is a little over two years.
_WEARS_GB_A_DAY = 5.0

_SETTLED_S = 3600.0  # before that, the average is that of starting up
_MEASURED_S = 1.0
_SECTOR_BYTES = 512  # of the kernel's statistics, whatever the disk's own are
_SECTORS_WRITTEN = 6  # the column, see the kernel's Documentation/block/stat.rst
_DAY_S = 86_400.0
_MOST_LAYERS = 8  # such as encryption over a volume over a partition


@dataclass(frozen=True, slots=True)
class Disk:
    """A disk, as the kernel knows it.

    Attributes:
        folder: of sysfs, with its statistics.
        kind: "SD card", "eMMC" or "disk".
    """

    folder: Path
    kind: str

    @property
    def wears(self) -> bool:
        """Whether much writing ends its life soon."""
        return self.kind != "disk"


def check_disk_writes(
    folder: Path, root: Path, clock: Clock, wait: Callable[[float], None]
) -> Health:
    """How much is written to the disk under a folder, a day on average and at the moment.

    Args:
        folder: where the booth keeps things.
        root: the folder that holds `proc` and `sys`.
        clock: monotonic seconds.
        wait: waits for so many seconds.
    """
    disk = find_disk(folder, root)
    before = None if disk is None else _written_bytes(disk)
    if disk is None or before is None:
        return Health(
            "disk writes", Status.SKIPPED, f"The system keeps no count of writes under {folder}."
        )
    began_at = clock()
    wait(_MEASURED_S)
    after = _written_bytes(disk) or before
    now_bytes_s = (after - before) / max(clock() - began_at, 1e-3)
    up_s = float((read_text(root / "proc/uptime") or "0").split()[0])
    return _judge(disk, after, now_bytes_s, up_s)


def find_disk(folder: Path, root: Path) -> Disk | None:
    """The disk under a folder, through partitions and encryption; None where there is none.

    Args:
        folder: any folder; it may not be there yet.
        root: the folder that holds `sys`.
    """
    number = existing(folder).stat().st_dev
    major, minor = number >> 8 & 0xFFF, number & 0xFF | number >> 12 & 0xFFF00
    place = root / f"sys/dev/block/{major}:{minor}"
    if not place.exists():
        return None
    place = place.resolve()
    for _ in range(_MOST_LAYERS):
        under = sorted((place / "slaves").glob("*"))
        if not under:
            break
        place = under[0].resolve()
    if (place / "partition").exists():
        place = place.parent
    kind = "disk"
    if place.name.startswith("mmcblk"):
        kind = "eMMC" if read_text(place / "device/type") == "MMC" else "SD card"
    return Disk(place, kind)


def _written_bytes(disk: Disk) -> int | None:
    columns = (read_text(disk.folder / "stat") or "").split()
    if len(columns) <= _SECTORS_WRITTEN:
        return None
    return int(columns[_SECTORS_WRITTEN]) * _SECTOR_BYTES


def _judge(disk: Disk, written_bytes: int, now_bytes_s: float, up_s: float) -> Health:
    """What a disk's figures mean.

    Args:
        disk: the disk.
        written_bytes: since the machine was started.
        now_bytes_s: at the moment, bytes a second.
        up_s: seconds since the machine was started.
    """
    gb_a_day = written_bytes / 1e9 * _DAY_S / up_s if up_s > 0 else None
    details = {
        "disk": disk.folder.name,
        "kind": disk.kind,
        "written_bytes": written_bytes,
        "up_s": round(up_s),
        "average_gb_a_day": None if gb_a_day is None else round(gb_a_day, 2),
        "now_bytes_s": round(now_bytes_s),
    }
    what = f"The {disk.kind} {disk.folder.name}"
    now = f"{now_bytes_s / 1e6:.1f} MB/s at the moment"
    if gb_a_day is None or up_s < _SETTLED_S:
        message = f"{what} takes {now}; an average needs an hour from the start of the machine."
        return Health("disk writes", Status.HEALTHY, message, details=details)
    message = f"{what} takes {gb_a_day:.1f} GB a day on average, {now}."
    if not disk.wears or gb_a_day <= _WEARS_GB_A_DAY:
        return Health("disk writes", Status.HEALTHY, message, details=details)
    return Health(
        "disk writes",
        Status.WARNING,
        f"{message} That wears it out within about two years.",
        "Unless something was just installed: keep the journal in memory (Storage=volatile in "
        "/etc/systemd/journald.conf) and swap off the card, or start from an SSD.",
        details,
    )
