"""The live microphone on a PortAudio that the test commands."""

import os
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from appliance.devices.microphone.live import LiveMicrophone, open_microphone
from appliance.domain.errors import DeviceError, DeviceUnusableError
from tests.cameras import held_open
from tests.devices import ManualClock
from tests.sound_cards import FakePyAudio, SoundMachine

_USB = ("USB PnP: Audio (hw:2,0)", 44_100, 1)
_OTHER = ("Other: Audio (hw:1,0)", 48_000, 2)
_SERVER = ("pulse", 44_100, 32)


@pytest.fixture
def cards(fixture: SoundMachine) -> SoundMachine:
    fixture.add(1, "Other", usb=("1-1.1", "1:1:B"))
    fixture.add(2, "USB PnP", usb=("1-1.2", "1:2:A"))
    return fixture


def _open(library: FakePyAudio, cards: SoundMachine, identity: str = "") -> LiveMicrophone:
    return open_microphone(identity, cards.machine, ManualClock(), library)


@pytest.mark.parametrize("identity", ["1-1.2", "1:2:A", "USB PnP", "9-9 | 1:2:A | Other"])
def test_it_is_found_by_any_of_its_lasting_names(cards: SoundMachine, identity: str) -> None:
    microphone = _open(FakePyAudio(_OTHER, _USB), cards, identity)
    assert microphone.details()["device"] == _USB[0]
    assert microphone.details()["identity"] == "1-1.2 | 1:2:A | USB PnP"


def test_another_order_of_the_cards_changes_nothing(cards: SoundMachine) -> None:
    microphone = _open(FakePyAudio(_USB, _OTHER, default=1), cards, "1-1.2")
    assert microphone.details()["device"] == _USB[0]


def test_one_that_is_not_there_is_not_replaced_by_another(cards: SoundMachine) -> None:
    library = FakePyAudio(_OTHER)
    with pytest.raises(DeviceError, match=r"'1-1\.9' is not there") as caught:
        _open(library, cards, "1-1.9")
    assert not isinstance(caught.value, DeviceUnusableError)
    assert library.sessions == 0


def test_a_default_that_does_not_work_is_passed_over(cards: SoundMachine) -> None:
    library = FakePyAudio(_SERVER, _OTHER, _USB)
    library.errors = {0: -9999, 1: -9985}
    assert _open(library, cards).details()["device"] == _USB[0]


def test_a_server_is_asked_for_16_khz_and_a_card_for_its_own_rate(cards: SoundMachine) -> None:
    assert _open(FakePyAudio(_SERVER), cards).details()["rate_hz"] == 16_000
    assert _open(FakePyAudio(_USB), cards).details()["rate_hz"] == 44_100


def test_where_a_rate_is_not_supported_another_is_taken(cards: SoundMachine) -> None:
    library = FakePyAudio(_OTHER)
    library.errors = {(0, 48_000, 1): -9998, (0, 48_000, 2): -9997, (0, 44_100, 1): -9998}
    details = _open(library, cards).details()
    assert (details["rate_hz"], details["channels"]) == (44_100, 2)


def test_where_no_rate_is_supported_that_is_said(cards: SoundMachine) -> None:
    library = FakePyAudio(_USB)
    library.errors = {0: -9997}
    with pytest.raises(DeviceError, match="takes no sample rate that the booth knows"):
        _open(library, cards)


def test_without_any_microphone_that_is_said(fixture: SoundMachine) -> None:
    for library in (FakePyAudio(default=None), FakePyAudio(_SERVER)):
        library.errors = {0: -9999}
        with pytest.raises(DeviceError, match=r"There is no microphone\. Plug one in"):
            _open(library, fixture)
        assert library.sessions == 0


def test_who_holds_a_microphone_is_named(cards: SoundMachine) -> None:
    library = FakePyAudio(_USB)
    library.errors = {0: -9985}
    cards.unplug(1)
    (node,) = (cards.root / "dev" / "snd").glob("pcmC2*")
    machine = cards.machine
    with held_open(node) as pid, pytest.raises(DeviceError) as caught:
        open_microphone(
            "", type(machine)(machine.dev, machine.sys, Path("/proc")), ManualClock(), library
        )
    assert re.search(rf"in use by .* \(process {pid}\)", str(caught.value))


def test_a_card_that_portaudio_leaves_out_is_in_use(cards: SoundMachine) -> None:
    with pytest.raises(DeviceError, match=r"in use by another program\. Close that program"):
        _open(FakePyAudio(_OTHER), cards, "USB PnP")
    with pytest.raises(DeviceError, match="in use by another program"):
        _open(FakePyAudio(default=None), cards)


def test_only_the_first_input_of_a_card_is_a_microphone(cards: SoundMachine) -> None:
    second = ("USB PnP: Loopback (hw:2,1)", 48_000, 2)
    assert _open(FakePyAudio(second, _USB, default=0), cards).details()["device"] == _USB[0]


def test_a_holder_that_cannot_be_seen_is_another_program(cards: SoundMachine) -> None:
    library = FakePyAudio(_USB)
    library.errors = {0: -9985}
    with pytest.raises(DeviceError, match="in use by another program"):
        _open(library, cards)


def test_without_permission_the_group_is_named(
    cards: SoundMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    library = FakePyAudio(_SERVER, _USB)
    library.errors = {0: -9999, 1: -9999}
    for identity in ("", "1-1.2"):
        with pytest.raises(DeviceUnusableError, match="Only the group 'audio'"):
            _open(library, cards, identity)
    with pytest.raises(DeviceUnusableError, match="usermod -aG audio"):
        _open(FakePyAudio(default=None), cards)
    assert library.sessions == 0


def test_any_other_fault_is_told_in_portaudios_words(cards: SoundMachine) -> None:
    library = FakePyAudio(_USB)
    library.errors = {0: -9999}
    with pytest.raises(DeviceError, match="cannot be opened: words of PortAudio"):
        _open(library, cards)


def test_samples_come_as_they_were_and_on_the_clock(cards: SoundMachine) -> None:
    library = FakePyAudio(_SERVER)
    microphone = _open(library, cards)
    library.streams[0].gives(16384, -32768, 0, 1)
    block = microphone.read()
    assert block is not None
    assert block.samples.tolist() == [0.5, -1.0, 0.0, 1 / 32768]
    assert block.time_s == pytest.approx(100.0 - 4 / 16_000)
    assert microphone.read() is None


def test_channels_are_averaged_and_resampled(cards: SoundMachine) -> None:
    library = FakePyAudio(_OTHER)
    library.errors = {(0, 48_000, 1): -9998}
    microphone = _open(library, cards)
    blocks = []
    for _ in range(20):
        library.streams[0].gives(*[8192] * 4800)
        blocks.append(microphone.read())
    samples = np.concatenate([block.samples for block in blocks if block is not None])
    assert len(samples) == pytest.approx(32_000, abs=1600)
    assert samples[8000:].tolist() == pytest.approx([0.25] * len(samples[8000:]), abs=1e-3)


def test_an_overflow_leaves_a_gap_and_is_counted(cards: SoundMachine) -> None:
    library = FakePyAudio(_SERVER)
    clock = ManualClock()
    microphone = open_microphone("", cards.machine, clock, library)
    stream = library.streams[0]
    stream.gives(*[1] * 1600)
    clock.now += 0.1
    stream.gives(*[1] * 1600)
    clock.now += 0.6
    stream.gives(*[1] * 1600, status=library.paInputOverflow)
    times = [block.time_s for _ in range(3) if (block := microphone.read()) is not None]
    assert times == pytest.approx([99.9, 100.0, 100.6])
    assert microphone.details()["overflows"] == 1


def test_what_nobody_takes_for_long_is_lost_oldest_first(cards: SoundMachine) -> None:
    library = FakePyAudio(_SERVER)
    microphone = _open(library, cards)
    for number in range(130):
        library.streams[0].gives(number + 1)
    first = microphone.read()
    assert first is not None
    assert round(float(first.samples[0]) * 32768) == 31
    assert microphone.details()["overflows"] == 30


def test_silence_and_nothing_else_is_complained_of(cards: SoundMachine) -> None:
    library = FakePyAudio(_SERVER)
    microphone = _open(library, cards)
    for _ in range(51):
        library.streams[0].gives(*[0] * 1600)
        microphone.read()
    assert "Is it muted?" in str(microphone.complaint())
    library.streams[0].gives(0, 1, 0)
    microphone.read()
    assert microphone.complaint() is None


def test_a_card_that_is_unplugged_is_missed_at_once(cards: SoundMachine) -> None:
    microphone = _open(FakePyAudio(_USB), cards)
    cards.unplug(2)
    with pytest.raises(DeviceError, match="The microphone was unplugged"):
        microphone.read()


def test_a_stream_that_ended_is_told(cards: SoundMachine) -> None:
    library = FakePyAudio(_SERVER)
    microphone = _open(library, cards)
    library.streams[0].active = False
    with pytest.raises(DeviceError, match="The microphone stopped"):
        microphone.read()


def test_closing_lets_go_of_everything_once(cards: SoundMachine) -> None:
    library = FakePyAudio(_USB)
    microphone = _open(library, cards)
    microphone.close()
    microphone.close()
    assert (library.streams, library.sessions) == ([], 0)


def test_a_card_that_goes_while_it_is_opened_is_unplugged(
    cards: SoundMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = FakePyAudio(_USB)
    library.errors = {0: -9999}
    monkeypatch.setattr("appliance.devices.microphone.cards.Card.is_there", False)
    with pytest.raises(DeviceError, match="The microphone was unplugged"):
        _open(library, cards)


def test_without_pyaudio_the_way_out_is_told(
    cards: SoundMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyaudio", None)
    with pytest.raises(DeviceUnusableError, match=r"PyAudio cannot be loaded: .*setup\.sh"):
        open_microphone("", cards.machine, ManualClock())
