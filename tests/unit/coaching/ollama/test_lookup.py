"""A name leads into the own network or nowhere, and nobody waits longer for it than they want."""

import threading
from collections.abc import Iterator, Sequence

import httpx
import pytest

from appliance.coaching.ollama.call import Call, CutOffError
from appliance.coaching.ollama.lookup import Lookup, NoAddressError, NotLocalError
from tests.waiting import ended, until


class System:
    """Thinks about names for as long as the test says."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses
        self.asked: list[str] = []
        self.thinks = threading.Event()

    def __call__(self, host: str) -> Sequence[str]:
        self.asked.append(host)
        self.thinks.wait(60.0)
        return self.addresses


@pytest.fixture
def system() -> Iterator[System]:
    system = System("192.168.1.20")
    yield system
    system.thinks.set()
    ended("lookup")


def unknown(_: str) -> Sequence[str]:
    raise OSError(-2, "Name or service not known")


def too_long(_: str) -> Sequence[str]:
    raise UnicodeError("label empty or too long")


@pytest.mark.parametrize(
    ("found", "kept"),
    [
        (("192.168.1.20",), ("192.168.1.20",)),
        (("93.184.216.34", "10.0.0.7"), ("10.0.0.7",)),
        (("fd12::5", "2003:1::5", "169.254.3.4"), ("fd12::5", "169.254.3.4")),
        (("fe80::1%2",), ("fe80::1%2",)),
        (("::ffff:10.0.0.7",), ("::ffff:10.0.0.7",)),
    ],
)
def test_only_addresses_of_the_own_network_are_told(
    found: tuple[str, ...], kept: tuple[str, ...]
) -> None:
    assert Lookup(lambda _: found).addresses("words.lan", Call(), 30.0) == kept


@pytest.mark.parametrize(
    "found", ["93.184.216.34", "2003:1::5", "::ffff:8.8.8.8", "100.64.0.1", "0.0.0.0", "224.0.0.1"]
)
def test_a_name_that_leads_elsewhere_is_refused_with_the_address(found: str) -> None:
    with pytest.raises(NotLocalError) as caught:
        Lookup(lambda _: (found,)).addresses("words.lan", Call(), 30.0)
    assert caught.value.address == found


@pytest.mark.parametrize("ask", [unknown, too_long, lambda _: ()])
def test_a_name_that_nobody_knows_is_told(ask: System) -> None:
    with pytest.raises(NoAddressError):
        Lookup(ask).addresses("words.lan", Call(), 30.0)


def test_a_number_is_not_looked_up(system: System) -> None:
    assert Lookup(system).addresses("127.0.0.1", Call(), 30.0) == ("127.0.0.1",)
    assert system.asked == []


def test_nobody_waits_longer_than_they_want(system: System) -> None:
    with pytest.raises(httpx.ConnectTimeout):
        Lookup(system).addresses("words.lan", Call(), 0.01)


def test_a_call_that_is_cut_off_waits_no_more(system: System) -> None:
    """And while the system still thinks, it is not asked for the same name again."""
    lookup, call, found = Lookup(system), Call(), []

    def ask() -> None:
        with pytest.raises(CutOffError):
            lookup.addresses("words.lan", call, 60.0)
        found.append("cut off")

    asking = threading.Thread(target=ask)
    asking.start()
    until(lambda: bool(system.asked))
    call.cut()
    asking.join(30)
    assert found == ["cut off"]
    with pytest.raises(httpx.ConnectTimeout):
        lookup.addresses("words.lan", Call(), 0.01)
    assert system.asked == ["words.lan"]
    system.thinks.set()
    ended("lookup")
    assert lookup.addresses("words.lan", Call(), 30.0) == ("192.168.1.20",)
    assert system.asked == ["words.lan", "words.lan"]


def test_a_call_that_was_cut_off_before_does_not_wait(system: System) -> None:
    call = Call()
    call.cut()
    with pytest.raises(CutOffError):
        Lookup(system).addresses("words.lan", call, 60.0)
