"""One thing that is being said, which anybody can cancel, also while a program works on it."""

import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from appliance.domain.errors import DeviceError, DeviceUnusableError

_LAST_WAIT_S = 2.0


class CancelledJobError(Exception):
    """The job was cancelled; nobody needs to be told of a fault."""


@dataclass(frozen=True, slots=True)
class Finished:
    """What a program left.

    Attributes:
        code: its exit code; negative where a signal ended it.
        output: its standard output.
        words: its standard error.
    """

    code: int
    output: bytes
    words: str


class Job:
    """Runs programs one after the other until it is cancelled; each is ended when that happens."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cancelled = False
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def cancelled(self) -> bool:
        """Whether it was cancelled."""
        return self._cancelled

    def cancel(self) -> None:
        """End it, and the program that runs for it; from any thread, and as often as one likes."""
        with self._lock:
            self._cancelled = True
            if self._process is not None:
                _kill(self._process)

    def go_on(self) -> None:
        """Do nothing while it may go on.

        Raises:
            CancelledJobError: it may not.
        """
        if self._cancelled:
            raise CancelledJobError

    def run(
        self,
        command: Sequence[str],
        data: bytes,
        limit_s: float,
        environment: Mapping[str, str] | None = None,
    ) -> Finished:
        """Run a program, without a shell, and wait for its end.

        Args:
            command: the program and its arguments.
            data: for its standard input.
            limit_s: seconds after which it is ended.
            environment: variables that it gets besides this program's own.

        Raises:
            CancelledJobError: the job was cancelled.
            DeviceUnusableError: the program is not installed.
            DeviceError: it did not end in time.
        """
        process = self._start(command, environment or {})
        try:
            output, words = process.communicate(data, timeout=limit_s)
        except subprocess.TimeoutExpired as error:
            _end(process)
            raise DeviceError(
                f"{command[0]} did not end within {limit_s:.0f} s.", "Check the sound system."
            ) from error
        finally:
            with self._lock:
                self._process = None
        self.go_on()
        return Finished(process.returncode, output, words.decode("utf-8", "replace"))

    def _start(
        self, command: Sequence[str], environment: Mapping[str, str]
    ) -> "subprocess.Popen[bytes]":
        with self._lock:
            self.go_on()
            try:
                self._process = subprocess.Popen(  # noqa: S603  # no shell, and no input in it
                    command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    # Its words are compared, so they must be English.
                    env={**os.environ, "LC_ALL": "C.UTF-8", **environment},
                    start_new_session=True,
                )
            except OSError as error:
                raise DeviceUnusableError(
                    f"The program {command[0]} cannot be run: {error.strerror}.",
                    "Run ./setup.sh again.",
                ) from error
            return self._process


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """End a program and all that it started."""
    if process.poll() is None:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return  # it has ended by itself


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End a program that hangs; one that is stuck in a driver is left to the kernel."""
    _kill(process)
    try:
        process.communicate(timeout=_LAST_WAIT_S)
    except subprocess.TimeoutExpired:
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()
