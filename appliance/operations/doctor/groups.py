"""Whether the person who runs this may open the devices that there are."""

import os
import pwd
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from appliance.domain.health import Health, Status
from appliance.operations.doctor.kernel_files import read_text


@dataclass(frozen=True, slots=True)
class Person:
    """Who runs this.

    Attributes:
        name: to log in with.
        uid: their number.
        gids: numbers of the groups that this session has.
    """

    name: str
    uid: int
    gids: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Kind:
    """Some devices.

    Attributes:
        name: for people.
        patterns: of its nodes, below /dev.
        needed: whether the booth can do little without them.
    """

    name: str
    patterns: tuple[str, ...]
    needed: bool


_KINDS = (
    _Kind("cameras", ("video*", "media*"), needed=True),
    _Kind("sound", ("snd/*",), needed=True),
    _Kind("lights and buttons", ("gpiochip*", "gpiomem*"), needed=False),
    _Kind("keys", ("input/event*",), needed=False),
)


def current_person() -> Person:
    """Who runs this process."""
    uid = os.geteuid()
    try:
        name = pwd.getpwuid(uid).pw_name
    except KeyError:
        name = str(uid)
    return Person(name, uid, frozenset({os.getegid(), *os.getgroups()}))


def may_open(node: Path) -> bool:
    """Whether this process may read and write a node; an access list can allow it, too."""
    return os.access(node, os.R_OK | os.W_OK)


def check_groups(root: Path, person: Person, may_use: Callable[[Path], bool]) -> Health:
    """Which devices the person may not open, and the groups that would let them.

    Args:
        root: the folder that holds `dev` and `etc`.
        person: who runs this.
        may_use: whether the person may read and write a node.
    """
    if person.uid == 0:
        return Health("groups", Status.HEALTHY, "You are root, who may open every device.")
    nodes = {kind: _nodes(kind, root) for kind in _KINDS}
    if not any(nodes.values()):
        return Health("groups", Status.SKIPPED, "There is no device that takes a group.")
    closed = {
        kind: [n for n in there if n.stat().st_gid not in person.gids and not may_use(n)]
        for kind, there in nodes.items()
    }
    lacking = {kind: there for kind, there in closed.items() if there}
    if not lacking:
        return Health("groups", Status.HEALTHY, f"{person.name} may open every device.")
    groups = _read_groups(root)
    owners = {n.stat().st_gid for there in lacking.values() for n in there}
    named = sorted((groups[gid] for gid in owners if gid in groups and gid != 0), key=_name)
    status = Status.CRITICAL if any(kind.needed for kind in lacking) else Status.WARNING
    what = " and ".join(f"{kind.name} ({there[0]})" for kind, there in lacking.items())
    return Health(
        "groups",
        status,
        f"{person.name} may not open: {what}.",
        _advice(person, named, all(gid in groups and gid != 0 for gid in owners)),
        {"lacking": [group.name for group in named]},
    )


@dataclass(frozen=True, slots=True)
class _Group:
    name: str
    members: frozenset[str]


def _name(group: _Group) -> str:
    return group.name


def _advice(person: Person, groups: list[_Group], all_helped: bool) -> str:
    missing = [group.name for group in groups if person.name not in group.members]
    advice = []
    if missing:
        joined = ",".join(missing)
        advice.append(f"Run 'sudo usermod -aG {joined} {person.name}', then log in again.")
    elif groups:
        advice.append(
            f"{person.name} is in {', '.join(map(_name, groups))}, but not yet in this session: "
            "log in again."
        )
    if not all_helped:
        advice.append("A device that belongs to root alone needs a udev rule that names a group.")
    return " ".join(advice)


def _nodes(kind: _Kind, root: Path) -> list[Path]:
    found = (path for pattern in kind.patterns for path in (root / "dev").glob(pattern))
    return sorted(path for path in found if not path.is_dir())


def _read_groups(root: Path) -> dict[int, _Group]:
    """The groups of the machine by number, with those who belong to them."""
    groups = {}
    for line in (read_text(root / "etc/group") or "").splitlines():
        fields = line.split(":")
        if len(fields) == 4 and fields[2].isdigit():
            members = frozenset(fields[3].split(","))
            groups[int(fields[2])] = _Group(fields[0], members)
    return groups
