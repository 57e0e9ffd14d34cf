"""What there is to record from, and what the settings choose."""

import os
from pathlib import Path

import pytest

from appliance.devices.microphone.playback import RecordedSound
from appliance.devices.microphone.selection import (
    MicrophoneSettings,
    list_microphones,
    microphone_opener,
)
from appliance.devices.playback import Playback
from appliance.domain.errors import DeviceUnusableError
from tests.devices import ManualClock
from tests.media import tone, write_recording
from tests.sound_cards import FakePyAudio, SoundMachine

_INPUTS = (("USB: Audio (hw:2,0)", 44_100, 1), ("pulse", 44_100, 32), ("HDMI (hw:0,3)", 48_000, 0))


def test_cards_come_first_then_servers_and_no_outputs(fixture: SoundMachine) -> None:
    fixture.add(2, "USB", usb=("1-1", "1:2:3"))
    library = FakePyAudio(*_INPUTS)
    found = list_microphones(fixture.machine, library)
    assert [(one.name, one.identity, one.fault) for one in found] == [
        ("USB", "1-1 | 1:2:3 | USB", None),
        ("pulse", "pulse", None),
    ]
    assert library.sessions == 0


def test_a_card_that_may_not_be_used_is_listed_with_the_reason(
    fixture: SoundMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    fixture.add(2, "USB", usb=("1-1", "1:2:3"))
    monkeypatch.setattr(os, "access", lambda *_: False)
    (found,) = list_microphones(fixture.machine, FakePyAudio())
    assert isinstance(found.fault, DeviceUnusableError)
    assert "group 'audio'" in str(found.fault)


def test_a_card_in_use_is_listed_with_the_holder(fixture: SoundMachine) -> None:
    node = fixture.add(2, "USB", usb=("1-1", "1:2:3"))
    process = fixture.root / "proc" / "4711"
    (process / "fd").mkdir(parents=True)
    (process / "fd" / "3").symlink_to(node)
    (process / "comm").write_text("arecord\n")
    (found,) = list_microphones(fixture.machine, FakePyAudio())
    assert str(found.fault) == (
        "The microphone is in use by arecord (process 4711). Close that program."
    )


def test_a_recording_may_take_the_microphones_place(tmp_path: Path) -> None:
    clip = write_recording(tmp_path / "clip.wav", sound=tone(440, 1.0))
    opener = microphone_opener(MicrophoneSettings(playback=Playback(clip)), clock=ManualClock())
    source = opener()
    assert isinstance(source, RecordedSound)
    source.close()


def test_the_settings_identity_is_what_is_opened(fixture: SoundMachine) -> None:
    fixture.add(1, "Other", usb=("1-1", "1:1:1"))
    fixture.add(2, "USB", usb=("1-2", "1:2:3"))
    library = FakePyAudio(("Other (hw:1,0)", 48_000, 1), ("USB (hw:2,0)", 48_000, 1))
    settings = MicrophoneSettings("1:2:3")
    source = microphone_opener(settings, fixture.machine, ManualClock(), library)()
    assert source.details()["device"] == "USB (hw:2,0)"
