"""Between the thread that captures and the one that analyses: bounded, and honest about losses."""

import threading
from collections import deque

from appliance.domain.media import AudioBlock, Frame


class LatestFrame:
    """Holds one frame: the newest wins. Any number of threads may put and look."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._frame: Frame | None = None
        self._number = 0

    def put(self, frame: Frame) -> None:
        """Replace what is held."""
        with self._changed:
            self._frame = frame
            self._number += 1
            self._changed.notify_all()

    def snapshot(self) -> Frame | None:
        """The newest frame, None before the first."""
        with self._changed:
            return self._frame

    def after(self, number: int, timeout_s: float) -> tuple[int, Frame] | None:
        """Wait for a frame later than the one with `number`; None if none comes in time.

        Args:
            number: of the last frame that was taken, 0 at first.
            timeout_s: how long to wait.

        Returns:
            The newest frame and its number. Numbers count what was captured: where one is
            skipped, a frame was passed over.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._number > number, timeout_s)
            if self._frame is None or self._number <= number:
                return None
            return self._number, self._frame

    def clear(self) -> None:
        """Forget the frame: it belongs to nobody any more."""
        with self._changed:
            self._frame = None


class BlockQueue:
    """Holds a bounded number of blocks; where one is too many, the oldest is lost and counted.

    Args:
        most_s: seconds of sound that may wait.
    """

    def __init__(self, most_s: float = 30.0) -> None:
        self._most_s = most_s
        self._changed = threading.Condition()
        self._blocks: deque[AudioBlock] = deque()
        self._held_s = 0.0
        self._dropped = 0

    @property
    def dropped(self) -> int:
        """Blocks that were lost because nobody took them in time."""
        with self._changed:
            return self._dropped

    @property
    def waiting_s(self) -> float:
        """Seconds of sound that wait to be taken."""
        with self._changed:
            return self._held_s

    def put(self, block: AudioBlock) -> None:
        """Add a block."""
        with self._changed:
            self._blocks.append(block)
            self._held_s += block.duration_s
            while self._held_s > self._most_s and len(self._blocks) > 1:
                self._held_s -= self._blocks.popleft().duration_s
                self._dropped += 1
            self._changed.notify()

    def get(self, timeout_s: float) -> AudioBlock | None:
        """Take the oldest block; None if none comes in time."""
        with self._changed:
            self._changed.wait_for(lambda: self._blocks, timeout_s)
            if not self._blocks:
                return None
            block = self._blocks.popleft()
            self._held_s = self._held_s - block.duration_s if self._blocks else 0.0
            return block

    def clear(self) -> None:
        """Forget what waits: it belongs to nobody any more. That is no loss, and is not counted."""
        with self._changed:
            self._blocks.clear()
            self._held_s = 0.0
