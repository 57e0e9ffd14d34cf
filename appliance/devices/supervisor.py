"""Keeps a device working: opens it, reads it, and opens it again when it fails or falls silent.

A device is alive as long as data comes from it, whatever its thread does. Each device has one
thread, which alone touches it. A thread that is stuck in a call of a driver cannot be ended: it is
waited for, and given up only after long, so that faults never pile up threads.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Generic, TypeVar

from appliance.devices.source import Opener, Source
from appliance.domain.errors import (
    BoothError,
    DeviceError,
    DeviceUnusableError,
    EndOfRecordingError,
)
from appliance.domain.health import Health, Status

T = TypeVar("T")

Clock = Callable[[], float]

_MOST_STUCK = 2


class State(str, Enum):
    """Where a supervised device is between its first opening and its last closing."""

    STARTING = "starting"
    HEALTHY = "healthy"
    ALARMED = "alarmed"
    RECOVERING = "recovering"
    FAILED = "failed"
    ENDED = "ended"
    STOPPED = "stopped"


_STATUS = {
    State.STARTING: Status.UNKNOWN,
    State.HEALTHY: Status.HEALTHY,
    State.ALARMED: Status.WARNING,
    State.RECOVERING: Status.CRITICAL,
    State.FAILED: Status.CRITICAL,
    State.ENDED: Status.WARNING,
    State.STOPPED: Status.SKIPPED,
}


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a supervisor waits, in seconds.

    Attributes:
        alarm_s: age of the newest data from which on the device is no longer healthy.
        reopen_s: age of the newest data, or time since opening, at which it is opened anew.
        give_up_s: time without data after which a stuck thread is left behind for a new one.
        first_retry_s: pause after a fault; it doubles with each that follows.
        longest_retry_s: the longest pause.
        steady_s: time with data after which a fault counts as the first again.
    """

    alarm_s: float = 1.0
    reopen_s: float = 3.0
    give_up_s: float = 60.0
    first_retry_s: float = 0.25
    longest_retry_s: float = 8.0
    steady_s: float = 5.0


class Supervisor(Generic[T]):
    """Runs one device until it is stopped.

    `check` must be called now and then (once a second will do) by whoever runs the booth: it
    notices what the device's own thread cannot, that this thread is stuck.

    Args:
        name: of the device, such as "camera".
        opener: opens it.
        deliver: takes each sample, on the device's thread; must be quick.
        clock: monotonic seconds.
        patience: how long to wait for what.
    """

    def __init__(
        self,
        name: str,
        opener: Opener[T],
        deliver: Callable[[T], None],
        clock: Clock,
        patience: Patience | None = None,
    ) -> None:
        self.name = name
        self._opener = opener
        self._deliver = deliver
        self._clock = clock
        self._patience = patience or Patience()
        self._lock = threading.Lock()
        self._attempt: _Attempt[T] | None = None
        self._stuck: list[threading.Thread] = []
        self._fault: BoothError | None = None
        self._final: State | None = None
        self._retry_s = self._patience.first_retry_s
        self._recoveries = 0
        self._samples = 0
        self._data_at: float | None = None
        self._began_at = clock()
        self._lost_at: float | None = None
        self._last_recovery_s: float | None = None

    def start(self) -> None:
        """Begin, in a thread of its own; does nothing where it runs already.

        May be called again after `stop`, and after the device failed for good: someone may have
        mended it.
        """
        with self._lock:
            if self._attempt is not None and self._final is None:
                return
            self._fault = self._final = self._data_at = self._lost_at = None
            self._retry_s = self._patience.first_retry_s
            self._began_at = self._clock()
            self._launch_unless_stuck()

    def stop(self, timeout_s: float = 5.0) -> bool:
        """End; return whether the device was let go of in time."""
        with self._lock:
            attempt, self._attempt = self._attempt, None
            if attempt is None:
                return not any(thread.is_alive() for thread in self._stuck)
            attempt.stop.set()
        if attempt.thread.ident is not None:
            attempt.thread.join(timeout_s)
        with self._lock:
            if attempt.thread.is_alive():
                self._stuck.append(attempt.thread)
            return not attempt.thread.is_alive()

    def check(self) -> None:
        """Leave a stuck thread behind and start a new one, if it is time to."""
        with self._lock:
            self._stuck = [thread for thread in self._stuck if thread.is_alive()]
            attempt = self._attempt
            if attempt is None or self._final is not None:
                return
            if self._clock() - attempt.moved_at >= self._patience.give_up_s:
                attempt.stop.set()
                self._stuck.append(attempt.thread)
                self._launch_unless_stuck()

    @property
    def state(self) -> State:
        """Where the device is now."""
        with self._lock:
            return self._state()

    def health(self) -> Health:
        """How the device is doing, in words and figures."""
        with self._lock:
            state = self._state()
            age_s = None if self._data_at is None else self._clock() - self._data_at
            attempt = self._attempt
            opened = attempt.source if attempt is not None else None
            fault = self._fault
            figures: dict[str, Any] = {
                "state": state.value,
                "samples": self._samples,
                "data_age_s": None if age_s is None else round(age_s, 2),
                "recoveries": self._recoveries,
                "last_recovery_s": self._last_recovery_s,
                "stuck_threads": len(self._stuck),
            }
        shown: Mapping[str, Any] = opened.details() if opened is not None else {}
        complaint = opened.complaint() if opened is not None and state is State.HEALTHY else None
        status, (message, advice) = _STATUS[state], self._words(state, age_s, fault)
        if complaint is not None:
            status, message = Status.WARNING, complaint
        return Health(self.name, status, message, advice, {**figures, **shown})

    def _words(
        self, state: State, age_s: float | None, fault: BoothError | None
    ) -> tuple[str, str]:
        if state is State.HEALTHY:
            return f"The {self.name} works.", ""
        if state is State.STOPPED:
            return f"The {self.name} is off.", ""
        if fault is not None:
            return fault.args[0], fault.advice
        if state is State.STARTING:
            return f"The {self.name} is being opened.", ""
        silent = "has sent nothing yet" if age_s is None else f"went quiet {age_s:.0f} s ago"
        return f"The {self.name} {silent}.", "Check its cable."

    def _state(self) -> State:
        """The state by the age of the data; call it with the lock held."""
        if self._attempt is None:
            return State.STOPPED
        if self._final is not None:
            return self._final
        now = self._clock()
        if self._fault is not None:
            return State.RECOVERING
        if self._data_at is None:
            young = now - self._began_at < self._patience.reopen_s
            return State.STARTING if young else State.RECOVERING
        age_s = now - self._data_at
        if age_s < self._patience.alarm_s:
            return State.HEALTHY
        return State.ALARMED if age_s < self._patience.reopen_s else State.RECOVERING

    def _launch_unless_stuck(self) -> None:
        """Start a thread, or fail where too many are stuck; call it with the lock held."""
        attempt: _Attempt[T] = _Attempt(self._clock())
        attempt.thread = threading.Thread(
            target=self._run, args=(attempt,), name=f"booth-{self.name}", daemon=True
        )
        self._attempt = attempt
        if len(self._stuck) < _MOST_STUCK:
            attempt.thread.start()
            return
        self._final = State.FAILED
        self._fault = DeviceUnusableError(
            f"The {self.name} does not answer at all.", "Start the booth again."
        )

    def _run(self, attempt: "_Attempt[T]") -> None:
        while not attempt.stop.is_set():
            attempt.stop.wait(self._try(attempt))

    def _try(self, attempt: "_Attempt[T]") -> float:
        """Use the device while it goes well; return how long to pause before the next try."""
        try:
            self._use(attempt)
        except EndOfRecordingError as error:
            self._end(attempt, State.ENDED, error)
        except DeviceUnusableError as error:
            self._end(attempt, State.FAILED, error)
        except BoothError as error:
            return self._note(attempt, error)
        except Exception as error:  # noqa: BLE001  # a driver may raise anything
            words = f"The {self.name} failed: {type(error).__name__}: {error}."
            return self._note(attempt, DeviceError(words))
        return 0.0

    def _use(self, attempt: "_Attempt[T]") -> None:
        """Open the device, read it until it fails or is stopped, and close it."""
        source = self._opener()
        attempt.source = source
        newest_at = attempt.opened_at = attempt.moved_at = self._clock()
        try:
            while not attempt.stop.is_set():
                sample = source.read()
                now = self._clock()
                attempt.moved_at = now
                if sample is not None:
                    newest_at = now
                    if self._took(attempt, now):
                        self._deliver(sample)
                elif now - newest_at > self._patience.reopen_s:
                    raise DeviceError(
                        f"The {self.name} has sent nothing for {now - newest_at:.0f} s.",
                        "Check its cable.",
                    )
        finally:
            attempt.source = None
            source.close()

    def _took(self, attempt: "_Attempt[T]", now: float) -> bool:
        """Note that data came; whether it counts (a thread that was left behind counts no more)."""
        with self._lock:
            if attempt is not self._attempt:
                return False
            lost_at = self._lost_at
            if lost_at is None and self._data_at is not None:
                quiet = now - self._data_at >= self._patience.alarm_s
                lost_at = self._data_at if quiet else None
            if lost_at is not None:
                self._recoveries += 1
                self._last_recovery_s = round(now - lost_at, 3)
            self._lost_at = None
            self._samples += 1
            self._data_at = now
            self._fault = None
            if now - attempt.opened_at > self._patience.steady_s:
                self._retry_s = self._patience.first_retry_s
            return True

    def _note(self, attempt: "_Attempt[T]", error: BoothError) -> float:
        """Remember a fault; return how long to wait before the next attempt."""
        with self._lock:
            attempt.moved_at = self._clock()
            if attempt is not self._attempt:
                attempt.stop.set()
                return 0.0
            self._fault = error
            if self._lost_at is None:
                self._lost_at = self._data_at if self._data_at is not None else self._began_at
            pause_s = self._retry_s
            self._retry_s = min(2 * pause_s, self._patience.longest_retry_s)
            return pause_s

    def _end(self, attempt: "_Attempt[T]", final: State, error: BoothError) -> None:
        with self._lock:
            attempt.stop.set()
            if attempt is self._attempt:
                self._final = final
                self._fault = error


class _Attempt(Generic[T]):
    """One thread's work, from its start to its end.

    Attributes:
        stop: set to end it.
        source: the open device, None while it is closed.
        moved_at: when the thread last came back from the device.
        opened_at: when the device was last opened.
    """

    def __init__(self, now: float) -> None:
        self.stop = threading.Event()
        self.source: Source[T] | None = None
        self.moved_at = now
        self.opened_at = now
        self.thread = threading.Thread()
