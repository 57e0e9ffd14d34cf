"""Sound cards that can record: their lasting names, and who may use them."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from appliance.devices.machine import Machine

SEPARATOR = " | "
"""Between the names that one identity is made of."""

_LISTED = re.compile(r"^\s*(\d+) \[.{15}\]: .*? - (.*)$", re.MULTILINE)
"""A card in /proc/asound/cards: its number and its name."""


_NODE = re.compile(r"C(\d+)D(\d+)c")
"""Numbers of the card and of its input in the name of a node."""


@dataclass(frozen=True, slots=True)
class Card:
    """A sound card that can record.

    Attributes:
        number: the kernel's, which may be another card's after the next start.
        name: what it calls itself.
        usb_path: the socket it is plugged into, such as "1-1.2"; empty where it is not on USB.
        usb_id: vendor, product and serial number, such as "0d8c:0014:A1"; empty likewise.
        nodes: the files by which it records.
        folder: where the kernel tells of it; gone when the card is.
    """

    number: int
    name: str
    usb_path: str
    usb_id: str
    nodes: tuple[Path, ...]
    folder: Path

    @property
    def identity(self) -> str:
        """All lasting names of the card, the surest first."""
        return SEPARATOR.join(name for name in (self.usb_path, self.usb_id, self.name) if name)

    @property
    def device(self) -> str:
        """Its first input as ALSA calls it, such as "hw:2,0"."""
        return "hw:{},{}".format(*_NODE.findall(self.nodes[0].name)[0])

    @property
    def may_be_used(self) -> bool:
        """Whether this user may record by it."""
        return all(os.access(node, os.R_OK | os.W_OK) for node in self.nodes)

    @property
    def is_there(self) -> bool:
        """Whether it is still plugged in."""
        return self.folder.exists()


def recording_cards(machine: Machine) -> list[Card]:
    """The cards that can record, those on USB first."""
    folder = machine.sys / "class" / "sound"
    names = dict(_LISTED.findall(_read(machine.proc / "asound" / "cards")))
    cards = []
    for entry in sorted(folder.glob("card[0-9]*"), key=lambda path: int(path.name[4:])):
        number = entry.name[4:]
        nodes = tuple(
            machine.dev / "snd" / pcm.name for pcm in sorted(folder.glob(f"pcmC{number}D*c"))
        )
        if nodes:
            usb_path, usb_id = _usb_names((entry / "device").resolve())
            name = names.get(number, "").strip() or _read(entry / "id") or entry.name
            cards.append(Card(int(number), name, usb_path, usb_id, nodes, entry))
    return sorted(cards, key=lambda card: not card.usb_path)


def rank(identity: str, *names: str) -> int | None:
    """How sure it is that something is meant by an identity: 0 is surest, None is not at all.

    Args:
        identity: one lasting name or some, as `Card.identity` has them.
        names: those of the thing, the surest first; empty ones are none.
    """
    wanted = {name.strip() for name in identity.split(SEPARATOR.strip())}
    return next((place for place, name in enumerate(names) if name and name in wanted), None)


def _usb_names(device: Path) -> tuple[str, str]:
    """Socket and id of the USB device that a card's own folder lies in."""
    for folder in (device, *device.parents):
        if (folder / "idVendor").exists():
            parts = (_read(folder / part) for part in ("idVendor", "idProduct", "serial"))
            return folder.name, ":".join(parts)
    return "", ""


def _read(path: Path) -> str:
    try:
        return path.read_text(errors="replace").strip()
    except OSError:
        return ""
