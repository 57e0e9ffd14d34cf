"""A recording as a camera: frames at the times at which they were taken."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from appliance.devices.recording import Decoding, open_recording, picture_stream, start_time_s
from appliance.domain.media import Frame, ImageArray

_QUARTER_TURN_DEG = 90


class RecordingCamera:
    """Plays the picture of a recording as fast as it is asked.

    Args:
        path: any container that FFmpeg reads.
        rate_hz: frames a second that are handed on; the others are decoded and passed over. A
            recording with fewer frames, or with a varying rate, gives what it has.
        longest_side_px: larger pictures (4K) are scaled down to this, which is all that a face
            at arm's length needs.
    """

    def __init__(self, path: Path, rate_hz: float = 5.0, longest_side_px: int = 1280) -> None:
        self._path = path
        self._interval_s = 1.0 / rate_hz
        self._longest_side_px = longest_side_px
        self.fault: str | None = None
        """What was wrong with the picture, one sentence; None if nothing was."""

    def frames(self) -> Iterator[Frame]:
        """Yield frames in order of time, one in memory at a time.

        What is damaged is passed over, and said in `fault`.

        Raises:
            RecordingNotFoundError, RecordingError: the file cannot be opened.
        """
        self.fault = None
        with open_recording(self._path) as container:
            stream = picture_stream(container)
            if stream is None:
                return
            stream.thread_type = "AUTO"
            decoding = Decoding(container, stream)
            start_s = start_time_s(container)
            due_s = 0.0
            last_s = 0.0
            for picture in decoding.frames():
                time_s = picture.time - start_s if picture.time is not None else due_s
                last_s = max(last_s, time_s)
                # Half a millisecond of grace: time stamps are rounded to the container's unit.
                if time_s < due_s - 0.0005:
                    continue
                yield Frame(time_s, self._upright_rgb(picture, stream.sample_aspect_ratio))
                due_s = max(due_s + self._interval_s, time_s + self._interval_s / 2)
            self.fault = decoding.fault("picture", last_s)

    def _upright_rgb(self, picture: av.VideoFrame, aspect: Fraction | None) -> ImageArray:
        shown_width = float(picture.width * (aspect or 1))
        scale = min(1.0, self._longest_side_px / max(shown_width, picture.height))
        width = max(1, round(shown_width * scale))
        height = max(1, round(picture.height * scale))
        rgb = picture.to_ndarray(
            format="rgb24",
            width=width,
            height=height,
            interpolation=av.video.reformatter.Interpolation.AREA,
        )
        # FFmpeg gives the counter-clockwise turn that makes the picture upright.
        turns = round(picture.rotation / _QUARTER_TURN_DEG) % 4
        return np.ascontiguousarray(np.rot90(rgb, turns))
