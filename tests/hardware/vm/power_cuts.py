"""Cuts the power of a virtual machine again and again, and looks what is left.

run-power-cut.sh makes all that is needed and calls it:

    python -m tests.hardware.vm.power_cuts --image FILE --share FOLDER --log FILE \
        --cuts N --seed N --minutes N -- COMMAND...
"""

import argparse
import json
import queue
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from tests.hardware.vm.power_cut_ledger import Ledger
from tests.hardware.vm.volatile_disk import Loss, VolatileDisk, serve

_PHASES = ("start", "session", "update")
_WEIGHTS = (1, 2, 2)
_FRESH_SHARE = 0.2
_MOST_WRITES = {"start": 60, "session": 150, "update": 250}
_LONGEST = {"start": 1.0, "session": 2.0, "update": 2.0}
"""Times a start, which tells how fast the machine is."""

_START_S = 30.0
"""Until one is seen."""

_LOOK_S = 0.5


@dataclass(frozen=True, slots=True)
class Moment:
    """When the power goes.

    Attributes:
        phase: of the machine's life in which it goes.
        writes: to the disk until then; None to go by time.
        seconds: until then, or at the latest.
    """

    phase: str
    writes: int | None
    seconds: float

    def __str__(self) -> str:
        when = f"{self.seconds:.0f} s" if self.writes is None else f"write {self.writes}"
        return f"{self.phase}, {when}"


@dataclass(slots=True)
class Life:
    """What came of one life of the machine.

    Attributes:
        lines: that it told.
        loss: what the cut took; None where it ended by itself or stood still.
    """

    lines: list[str] = field(default_factory=list)
    loss: Loss | None = None

    def found(self) -> dict[str, Any]:
        """All that it found."""
        found: dict[str, Any] = {}
        for line in self.lines:
            if line.startswith("found "):
                found.update(json.loads(line.partition(" ")[2]))
        return found

    def told(self, moment: Moment | None) -> str:
        """How it ended."""
        loss = self.loss
        return f"{moment}" + (f", {loss.lost} of {loss.unflushed} sectors lost" if loss else "")


class Machine:
    """The virtual machine and its disk.

    Args:
        command: starts it; `{disk}` in there stands for the socket of its disk.
        image: of the disk.
        log: takes all that it tells.
        chance: decides what a cut takes.
    """

    def __init__(
        self, command: Sequence[str], image: Path, log: IO[str], chance: random.Random
    ) -> None:
        self._command = command
        self._image = image
        self._log = log
        self._chance = chance

    def live(self, moment: Moment | None, longest_s: float) -> Life:
        """Start it, and let its power go at a moment.

        Args:
            moment: when; None for as soon as it has told what it found.
            longest_s: that it may take.
        """
        disk = VolatileDisk(self._image, self._chance)
        life = Life()
        with tempfile.TemporaryDirectory() as folder:
            address = Path(folder) / "disk"
            serve(disk, address)
            with subprocess.Popen(
                [word.replace("{disk}", str(address)) for word in self._command],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
            ) as machine:
                try:
                    reached = self._watch(machine, disk, life, moment, longest_s)
                finally:
                    disk.cut()
                    machine.kill()
                    disk.is_gone.set()
        loss = disk.settle()
        life.loss = loss if reached else None
        return life

    def _watch(
        self,
        machine: "subprocess.Popen[str]",
        disk: VolatileDisk,
        life: Life,
        moment: Moment | None,
        longest_s: float,
    ) -> bool:
        """Read what it tells until its power is to go; whether that moment came."""
        lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        threading.Thread(target=self._read, args=(machine, lines), daemon=True).start()
        end_s = time.monotonic() + longest_s
        due_s = None
        while time.monotonic() < end_s:
            if disk.is_cut.is_set() or (due_s is not None and time.monotonic() >= due_s):
                disk.cut()
                self._drain(lines, life)
                return True
            try:
                line = lines.get(timeout=_LOOK_S if due_s is None else 0.02)
            except queue.Empty:
                continue
            if line is None:
                return False
            life.lines.append(line)
            if moment is None and line == "session":
                return True
            if moment is not None and due_s is None and line == _marker(moment.phase):
                due_s = time.monotonic() + moment.seconds
                if moment.writes is not None:
                    disk.cut_at(moment.writes)
        return False

    def _drain(self, lines: "queue.SimpleQueue[str | None]", life: Life) -> None:
        """What it told before its power went."""
        while True:
            try:
                line = lines.get(timeout=0.2)
            except queue.Empty:
                return
            if line is None:
                return
            life.lines.append(line)

    def _read(
        self, machine: "subprocess.Popen[str]", lines: "queue.SimpleQueue[str | None]"
    ) -> None:
        assert machine.stdout is not None
        for line in machine.stdout:
            self._log.write(line)
            self._log.flush()
            lines.put(line.strip())
        lines.put(None)


def _marker(phase: str) -> str:
    """The line with which a phase begins."""
    return {"start": "starting", "session": "session", "update": "update"}[phase]


def draw(chance: random.Random, start_s: float) -> Moment:
    """A moment to cut the power.

    Args:
        chance: decides.
        start_s: how long the booth takes to start.
    """
    phase = chance.choices(_PHASES, _WEIGHTS)[0]
    longest_s = start_s * _LONGEST[phase]
    by_time, writes = chance.random() < 0.5, chance.randint(1, _MOST_WRITES[phase])
    if by_time:
        return Moment(phase, None, chance.uniform(0.0, longest_s))
    return Moment(phase, writes, longest_s)


def main() -> int:
    """Cut as often as was asked for; 1 where anything was wrong after a cut."""
    arguments = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    print(f"Seed: {arguments.seed}", flush=True)
    chance = random.Random(arguments.seed)
    ledger = Ledger()
    failed, start_s, before = 0, _START_S, "the first start"
    with arguments.log.open("a") as log:
        machine = Machine(arguments.command, arguments.image, log, chance)
        for number in range(arguments.cuts + 1):
            moment = draw(chance, start_s) if number < arguments.cuts else None
            plan = _plan(number, moment, ledger, chance)
            (arguments.share / "plan.json").write_text(json.dumps(plan))
            began_s = time.monotonic()
            life = machine.live(moment, arguments.minutes * 60.0)
            found = life.found()
            wrong = _judge(ledger, life, moment)
            failed += bool(wrong)
            start_s = found.get("ready_s") or start_s
            took = f"{time.monotonic() - began_s:.0f} s"
            print(f"{number:3} {'FAIL' if wrong else 'ok'}: {before}: {_told(found)} ({took})")
            for one in wrong:
                print(f"      {one}")
            sys.stdout.flush()
            before = f"cut {number + 1}{', of a new booth' * plan['fresh']}: {life.told(moment)}"
    print(f"{arguments.cuts} cuts, {failed} failed, seed {arguments.seed}")
    return int(failed > 0)


def _plan(
    number: int, moment: Moment | None, ledger: Ledger, chance: random.Random
) -> dict[str, Any]:
    """What the machine is to do in its next life."""
    return {
        "number": number,
        "seed": chance.randrange(1 << 32),
        "fresh": number > 0 and moment is not None and chance.random() < _FRESH_SHARE,
        "update": moment is not None and moment.phase == "update",
        "pins": ledger.possible("pin"),
    }


def _judge(ledger: Ledger, life: Life, moment: Moment | None) -> list[str]:
    """What is wrong in a life."""
    wrong = [line for line in life.lines if line.startswith(("fault", "Traceback"))]
    for line in life.lines:
        if line.startswith("found "):
            wrong += ledger.settle(json.loads(line.partition(" ")[2]))
        else:
            ledger.take(line)
    if life.loss is None and moment is not None:
        wrong.append(f"it stood still, or ended: {life.lines[-3:]}")
    return wrong


def _told(found: dict[str, Any]) -> str:
    """What a life found, in a few words."""
    left = f"{found.get('release')}, {len(found.get('left', ()))} files left over"
    if "records" not in found:
        return f"{left}; cut again before it was looked at"
    return f"{left}; ready after {found['ready_s']} s, {found['records']} records"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--image", type=Path, required=True)
    parser.add_argument("--share", type=Path, required=True)
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--cuts", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("command", nargs="+")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
