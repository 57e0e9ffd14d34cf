"""`booth doctor --speak-now`, as staff set a booth up."""

import numpy as np
import pytest

from appliance.devices.microphone.selection import FoundMicrophone
from appliance.devices.source import Opener
from appliance.domain.errors import DeviceError
from appliance.domain.media import AudioBlock
from appliance.operations.doctor.command import run_speak_now
from tests.sound import silence, white_noise
from tests.sounding import Sounding

_USB = FoundMicrophone("USB PnP", "1-1 | 1:2:3 | USB PnP", None)
_FAR = FoundMicrophone("Webcam", "1-2", None)
_HELD = FoundMicrophone("Held", "1-3", DeviceError("The microphone is in use by arecord."))


def _opener(microphone: FoundMicrophone) -> Opener[AudioBlock]:
    voice = np.concatenate([white_noise(0.4, 0.2), white_noise(0.2, 0.005)])
    return lambda: Sounding(voice if microphone is _USB else silence(1.0))


def test_the_one_that_hears_is_told_with_what_to_write(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_speak_now(lambda: [_FAR, _HELD, _USB], _opener, 0.2)
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith("USB PnP: hears you (-1")
    assert "Webcam: does not hear you (-90 dBFS)" in lines
    assert "Held: The microphone is in use by arecord." in lines
    assert lines[-1] == ('In the settings, under [microphone]: identity = "1-1 | 1:2:3 | USB PnP"')


def test_where_none_hears_that_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert not run_speak_now(lambda: [_FAR], _opener, 0.2)
    assert "None hears you." in capsys.readouterr().out


def test_without_a_microphone_nobody_is_asked_to_speak(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert not run_speak_now(list, _opener)
    assert capsys.readouterr().out == "There is no microphone. Plug one in.\n"
