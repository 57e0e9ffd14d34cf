"""Whether what is in memory alone can end up on a disk."""

from pathlib import Path

from appliance.domain.health import Health, Status
from appliance.operations.doctor.kernel_files import read_text


def check_swap(root: Path) -> Health:
    """Where memory is swapped to.

    Args:
        root: the folder that holds `proc`.
    """
    lines = (read_text(root / "proc/swaps") or "").splitlines()[1:]
    places = [line.split()[0] for line in lines if line.split()]
    on_disk = [place for place in places if not place.startswith("/dev/zram")]
    details = {"swaps": places}
    if not on_disk:
        message = "Nothing that is in memory can be swapped to a disk."
        return Health("swap", Status.HEALTHY, message, details=details)
    return Health(
        "swap",
        Status.WARNING,
        f"Memory is swapped to {', '.join(on_disk)}: pieces of a voice or a picture may stay.",
        "Switch it off: 'sudo swapoff -a', and on Raspberry Pi OS 'sudo systemctl disable "
        "dphys-swapfile'. The service never swaps.",
        details,
    )
