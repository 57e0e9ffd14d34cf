"""A supervised device: alive by its data, opened anew after faults, never piling up threads."""

import threading
from collections.abc import Iterator

import pytest

from appliance.devices.supervisor import Patience, State, Supervisor
from appliance.domain.errors import DeviceError, DeviceUnusableError, EndOfRecordingError
from appliance.domain.health import Status
from tests.devices import Dictated, ManualClock

_PATIENCE = Patience(first_retry_s=0.001, longest_retry_s=0.002)


class Booth:
    """One device under supervision, and what came from it."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.device = Dictated()
        self.delivered: list[str] = []
        self.supervisor = Supervisor(
            "gadget", self.device.open, self.delivered.append, self.clock, _PATIENCE
        )

    def state(self) -> State:
        return self.supervisor.state

    def start(self) -> None:
        self.supervisor.start()
        self.device.awaited()

    def after(self, seconds: float) -> "Booth":
        self.clock.now += seconds
        return self


@pytest.fixture
def booth() -> Iterator[Booth]:
    booth = Booth()
    yield booth
    booth.device.lets_go()
    booth.supervisor.stop()


def _threads() -> int:
    return sum(thread.name == "booth-gadget" for thread in threading.enumerate())


def _ended(name: str = "booth-gadget") -> None:
    for thread in threading.enumerate():
        if thread.name == name:
            thread.join(30)


def test_before_the_first_sample_nobody_calls_it_healthy(booth: Booth) -> None:
    assert booth.state() is State.STOPPED
    assert booth.supervisor.health().status is Status.SKIPPED
    booth.start()
    assert booth.state() is State.STARTING
    assert booth.supervisor.health().status is Status.UNKNOWN


def test_it_is_healthy_while_data_comes(booth: Booth) -> None:
    booth.start()
    booth.device.gives("one")
    booth.after(0.9).device.gives("two")
    health = booth.supervisor.health()
    assert (health.status, health.message) == (Status.HEALTHY, "The gadget works.")
    assert health.details["samples"] == 2
    assert health.details["device"] == "dictated"
    assert booth.delivered == ["one", "two"]


def test_a_thread_that_lives_without_data_is_first_alarming_then_dead(booth: Booth) -> None:
    booth.start()
    booth.device.gives("one")
    booth.after(1.5)
    assert booth.state() is State.ALARMED
    assert booth.supervisor.health().message == "The gadget went quiet 2 s ago."
    booth.after(2)
    assert booth.state() is State.RECOVERING
    assert booth.supervisor.health().status is Status.CRITICAL
    assert _threads() == 1


def test_a_device_that_sends_nothing_is_opened_anew(booth: Booth) -> None:
    booth.start()
    booth.device.gives("one")
    booth.after(2).device.gives(None)
    assert booth.device.opened == 1
    booth.after(2).device.gives(None)
    assert (booth.device.opened, booth.device.closed) == (2, 1)
    assert booth.supervisor.health().message == "The gadget has sent nothing for 4 s."
    booth.after(1).device.gives("two")
    health = booth.supervisor.health()
    assert health.status is Status.HEALTHY
    assert health.details["recoveries"] == 1
    assert health.details["last_recovery_s"] == pytest.approx(5)


def test_a_fault_closes_and_opens_until_it_is_well_again(booth: Booth) -> None:
    booth.start()
    booth.device.gives("one")
    booth.device.refuses(DeviceError("Unplugged.", "Plug it in."), OSError(-9999, "host error"))
    booth.device.fails(DeviceError("It broke off."))
    assert (booth.device.opened, booth.device.closed) == (4, 1)
    health = booth.supervisor.health()
    assert health.status is Status.CRITICAL
    assert health.message == "The gadget failed: OSError: [Errno -9999] host error."
    booth.device.gives("two")
    assert booth.state() is State.HEALTHY
    assert booth.delivered == ["one", "two"]


def test_what_only_a_person_can_mend_is_not_tried_again_until_asked(booth: Booth) -> None:
    booth.device.refuses(DeviceUnusableError("No permission.", "Join the group video."))
    booth.supervisor.start()
    _ended()
    health = booth.supervisor.health()
    assert (booth.state(), booth.device.opened) == (State.FAILED, 1)
    assert (health.message, health.advice) == ("No permission.", "Join the group video.")
    booth.start()
    booth.device.gives("one")
    assert booth.state() is State.HEALTHY


def test_a_recording_at_its_end_is_told_and_is_no_fault_of_a_device(booth: Booth) -> None:
    booth.start()
    booth.device.gives("one")
    booth.device.fails(EndOfRecordingError("The recording is over."), for_good=True)
    _ended()
    assert booth.state() is State.ENDED
    health = booth.supervisor.health()
    assert (health.status, health.message) == (Status.WARNING, "The recording is over.")
    assert booth.device.closed == 1


def test_data_that_comes_but_is_no_good_is_a_warning(booth: Booth) -> None:
    booth.start()
    booth.device.gives("one")
    booth.device.grievance = "The picture is black."
    health = booth.supervisor.health()
    assert (health.status, health.message) == (Status.WARNING, "The picture is black.")


def test_a_read_that_comes_back_by_itself_goes_on_without_a_second_thread(booth: Booth) -> None:
    booth.start()
    booth.device.gives("one")
    come_back = booth.device.hangs()
    booth.after(20).supervisor.check()
    assert booth.state() is State.RECOVERING
    assert _threads() == 1
    booth.after(-19)
    come_back.set()
    booth.device.awaited()
    booth.device.gives("two")
    assert booth.state() is State.HEALTHY
    assert booth.device.opened == 1


def test_a_thread_that_is_stuck_for_long_is_left_behind_and_ends_when_it_can(booth: Booth) -> None:
    booth.start()
    booth.device.gives("one")
    come_back = booth.device.hangs()
    stuck = next(t for t in threading.enumerate() if t.name == "booth-gadget")
    booth.after(61).supervisor.check()
    booth.device.awaited()
    booth.device.gives("two")
    assert booth.state() is State.HEALTHY
    assert booth.supervisor.health().details["stuck_threads"] == 1
    come_back.set()
    stuck.join(30)
    booth.supervisor.check()
    assert booth.supervisor.health().details["stuck_threads"] == 0
    assert _threads() == 1


def test_two_stuck_threads_are_enough(booth: Booth) -> None:
    booth.start()
    events = []
    for _ in range(2):
        events.append(booth.device.hangs())
        booth.after(61).supervisor.check()
        if len(events) == 1:
            booth.device.awaited()
    health = booth.supervisor.health()
    assert (booth.state(), _threads()) == (State.FAILED, 2)
    assert health.message == "The gadget does not answer at all."
    assert booth.supervisor.stop() is True
    for event in events:
        event.set()
    _ended()


def test_it_can_be_stopped_and_started_again(booth: Booth) -> None:
    booth.start()
    booth.device.gives("one")
    booth.device.lets_go()
    assert booth.supervisor.stop()
    assert (booth.state(), booth.device.closed) == (State.STOPPED, 1)
    booth.start()
    booth.device.gives("two")
    assert booth.state() is State.HEALTHY


def test_starting_twice_opens_once(booth: Booth) -> None:
    booth.start()
    booth.supervisor.start()
    booth.device.gives("one")
    assert (booth.device.opened, _threads()) == (1, 1)


def test_stopping_does_not_wait_for_ever(booth: Booth) -> None:
    booth.start()
    come_back = booth.device.hangs()
    assert booth.supervisor.stop(timeout_s=0.01) is False
    come_back.set()
    _ended()
    assert booth.supervisor.stop() is True


def test_ten_faults_in_a_row_leave_one_thread_and_everything_closed(booth: Booth) -> None:
    booth.start()
    for _ in range(10):
        booth.device.gives("sample")
        booth.device.fails(DeviceError("It broke off."))
    booth.device.gives("sample")
    assert _threads() == 1
    assert (booth.device.opened, booth.device.closed) == (11, 10)
    assert booth.supervisor.health().details["recoveries"] == 10


def test_pauses_between_attempts_grow_to_a_ceiling_and_shrink_after_steady_data() -> None:
    booth = Booth()
    pauses = []
    patience = Patience(first_retry_s=0.001, longest_retry_s=0.004)
    supervisor = Supervisor(
        "gadget", booth.device.open, booth.delivered.append, booth.clock, patience
    )
    note = supervisor._note

    def record(attempt: object, error: object) -> float:
        pauses.append(note(attempt, error))  # type: ignore[arg-type]
        return pauses[-1]

    supervisor._note = record  # type: ignore[method-assign]
    booth.device.refuses(*[DeviceError("Unplugged.")] * 4)
    supervisor.start()
    booth.device.awaited()
    booth.device.gives("one")
    booth.device.fails(DeviceError("It broke off at once."))
    booth.after(6).device.gives("two")
    booth.device.fails(DeviceError("It broke off after long."))
    booth.device.lets_go()
    supervisor.stop()
    assert pauses == [0.001, 0.002, 0.004, 0.004, 0.004, 0.001]
