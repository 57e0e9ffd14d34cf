"""Which microphone is used: the one of the settings, or the system's own."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from appliance.devices.machine import THE_BOOTH_ITSELF, THIS_MACHINE, Machine
from appliance.devices.microphone import portaudio
from appliance.devices.microphone.cards import Card, recording_cards
from appliance.devices.microphone.live import open_microphone
from appliance.devices.microphone.playback import open_recording_microphone
from appliance.devices.playback import Playback
from appliance.devices.source import Opener, Source
from appliance.domain.errors import DeviceError, DeviceUnusableError
from appliance.domain.media import AudioBlock


@dataclass(frozen=True, slots=True)
class MicrophoneSettings:
    """Which microphone.

    Attributes:
        identity: a microphone's lasting name, as `list_microphones` tells it, or one of the parts
            of that; empty for the system's default.
        playback: a recording that plays in its place.
    """

    identity: str = ""
    playback: Playback | None = None


@dataclass(frozen=True, slots=True)
class FoundMicrophone:
    """A microphone that is connected, or a sound server.

    Attributes:
        name: what it calls itself.
        identity: its lasting name, for the settings.
        fault: why it cannot be used now; None where it can, or where only opening would tell.
    """

    name: str
    identity: str
    fault: DeviceError | None


def microphone_opener(
    settings: MicrophoneSettings,
    machine: Machine = THIS_MACHINE,
    clock: Callable[[], float] = time.monotonic,
    library: Any = None,
) -> Opener[AudioBlock]:
    """What opens the microphone of the settings; for a supervisor.

    Args:
        settings: which microphone.
        machine: where to look.
        clock: monotonic seconds.
        library: PyAudio's module; the installed one by default.
    """

    def opener() -> Source[AudioBlock]:
        if settings.playback is not None:
            return open_recording_microphone(settings.playback, clock)
        return open_microphone(settings.identity, machine, clock, library)

    return opener


def list_microphones(machine: Machine = THIS_MACHINE, library: Any = None) -> list[FoundMicrophone]:
    """What can be recorded from, without recording: sound cards, then sound servers.

    Raises:
        DeviceUnusableError: PyAudio is missing.
    """
    with portaudio.LOCK:
        session = portaudio.PortAudio(library or portaudio.library())
        try:
            found = portaudio.inputs(session.audio, machine)
        finally:
            session.end()
    servers = [one for one in found if one.card is None]
    return [
        *(
            FoundMicrophone(card.name, card.identity, _fault(card, machine))
            for card in recording_cards(machine)
        ),
        *(FoundMicrophone(server.name, server.identity, None) for server in servers),
    ]


def _fault(card: Card, machine: Machine) -> DeviceError | None:
    if not card.may_be_used:
        try:
            portaudio.require_permission(machine, card.identity)
        except DeviceUnusableError as fault:
            return fault
    if set(machine.holders(*card.nodes)) - {THE_BOOTH_ITSELF}:
        return portaudio.busy(card, machine)
    return None
