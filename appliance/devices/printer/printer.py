"""Prints one strip at a time, and never holds anybody up."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from appliance.devices.printer.commands import ASKS_FOR_PAPER, says_no_paper, to_commands
from appliance.devices.printer.faults import NoPaperError, PrinterBusyError, PrinterMissingError
from appliance.devices.printer.port import Port
from appliance.devices.printer.turn import CancelledTurnError, Turn, stalled
from appliance.devices.printer.wire import Wire
from appliance.domain.errors import BoothError, DeviceError
from appliance.domain.health import Health, Status
from appliance.domain.paper import Strip

LIMIT_S = 6.0
"""How long a printer may take to take a strip."""

_NAME = "printer"
_ANSWERS_S = 0.3
_GRACE_S = 1.0
"""After its limit a thread that is stuck in the kernel or in a resolver is waited for no longer."""


class _Job:
    """A strip that is printed."""

    def __init__(self, make: Callable[[], Strip], turn: Turn) -> None:
        self.make = make
        self.turn = turn
        self.ended = threading.Event()
        self.fault: BoothError | None = None
        self.worker: threading.Thread | None = None


class Printer:
    """A receipt printer. Any thread may use it; what it prints is in memory alone.

    Args:
        port: where it is.
        width: letters in a line.
        clock: monotonic seconds.
        limit_s: how long it may take to take a strip.

    Attributes:
        width: letters in a line.
    """

    def __init__(
        self,
        port: Port,
        width: int,
        clock: Callable[[], float] = time.monotonic,
        limit_s: float = LIMIT_S,
    ) -> None:
        self.width = width
        self._port = port
        self._clock = clock
        self._limit_s = limit_s
        self._lock = threading.Lock()
        self._job: _Job | None = None
        self._fault: DeviceError | None = None
        self._printed = 0

    def prepare(self) -> None:
        """Load what the first strip needs, in a thread of its own."""

        def load() -> None:
            with contextlib.suppress(DeviceError):  # the first strip tells it
                to_commands(())

        threading.Thread(target=load, name="booth-printer-prepares", daemon=True).start()

    def print(self, make: Callable[[], Strip]) -> bool:
        """Print, and return when the printer has taken all of it; whether it has, or was cancelled.

        Args:
            make: gives lines no wider than `width`. It is called once `cancel` would end it, so
                that what was wiped before is not there, and what is wiped then is not printed.

        Raises:
            BoothError: `make` raised it.
            PrinterBusyError: another strip is being printed.
            DeviceError: it cannot print now; the message says what to do.
        """
        job = _Job(make, Turn(self._clock, self._limit_s))
        with self._lock:
            if self._job is not None:
                raise PrinterBusyError("The printer is at work.", "Wait for what it prints.")
            self._job = job
            job.worker = threading.Thread(
                target=self._work, args=(job,), name="booth-printer", daemon=True
            )
            job.worker.start()
        if not job.ended.wait(self._limit_s + _GRACE_S):
            job.turn.cancel()
            job.fault = fault = stalled()
            self._note(fault)
        if job.fault is not None:
            raise job.fault
        return not job.turn.is_cancelled

    def cancel(self) -> None:
        """Print no more of what is being printed; nobody waits for that."""
        with self._lock:
            job = self._job
        if job is not None:
            job.turn.cancel()
            job.ended.set()

    def stop(self, timeout_s: float = 2.0) -> bool:
        """Cancel, and return whether the printer was let go of in time."""
        with self._lock:
            worker = None if self._job is None else self._job.worker
        self.cancel()
        if worker is None:
            return True
        worker.join(timeout_s)
        return not worker.is_alive()

    def health(self) -> Health:
        """How it did at its last strip; a booth without it is a whole one, so no fault is grave."""
        with self._lock:
            fault, printed = self._fault, self._printed
        details: dict[str, Any] = {"place": self._port.place, "printed": printed}
        if fault is not None:
            return Health(_NAME, Status.WARNING, fault.args[0], fault.advice, details)
        if not printed:
            words = "The printer has not printed anything yet."
            return Health(_NAME, Status.UNKNOWN, words, details=details)
        return Health(_NAME, Status.HEALTHY, "The printer works.", details=details)

    def _work(self, job: _Job) -> None:
        try:
            self._send(job)
            self._note(None)
        except CancelledTurnError:
            pass
        except DeviceError as error:
            job.fault = error
            self._note(error)
        except BoothError as error:
            job.fault = error
        except Exception as error:  # noqa: BLE001  # whatever it is, who waits must be told
            job.fault = fault = DeviceError(f"The printer failed: {type(error).__name__}.")
            self._note(fault)
        finally:
            with self._lock:
                self._job = None
            job.ended.set()

    def _send(self, job: _Job) -> None:
        commands = to_commands(job.make())
        with _opened(self._port, job.turn) as wire:
            wire.send(commands, job.turn)

    def _note(self, fault: DeviceError | None) -> None:
        with self._lock:
            self._fault = fault
            self._printed += fault is None


def look_for(port: Port, clock: Callable[[], float] = time.monotonic) -> None:
    """See whether a printer is there and has paper, and print nothing.

    Args:
        port: where it should be.
        clock: monotonic seconds.

    Raises:
        DeviceError: it is not, or has none.
    """
    with _opened(port, Turn(clock, LIMIT_S)):
        pass


@contextlib.contextmanager
def _opened(port: Port, turn: Turn) -> Iterator[Wire]:
    """A line to a printer that has paper, as far as it says."""
    try:
        with port.open(turn) as wire:
            if wire.can_answer:
                wire.send(ASKS_FOR_PAPER, turn)
                if says_no_paper(wire.listen(_ANSWERS_S)):
                    raise NoPaperError("The printer has no paper.", "Put a new roll in.")
            yield wire
    except BoothError:
        raise
    except OSError as error:
        raise PrinterMissingError(
            f"The printer at {port.place} was unplugged or switched off.",
            "Plug the printer in and switch it on.",
        ) from error
