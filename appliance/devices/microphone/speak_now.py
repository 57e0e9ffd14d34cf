"""Finds the microphone that a person speaks into: listens to all, and takes the loudest."""

import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from appliance.devices.microphone.level import FLOOR_DBFS, rms_dbfs
from appliance.devices.microphone.selection import FoundMicrophone
from appliance.devices.source import Opener, Source
from appliance.domain.errors import DeviceError
from appliance.domain.media import AudioBlock

_LEAST_DBFS = -55.0
"""A voice is louder, also a soft one at arm's length."""

_ABOVE_ROOM_DB = 6.0
"""Speech has pauses, so its loud parts stand above its middle; a hum's do not."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A microphone that was listened to.

    Attributes:
        microphone: which.
        loud_dbfs: level that a tenth of the blocks is above.
        quiet_dbfs: level that a tenth of the blocks is below.
        fault: why it could not be listened to.
    """

    microphone: FoundMicrophone
    loud_dbfs: float = FLOOR_DBFS
    quiet_dbfs: float = FLOOR_DBFS
    fault: str | None = None

    @property
    def speaks(self) -> bool:
        """Whether somebody spoke into it."""
        return self.loud_dbfs >= _LEAST_DBFS and self.loud_dbfs - self.quiet_dbfs >= _ABOVE_ROOM_DB


def speak_now(
    microphones: Sequence[FoundMicrophone],
    opener: Callable[[FoundMicrophone], Opener[AudioBlock]],
    seconds: float = 4.0,
    clock: Callable[[], float] = time.monotonic,
) -> list[Tried]:
    """Listen to all microphones at once while a person speaks.

    Nothing else may record meanwhile.

    Args:
        microphones: as `list_microphones` found them.
        opener: opens one.
        seconds: how long, from the first block on.
        clock: monotonic seconds.

    Returns:
        All of them, the loudest first.
    """
    if not microphones:
        return []
    with ThreadPoolExecutor(len(microphones), thread_name_prefix="booth-speak-now") as pool:
        listen = partial(_listen, opener=opener, seconds=seconds, clock=clock)
        tried = list(pool.map(listen, microphones))
    return sorted(tried, key=lambda one: (one.speaks, one.loud_dbfs), reverse=True)


def _listen(
    microphone: FoundMicrophone,
    opener: Callable[[FoundMicrophone], Opener[AudioBlock]],
    seconds: float,
    clock: Callable[[], float],
) -> Tried:
    if microphone.fault is not None:
        return Tried(microphone, fault=microphone.fault.args[0])
    try:
        source = opener(microphone)()
        try:
            levels = _levels(source, seconds, clock)
        finally:
            source.close()
    except DeviceError as error:
        return Tried(microphone, fault=error.args[0])
    if len(levels) < 2:
        return Tried(microphone, fault="It sent nothing.")
    tenths = statistics.quantiles(levels, n=10)
    return Tried(microphone, loud_dbfs=tenths[-1], quiet_dbfs=tenths[0])


def _levels(source: Source[AudioBlock], seconds: float, clock: Callable[[], float]) -> list[float]:
    """Levels of the blocks; as long again is waited for the first."""
    levels: list[float] = []
    ends_s = clock() + seconds
    while clock() < ends_s:
        block = source.read()
        if block is None:
            continue
        if not levels:
            ends_s = clock() + seconds
        levels.append(rms_dbfs(block))
    return levels
