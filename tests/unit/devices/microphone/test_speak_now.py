"""The microphone that a person speaks into, among several."""

import numpy as np

from appliance.devices.microphone.selection import FoundMicrophone
from appliance.devices.microphone.speak_now import Tried, speak_now
from appliance.devices.source import Opener
from appliance.domain.errors import DeviceError
from appliance.domain.media import AudioBlock, FloatArray
from tests.sound import hum, silence, white_noise
from tests.sounding import Sounding


def _voice(level: float) -> FloatArray:
    """Loud and soft in turns, as speech is."""
    return np.concatenate([white_noise(0.4, level), white_noise(0.2, level / 30)])


def _try(**sounds: FloatArray | DeviceError) -> list[Tried]:
    """Speak while microphones of these names hear these sounds."""
    sources: list[Sounding] = []

    def opener(microphone: FoundMicrophone) -> Opener[AudioBlock]:
        def open_it() -> Sounding:
            sound = sounds[microphone.identity]
            if isinstance(sound, DeviceError):
                raise sound
            sources.append(Sounding(sound))
            return sources[-1]

        return open_it

    microphones = [FoundMicrophone(name, name, None) for name in sounds]
    tried = speak_now(microphones, opener, seconds=0.2)
    assert all(source.closed for source in sources)
    return tried


def test_the_one_that_hears_the_voice_best_comes_first() -> None:
    tried = _try(far=_voice(0.02), near=_voice(0.2), off=silence(1.0))
    assert [one.microphone.name for one in tried] == ["near", "far", "off"]
    assert [one.speaks for one in tried] == [True, True, False]


def test_a_hum_is_loud_and_nobody_speaking() -> None:
    tried = _try(humming=hum(1.0, level=0.3), near=_voice(0.05))
    assert tried[0].microphone.name == "near"
    assert not tried[1].speaks
    assert tried[1].loud_dbfs > tried[0].loud_dbfs


def test_where_nobody_speaks_none_is_said_to_hear() -> None:
    tried = _try(first=white_noise(1.0, 0.0005), second=silence(1.0))
    assert not any(one.speaks for one in tried)


def test_one_that_cannot_be_opened_or_sends_nothing_is_told_and_stops_nobody() -> None:
    tried = _try(
        broken=DeviceError("The microphone is in use by a program."),
        dead=np.empty(0, np.float32),
        near=_voice(0.2),
    )
    assert tried[0].microphone.name == "near"
    faults = {one.microphone.name: one.fault for one in tried}
    assert faults == {
        "near": None,
        "broken": "The microphone is in use by a program.",
        "dead": "It sent nothing.",
    }


def test_one_whose_fault_is_known_is_not_opened() -> None:
    fault = DeviceError("Only the group 'audio' may use the microphone.")
    found = FoundMicrophone("card", "card", fault)

    def opener(_: FoundMicrophone) -> Opener[AudioBlock]:
        raise AssertionError("nobody may open it")

    (tried,) = speak_now([found], opener, seconds=0.1)
    assert tried.fault == fault.args[0]


def test_without_microphones_there_is_nothing_to_try() -> None:
    assert _try() == []
