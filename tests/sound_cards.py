"""A machine's folders with sound cards in them, and a PortAudio whose inputs a test commands."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from appliance.devices.machine import Machine


class SoundMachine:
    """Folders like /dev/snd, /sys/class/sound and /proc/asound."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in ("dev/snd", "sys/class/sound", "proc/asound"):
            (root / name).mkdir(parents=True)
        self.machine = Machine(root / "dev", root / "sys", root / "proc", root / "etc")
        self._listed: dict[int, str] = {}

    def add(
        self,
        number: int,
        name: str,
        *,
        usb: tuple[str, str] | None = None,
        records: bool = True,
    ) -> Path:
        """Plug in a card.

        Args:
            number: the kernel's.
            name: what it calls itself.
            usb: socket, and "vendor:product:serial".
            records: it has an input.

        Returns:
            The node by which it records.
        """
        bus = f"usb1/{usb[0]}/{usb[0]}:1.0" if usb else "platform/soc/sound"
        device = self.root / "sys" / "devices" / bus / "sound" / f"card{number}"
        device.mkdir(parents=True)
        if usb:
            for part, value in zip(
                ("idVendor", "idProduct", "serial"), usb[1].split(":"), strict=True
            ):
                (device.parents[2] / part).write_text(f"{value}\n")
        folder = self.root / "sys" / "class" / "sound"
        (device / "device").symlink_to(device.parents[1])
        (device / "id").write_text("Device\n")
        (folder / f"card{number}").symlink_to(device)
        (folder / f"pcmC{number}D0p").mkdir()
        node = self.root / "dev" / "snd" / f"pcmC{number}D0c"
        if records:
            (folder / node.name).mkdir()
            node.touch()
        self._listed[number] = name
        self._list()
        return node

    def unplug(self, number: int) -> None:
        """Take a card away, as the kernel does."""
        folder = self.root / "sys" / "class" / "sound"
        (folder / f"card{number}").unlink()
        for node in folder.glob(f"pcmC{number}D*"):
            node.rmdir()
        (self.root / "dev" / "snd" / f"pcmC{number}D0c").unlink()
        del self._listed[number]
        self._list()

    def _list(self) -> None:
        lines = [
            f"{number:2d} [{'Device':<15}]: USB-Audio - {name}\n    {name} at usb, full speed\n"
            for number, name in self._listed.items()
        ]
        (self.root / "proc" / "asound" / "cards").write_text("".join(lines))


class FakeStream:
    """A stream that gives sound when the test says so."""

    def __init__(self, library: "FakePyAudio", options: dict[str, Any]) -> None:
        self.options = options
        self._library = library
        self.active = True

    def is_active(self) -> bool:
        return self.active

    def close(self) -> None:
        self._library.streams.remove(self)

    def gives(self, *samples: int, status: int = 0) -> None:
        """Hand over a block of whole numbers, each to all channels."""
        raw = np.repeat(np.array(samples, np.int16), self.options["channels"])
        take: Callable[..., Any] = self.options["stream_callback"]
        assert take(raw.tobytes(), len(samples), {}, status) == (None, self._library.paContinue)


class FakePyAudio:
    """PyAudio's module, with its one class and what the booth uses of it.

    Attributes:
        inputs: (name, own rate, channels) of each; PortAudio sees them when it is initialised.
        default: index of the system's input; None where there is none.
        errors: PortAudio's error by (index, rate, channels), or by index.
        streams: those that are open.
        sessions: how many are initialised.
    """

    paInt16 = 8  # noqa: N815  # the library's name
    paContinue = 0  # noqa: N815  # the library's name
    paInputOverflow = 2  # noqa: N815  # the library's name

    def __init__(self, *inputs: tuple[str, int, int], default: int | None = 0) -> None:
        self.inputs = list(inputs)
        self.default = default
        self.errors: dict[Any, int] = {}
        self.streams: list[FakeStream] = []
        self.sessions = 0

    def PyAudio(self) -> "_Session":  # noqa: N802  # the library's name
        self.sessions += 1
        return _Session(self)


class _Session:
    def __init__(self, library: FakePyAudio) -> None:
        self._library = library
        self._inputs = list(library.inputs)

    def get_device_count(self) -> int:
        return len(self._inputs)

    def get_device_info_by_index(self, index: int) -> dict[str, Any]:
        name, rate_hz, channels = self._inputs[index]
        return {
            "index": index,
            "name": name,
            "defaultSampleRate": float(rate_hz),
            "maxInputChannels": channels,
        }

    def get_default_input_device_info(self) -> dict[str, Any]:
        if self._library.default is None or not self._inputs:
            raise OSError("No Default Input Device Available")
        return self.get_device_info_by_index(self._library.default)

    def open(self, **options: Any) -> FakeStream:
        index = options["input_device_index"]
        mode = (index, options["rate"], options["channels"])
        code = self._library.errors.get(mode, self._library.errors.get(index))
        if code is not None:
            raise OSError(code, "words of PortAudio")
        stream = FakeStream(self._library, options)
        self._library.streams.append(stream)
        return stream

    def terminate(self) -> None:
        self._library.sessions -= 1
