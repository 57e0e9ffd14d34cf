"""All checks at once, each with its limit."""

import threading
from collections.abc import Sequence

import pytest

from appliance.domain.errors import ModelError
from appliance.domain.health import Health, Status
from appliance.operations.doctor.check import Check
from appliance.operations.doctor.runner import run_checks
from tests.devices import ManualClock


def _well(name: str) -> Health:
    return Health(name, Status.HEALTHY, "It works.")


def _run(*checks: Check, clock: ManualClock | None = None) -> tuple[Health, ...]:
    shares: list[float] = []
    found = run_checks(checks, clock or ManualClock(), shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    return found


def test_what_is_found_comes_in_the_order_of_the_checks() -> None:
    first_may_end = threading.Event()

    def slow() -> Health:
        first_may_end.wait(30)
        return _well("slow")

    def quick() -> Sequence[Health]:
        first_may_end.set()
        return [_well("quick"), _well("quick too")]

    found = _run(Check("slow", 60.0, slow), Check("quick", 60.0, quick))
    assert [part.name for part in found] == ["slow", "quick", "quick too"]


def test_one_that_hangs_is_told_and_the_others_are_not_held_up() -> None:
    clock, never = ManualClock(), threading.Event()

    def hangs() -> Health:
        clock.now += 6.0
        never.wait(30)
        return _well("driver")

    found = _run(
        Check("driver", 5.0, hangs, Status.WARNING),
        Check("files", 60.0, lambda: _well("files")),
        clock=clock,
    )
    never.set()
    assert found[0].status is Status.WARNING
    assert found[0].message == "It did not answer within 5 s."
    assert "Run 'booth doctor' again" in found[0].advice
    assert found[1] == _well("files")


def test_a_fault_that_the_booth_knows_keeps_its_words() -> None:
    def fails() -> Health:
        raise ModelError("The model is damaged.", "Fetch it again.")

    (part,) = _run(Check("models", 5.0, fails))
    assert (part.status, part.message, part.advice) == (
        Status.CRITICAL,
        "The model is damaged.",
        "Fetch it again.",
    )


@pytest.mark.parametrize("error", [ZeroDivisionError("by zero"), SystemExit(3)])
def test_any_other_fault_is_told_and_ends_nothing(error: BaseException) -> None:
    def fails() -> Health:
        raise error

    found = _run(
        Check("part", 5.0, fails, Status.UNKNOWN), Check("files", 5.0, lambda: _well("files"))
    )
    assert found[0].status is Status.UNKNOWN
    assert found[0].message.startswith(f"It could not be checked: {type(error).__name__}")
    assert found[1] == _well("files")


def test_secrets_do_not_come_through() -> None:
    def tells() -> Health:
        return Health(
            "host",
            Status.WARNING,
            "http://anna:geheim@10.0.0.2:11434 refuses.",
            "Try --token=abcdef.",
            {"headers": {"auth": "Bearer abcdefghij"}, "list": ["api_key=12345"], "n": 3},
        )

    (part,) = _run(Check("host", 5.0, tells))
    assert part.message == "http://***@10.0.0.2:11434 refuses."
    assert part.advice == "Try --token=***"
    assert part.details == {
        "headers": {"auth": "Bearer ***"},
        "list": ["api_key=***"],
        "n": 3,
    }
