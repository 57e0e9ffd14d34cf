"""What `booth doctor` prints."""

import json
import os
import shutil
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence

from appliance.devices.microphone.selection import (
    FoundMicrophone,
    MicrophoneSettings,
    list_microphones,
    microphone_opener,
)
from appliance.devices.microphone.speak_now import speak_now
from appliance.devices.source import Opener
from appliance.domain.health import Status, worst
from appliance.domain.media import AudioBlock
from appliance.operations.doctor.doctor import Booth, examine
from appliance.operations.doctor.table import table

_SPEAKS_S = 4.0


def run_doctor(options: Namespace, booth: Booth) -> bool:
    """Examine the booth and print what was found; True says that nothing critical fails.

    Args:
        options: `json`.
        booth: what to look at.
    """
    watched = sys.stderr.isatty()
    try:
        found = examine(booth, _show if watched else _keep_quiet)
    finally:
        if watched:
            sys.stderr.write("\r\x1b[K")
    gravest = worst(found)
    if options.json:
        value = {"status": gravest.value, "checks": [part.to_json_value() for part in found]}
        sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1) + "\n")
    else:
        colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        width = shutil.get_terminal_size().columns
        sys.stdout.write(table(found, width, colour=colour) + "\n")
    return gravest is not Status.CRITICAL


def run_speak_now(
    listed: Callable[[], Sequence[FoundMicrophone]] = list_microphones,
    opener: Callable[[FoundMicrophone], Opener[AudioBlock]] | None = None,
    seconds: float = _SPEAKS_S,
) -> bool:
    """Find the microphone that a person speaks into; True says that one hears them.

    Args:
        listed: the microphones that there are.
        opener: opens one.
        seconds: how long the person speaks.

    Raises:
        DeviceUnusableError: PyAudio is missing.
    """
    microphones = listed()
    if not microphones:
        sys.stdout.write("There is no microphone. Plug one in.\n")
        return False
    sys.stdout.write(f"Say something for {seconds:.0f} seconds, where people will sit ...\n")
    sys.stdout.flush()
    tried = speak_now(microphones, opener or _opener_of, seconds)
    for one in tried:
        heard = "hears you" if one.speaks else "does not hear you"
        told = one.fault or f"{heard} ({one.loud_dbfs:.0f} dBFS)"
        sys.stdout.write(f"{one.microphone.name}: {told}\n")
    if not tried[0].speaks:
        sys.stdout.write("None hears you. Speak louder, or look at the cables.\n")
        return False
    identity = json.dumps(tried[0].microphone.identity, ensure_ascii=False)
    sys.stdout.write(f"In the settings, under [microphone]: identity = {identity}\n")
    return True


def _opener_of(microphone: FoundMicrophone) -> Opener[AudioBlock]:
    return microphone_opener(MicrophoneSettings(microphone.identity))


def _show(share: float) -> None:
    """Rewrite one line on a terminal in place."""
    sys.stderr.write(f"\r\x1b[KLooking at everything {share:4.0%}")
    sys.stderr.flush()


def _keep_quiet(_: float) -> None:
    """Show nothing: nobody watches."""
