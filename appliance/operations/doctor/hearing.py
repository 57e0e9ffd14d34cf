"""How loud it is at the microphone that the booth would use, while somebody speaks."""

import time
from collections.abc import Callable

from appliance.devices.microphone.level import FLOOR_DBFS, rms_dbfs
from appliance.devices.source import Opener
from appliance.domain.errors import DeviceError
from appliance.domain.health import Health, Status
from appliance.domain.media import AudioBlock

_NAME = "microphone"
_LISTENS_S = 3.0
_FIRST_S = 5.0
"""A sound server takes two seconds until its first sound."""

_LEAST_DBFS = -55.0
"""A voice is louder, also a soft one at arm's length."""


def check_hearing(
    opener: Opener[AudioBlock],
    clock: Callable[[], float] = time.monotonic,
    seconds: float = _LISTENS_S,
) -> Health:
    """Listen for a while, and tell the loudest moment; nothing of the sound is kept.

    Args:
        opener: opens the microphone.
        clock: monotonic seconds.
        seconds: how long, from the first block on.
    """
    try:
        source = opener()
    except DeviceError as fault:
        return Health(_NAME, Status.CRITICAL, fault.args[0], fault.advice)
    loudest_dbfs, heard = FLOOR_DBFS, False
    ends_s = clock() + _FIRST_S
    try:
        while clock() < ends_s:
            block = source.read()
            if block is None:
                continue
            if not heard:
                heard, ends_s = True, clock() + seconds
            loudest_dbfs = max(loudest_dbfs, rms_dbfs(block))
    except DeviceError as fault:
        return Health(_NAME, Status.CRITICAL, fault.args[0], fault.advice)
    finally:
        source.close()
    if not heard:
        message = f"It was opened, and sent nothing for {_FIRST_S:.0f} s."
        return Health(_NAME, Status.CRITICAL, message, "Unplug it and plug it in again.")
    details = {"loudest_dbfs": round(loudest_dbfs)}
    if loudest_dbfs < _LEAST_DBFS:
        message = f"It works, and hears hardly anything ({loudest_dbfs:.0f} dBFS)."
        advice = "Say something while it listens, or look at the cables."
        return Health(_NAME, Status.WARNING, message, advice, details)
    return Health(_NAME, Status.HEALTHY, f"It hears you ({loudest_dbfs:.0f} dBFS).", "", details)
