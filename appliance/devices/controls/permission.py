"""Whether this user may use a device node, and which group to join where not."""

import grp
from collections.abc import Iterable
from pathlib import Path

from appliance.domain.errors import DeviceUnusableError


def refuse_without_permission(nodes: Iterable[Path], what: str, usual_group: str) -> None:
    """Stop where there are device nodes and none of them may be opened.

    Args:
        nodes: such as those of `/dev/gpiochip*`.
        what: they are, as in "the GPIO pins".
        usual_group: may use them, where the node itself does not tell.

    Raises:
        DeviceUnusableError: names a node, and the group to join.
    """
    there = list(nodes)
    if there and all(_refused(node) for node in there):
        raise no_permission(there[0], what, usual_group)


def no_permission(node: Path, what: str, usual_group: str) -> DeviceUnusableError:
    """The error for a node that must not be opened; see `refuse_without_permission`."""
    try:
        owner = grp.getgrgid(node.stat().st_gid).gr_name
    except (OSError, KeyError):
        owner = usual_group
    group = usual_group if owner in {"root", "nogroup"} else owner
    return DeviceUnusableError(
        f"This user may not use {what}: {node} is for the group {group}.",
        f"Run 'sudo usermod -aG {group} USER' for the user of the booth, then restart it.",
    )


def _refused(node: Path) -> bool:
    try:
        node.open("r+b", buffering=0).close()
    except PermissionError:
        return True
    except OSError:
        return False
    return False
