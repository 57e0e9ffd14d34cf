"""The devices of the virtual machine: a camera and a sound card that are plugged and unplugged.

Both are modules of the kernel. Their drivers' `unbind` takes the device away while it is in use, as
pulling the cable of a USB device does; `bind` brings it back.
"""

import fcntl
import grp
import os
import struct
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt

IN_THE_VM = "booth_vm=1" in Path("/proc/cmdline").read_text().split()

PATIENCE_S = 60.0
"""How long the emulated machine may take for anything; nothing is said by how long it took."""


def wait_until(happened: Callable[[], bool], what: str, timeout_s: float = PATIENCE_S) -> float:
    """Wait for something; return how many seconds it took."""
    began = time.monotonic()
    while not happened():
        if time.monotonic() - began > timeout_s:
            raise TimeoutError(f"{what}: not within {timeout_s:.0f} s")
        time.sleep(0.02)
    return time.monotonic() - began


class KernelDevice:
    """A device that a module of the kernel pretends.

    Args:
        module: its name, with the parameters to load it with.
        bus_name: of the device on the platform bus.
        group: who may use its nodes, as udev arranges it on a booth.
        nodes: where its nodes appear, a pattern under /dev.
    """

    def __init__(self, module: tuple[str, ...], bus_name: str, group: str, nodes: str) -> None:
        self._module = module
        self._bus_name = bus_name
        self._driver = Path("/sys/bus/platform/drivers") / bus_name.partition(".")[0]
        self._group = group
        self._nodes = nodes
        self._unbinding: subprocess.Popen[bytes] | None = None

    def load(self) -> None:
        """Let the device appear for the first time."""
        subprocess.run(["modprobe", *self._module], check=True)
        self._settle()

    def unload(self) -> None:
        """Take the module away, with the device if it is there; nobody may be using it."""
        self._join()
        if self._driver.exists():
            name = self._module[0]
            wait_until(
                lambda: subprocess.call(["rmmod", name], stderr=subprocess.DEVNULL) == 0,
                f"unloading {name}",
            )

    def unplug(self) -> None:
        """Take the device away from whoever uses it."""
        # The kernel holds this back until the last user has closed the device: it needs a process
        # of its own, since one that waits in the kernel cannot end and so never closes anything.
        write = 'printf %s "$1" >"$2"'
        self._unbinding = subprocess.Popen(
            ["sh", "-c", write, "sh", self._bus_name, str(self._driver / "unbind")]
        )
        wait_until(lambda: not self.nodes(), "the end of its nodes")

    def plug(self) -> None:
        """Bring it back, once everybody has let go of it."""
        self._join()
        (self._driver / "bind").write_text(self._bus_name)
        self._settle()

    def nodes(self) -> list[Path]:
        """Its nodes in /dev."""
        return sorted(Path("/dev").glob(self._nodes))

    def _join(self) -> None:
        if self._unbinding is not None:
            unbinding, self._unbinding = self._unbinding, None
            assert unbinding.wait(PATIENCE_S) == 0, "the device could not be unplugged"

    def _settle(self) -> None:
        wait_until(lambda: bool(self.nodes()), f"a node /dev/{self._nodes}")
        for node in self.nodes():
            os.chown(node, 0, grp.getgrnam(self._group).gr_gid)
            node.chmod(0o660)


class Camera(KernelDevice):
    """The `vivid` driver's webcam: eight colour bars, over which the time runs as text.

    Args:
        count: how many such cameras.
    """

    def __init__(self, count: int = 1) -> None:
        types = ",".join(["0x1"] * count)
        inputs = ",".join(["1"] * count)
        parameters = (f"n_devs={count}", f"node_types={types}", f"num_inputs={inputs}")
        super().__init__(("vivid", *parameters), "vivid.0", "video", "video*")

    def name_as_udev_does(self, node: Path) -> Path:
        """Give a node a lasting name; where udev runs, it does."""
        link = Path("/dev/v4l/by-id") / f"usb-Pretended_{node.name}-index0"
        link.parent.mkdir(parents=True, exist_ok=True)
        link.unlink(missing_ok=True)
        link.symlink_to(node)
        return link

    def set(self, control: str, value: int) -> None:
        """Set one of its controls by name, such as "Test Pattern"."""
        with self.nodes()[-1].open("rb", buffering=0) as node:
            wanted, number = control.encode(), 0
            while True:
                query = bytearray(struct.pack("I64x", number | _NEXT_CONTROL))
                fcntl.ioctl(node, _QUERY_CONTROL, query)  # OSError after the last
                number, _, name = struct.unpack_from("II32s", query)
                if name.rstrip(b"\0") == wanted:
                    fcntl.ioctl(node, _SET_CONTROL, struct.pack("Ii", number, value))
                    return


# linux/videodev2.h
_NEXT_CONTROL = 0x80000000
_QUERY_CONTROL = 0xC0445624
_SET_CONTROL = 0xC008561C


class SoundCard(KernelDevice):
    """The `snd-aloop` card: what is played into its one end is recorded at the other."""

    def __init__(self) -> None:
        super().__init__(("snd-aloop", "pcm_substreams=1"), "snd_aloop.0", "audio", "snd/*C0*")

    @contextmanager
    def playing(self, rate_hz: int, channels: int) -> Iterator["Player"]:
        """Play into it; that also decides what rate and channels the microphone has."""
        player = Player(rate_hz, channels)
        try:
            yield player
        finally:
            player.stop()


class Player:
    """Plays what it is given, by `aplay`; a call returns about when the sound has been taken."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        self._rate_hz = rate_hz
        self._channels = channels
        raw = ["-t", "raw", "-f", "S16_LE", "-r", str(rate_hz), "-c", str(channels)]
        self._aplay = subprocess.Popen(
            ["aplay", "-q", "-D", "hw:Loopback,1,0", "--buffer-time=500000", *raw],
            stdin=subprocess.PIPE,
            pipesize=4096,  # the smallest: what waits there is not yet played
        )
        self.pause(0.1)
        state = Path("/proc/asound/Loopback/pcm1p/sub0/hw_params")
        wait_until(lambda: state.read_text() != "closed\n", "the player")

    def play(self, samples: npt.NDArray[np.int16]) -> None:
        """Play (n,) samples, the same in each channel."""
        assert self._aplay.stdin is not None
        self._aplay.stdin.write(np.repeat(samples, self._channels).tobytes())
        self._aplay.stdin.flush()

    def pause(self, length_s: float) -> None:
        """Play silence."""
        self.play(np.zeros(round(length_s * self._rate_hz), np.int16))

    def stop(self) -> None:
        """End at once."""
        self._aplay.kill()
        self._aplay.communicate()
