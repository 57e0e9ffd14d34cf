"""What tests/hardware/run-power-cut.sh holds a booth to after a cut."""

from typing import Any

import pytest

from tests.hardware.vm.power_cut_ledger import Ledger

SOUND: dict[str, Any] = {"ready_s": 9.0, "faults": [], "words": ""}


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


def _take(ledger: Ledger, *lines: str) -> None:
    for line in lines:
        ledger.take(line)


def test_what_was_acknowledged_must_be_there(ledger: Ledger) -> None:
    _take(ledger, "will records 1", "did records 1", "will name A-0-1", "did name A-0-1")
    assert ledger.settle({**SOUND, "records": 0, "name": "A-0-1"}) == [
        "records is 0, not one of [1]"
    ]


@pytest.mark.parametrize("found", [1, 2])
def test_what_was_only_begun_may_be_there_or_not(ledger: Ledger, found: int) -> None:
    _take(ledger, "did records 1", "will records 2")
    assert ledger.settle({**SOUND, "records": found}) == []
    other = 3 - found
    assert ledger.settle({**SOUND, "records": other}) == [
        f"records is {other}, not one of [{found}]"
    ]


def test_what_was_there_once_stays(ledger: Ledger) -> None:
    _take(ledger, "will release 1.0-a")
    assert ledger.settle({**SOUND, "secret": "0123abcd", "release": "1.0-a"}) == []
    assert ledger.settle({**SOUND, "secret": "4567abcd", "release": None}) == [
        "secret is 4567abcd, not one of ['0123abcd']",
        "release is None, not one of ['1.0-a']",
    ]


def test_a_booth_that_begins_anew_keeps_only_its_release(ledger: Ledger) -> None:
    _take(ledger, "did records 4", "did pin 020341", "did release 1.0-a", "fresh")
    assert ledger.possible("pin") == []
    assert ledger.settle({**SOUND, "records": 0, "pin": None, "release": "1.0-b"}) == [
        "release is 1.0-b, not one of ['1.0-a']"
    ]


def test_a_booth_that_is_not_ready_or_not_whole_is_wrong(ledger: Ledger) -> None:
    found = {"ready_s": None, "words": "Safe mode", "faults": ["the secret has 12 bytes"]}
    assert ledger.settle(found) == ["the secret has 12 bytes", "it is not ready: Safe mode"]
