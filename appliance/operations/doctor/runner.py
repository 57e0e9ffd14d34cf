"""Runs all checks at once, and waits for none longer than its limit.

A check that hangs, in a driver for instance, cannot be ended. Its thread is a daemon: it is left
behind, and ends with the command.
"""

import threading
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue

from appliance.domain.errors import BoothError
from appliance.domain.health import Health
from appliance.operations.doctor.check import Check
from appliance.operations.doctor.secrets import without_secrets

Clock = Callable[[], float]
_Answers = SimpleQueue[tuple[int, tuple[Health, ...]]]

_GLANCE_S = 0.1  # how often the clock is looked at while nothing comes


def run_checks(
    checks: Sequence[Check], clock: Clock, progress: Callable[[float], None]
) -> tuple[Health, ...]:
    """What all checks found, in the order of the checks; secrets in it are masked.

    Args:
        checks: what to look at.
        clock: monotonic seconds.
        progress: told the share of the checks that are done, 0..1.
    """
    answers: _Answers = SimpleQueue()
    began_at = clock()
    for index, check in enumerate(checks):
        threading.Thread(
            target=_answer, args=(index, check, answers), name=f"doctor-{check.name}", daemon=True
        ).start()
    found: dict[int, tuple[Health, ...]] = {}
    while len(found) < len(checks):
        try:
            index, parts = answers.get(timeout=_GLANCE_S)
            found.setdefault(index, parts)
        except Empty:
            waited_s = clock() - began_at
            for index, check in enumerate(checks):
                if index not in found and waited_s >= check.limit_s:
                    found[index] = (_silence(check),)
        progress(len(found) / len(checks))
    return tuple(without_secrets(part) for index in range(len(checks)) for part in found[index])


def _answer(index: int, check: Check, answers: _Answers) -> None:
    try:
        parts = check.run()
    except BaseException as error:  # noqa: BLE001  # libraries in Rust panic with one
        parts = _fault(check, error)
    answers.put((index, (parts,) if isinstance(parts, Health) else tuple(parts)))


def _fault(check: Check, error: BaseException) -> Health:
    if isinstance(error, BoothError):
        return Health(check.name, check.if_it_fails, str(error.args[0]), error.advice)
    return Health(
        check.name,
        check.if_it_fails,
        f"It could not be checked: {type(error).__name__}: {error}.",
        "Mend what is wrong with the Python libraries first, if anything is.",
    )


def _silence(check: Check) -> Health:
    return Health(
        check.name,
        check.if_it_fails,
        f"It did not answer within {check.limit_s:g} s.",
        "Run 'booth doctor' again; if it stays so, start the machine again.",
    )
