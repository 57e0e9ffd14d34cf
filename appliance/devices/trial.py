"""A trial of all devices: takes what they give, and tells how they do while they do it."""

from collections.abc import Callable
from dataclasses import dataclass

from appliance.devices.equipment import Equipment
from appliance.devices.supervisor import State
from appliance.domain.health import Health

_OVER = {State.ENDED, State.FAILED}


@dataclass(frozen=True, slots=True)
class Tally:
    """What the devices gave.

    Attributes:
        frames: pictures that were looked at.
        passed_over: pictures that came while another was looked at.
        sound_s: seconds of sound.
        dropped: blocks of sound that were lost.
        late_s: the most that a frame or block was handed on after it was complete.
    """

    frames: int = 0
    passed_over: int = 0
    sound_s: float = 0.0
    dropped: int = 0
    late_s: float = 0.0

    def __str__(self) -> str:
        lost = f"{self.dropped} blocks of it lost" if self.dropped else "none of it lost"
        return (
            f"{self.frames} pictures, {self.passed_over} more passed over; "
            f"{self.sound_s:.1f} s of sound, {lost}; at most {self.late_s:.2f} s late."
        )


class Trial:
    """Looks after equipment whose camera and microphone run.

    Args:
        equipment: its only reader is the trial.
        clock: monotonic seconds, on which frames and blocks are stamped.
    """

    def __init__(self, equipment: Equipment, clock: Callable[[], float]) -> None:
        self._equipment = equipment
        self._clock = clock
        self._told: dict[str, tuple[str, str]] = {}
        self._newest = 0
        self._frames = 0
        self._sound_s = 0.0
        self._late_s = 0.0

    def take(self, timeout_s: float) -> None:
        """Take what came; wait for sound where none did."""
        taken = self._equipment.frames.after(self._newest, 0.0)
        if taken is not None:
            self._newest, frame = taken
            self._frames += 1
            self._late_s = max(self._late_s, self._clock() - frame.time_s)
        block = self._equipment.blocks.get(timeout_s)
        while block is not None:
            self._sound_s += block.duration_s
            self._late_s = max(self._late_s, self._clock() - block.end_s)
            block = self._equipment.blocks.get(0.0)

    def changes(self) -> list[Health]:
        """The devices that are doing otherwise than when this was last asked."""
        self._equipment.check()
        changed = []
        for part in self._equipment.health():
            words = (part.status.value, part.message)
            if self._told.get(part.name) != words:
                self._told[part.name] = words
                changed.append(part)
        return changed

    @property
    def is_over(self) -> bool:
        """Whether neither camera nor microphone will give anything more."""
        return {self._equipment.camera_state, self._equipment.microphone_state} <= _OVER

    def tally(self) -> Tally:
        """What came up to now."""
        return Tally(
            self._frames,
            max(0, self._newest - self._frames),
            self._sound_s,
            self._equipment.blocks.dropped,
            self._late_s,
        )
