"""Whether somebody is still there, while the camera may look."""

from collections.abc import Callable

from appliance.devices.buffers import LatestFrame
from appliance.perception.face import FaceObserver


class Presence:
    """Knows when the last sign of a person was.

    Args:
        face: looks for a face.
        frames: of the camera.
        away_s: seconds without a sign after which nobody is there.
        clock: monotonic seconds.
    """

    def __init__(
        self,
        face: FaceObserver,
        frames: LatestFrame,
        away_s: float,
        clock: Callable[[], float],
    ) -> None:
        self._face = face
        self._frames = frames
        self._away_s = away_s
        self._clock = clock
        self._sign_s = clock()
        self._number = 0

    def sign(self) -> None:
        """Somebody did something, spoke, or was seen."""
        self._sign_s = self._clock()

    def look(self) -> None:
        """Look at the newest frame; where none came, nobody can be missed."""
        taken = self._frames.after(self._number, 0.0)
        if taken is None:
            self.sign()
            return
        self._number, frame = taken
        if self._face.sight(frame).observation.face_count:
            self.sign()

    @property
    def is_away(self) -> bool:
        """Whether nobody has been there for long."""
        return self._clock() - self._sign_s >= self._away_s
