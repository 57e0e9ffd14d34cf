"""Sound cards by their lasting names, and never by their number."""

import pytest

from appliance.devices.microphone.cards import rank, recording_cards
from tests.sound_cards import SoundMachine


def test_a_usb_card_has_three_lasting_names(fixture: SoundMachine) -> None:
    node = fixture.add(2, "USB PnP Sound Device", usb=("1-1.2", "0d8c:0014:A1"))
    (card,) = recording_cards(fixture.machine)
    assert card.identity == "1-1.2 | 0d8c:0014:A1 | USB PnP Sound Device"
    assert (card.number, card.nodes) == (2, (node,))
    assert card.is_there
    assert card.may_be_used


def test_those_on_usb_come_first_and_those_that_only_play_not_at_all(
    fixture: SoundMachine,
) -> None:
    fixture.add(0, "HDMI", records=False)
    fixture.add(1, "Codec Zero")
    fixture.add(2, "Microphone", usb=("1-1", "1:2:3"))
    assert [card.name for card in recording_cards(fixture.machine)] == ["Microphone", "Codec Zero"]
    assert recording_cards(fixture.machine)[1].identity == "Codec Zero"


def test_a_card_that_is_unplugged_is_gone(fixture: SoundMachine) -> None:
    fixture.add(1, "Microphone", usb=("1-1", "1:2:3"))
    (card,) = recording_cards(fixture.machine)
    fixture.unplug(1)
    assert not card.is_there
    assert recording_cards(fixture.machine) == []


def test_without_the_kernels_list_a_card_goes_by_its_id(fixture: SoundMachine) -> None:
    fixture.add(1, "Microphone")
    (fixture.root / "proc" / "asound" / "cards").unlink()
    assert [card.name for card in recording_cards(fixture.machine)] == ["Device"]


@pytest.mark.parametrize(
    ("identity", "expected"),
    [
        ("1-1.2 | 0d8c:0014:A1 | Device", 0),
        ("1-1.2", 0),
        ("9-9 | 0d8c:0014:A1 | Device", 1),
        ("0d8c:0014:A1", 1),
        ("9-9 | 9:9:9 | Device", 2),
        ("Device", 2),
        ("2", None),
        ("Devic", None),
        ("", None),
    ],
)
def test_the_socket_is_surest_then_the_id_then_the_name(
    identity: str, expected: int | None
) -> None:
    assert rank(identity, "1-1.2", "0d8c:0014:A1", "Device") == expected


def test_a_name_that_a_card_does_not_have_is_never_meant() -> None:
    assert rank("", "", "", "") is None
