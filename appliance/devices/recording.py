"""Opening a recording: one place that turns what FFmpeg says into our own errors."""

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av

from appliance.domain.errors import RecordingError, RecordingNotFoundError

_HOLDS = "A recording holds a face, a voice or both, for example an MP4, WebM, WAV or MP3 file."

_CUT_SHORT_S = 1.0
"""Streams of a whole recording end within this of each other; one that ends before was cut."""


@dataclass(frozen=True, slots=True)
class RecordingInfo:
    """What a recording holds.

    Attributes:
        duration_s: length by the container's own word, None where it does not say.
        has_picture: there is moving picture (the cover image of a song is none).
        has_sound: there is sound.
    """

    duration_s: float | None
    has_picture: bool
    has_sound: bool


@contextmanager
def open_recording(path: Path) -> Iterator[av.container.InputContainer]:
    """Open `path` for decoding.

    Only local files are read: a playlist that names other addresses is refused by FFmpeg's
    protocol list, so a recording can never make the booth use the network.

    Raises:
        RecordingNotFoundError: there is no such file, or it is a folder.
        RecordingError: the file is empty, damaged, or no recording.
    """
    _require_file(path)
    try:
        container = av.open(
            str(path.absolute()), metadata_errors="replace", options={"protocol_whitelist": "file"}
        )
    except (av.FFmpegError, ValueError) as error:
        raise RecordingError(
            f"'{path}' cannot be decoded: it is damaged or no recording.", _HOLDS
        ) from error
    with container:
        yield container


def _require_file(path: Path) -> None:
    """Refuse what is no file that can be read, before FFmpeg words it worse."""
    try:
        mode = path.stat().st_mode
        regular = stat.S_ISREG(mode)
        size = len(_first_byte(path)) if regular else 0
    except PermissionError as error:
        raise RecordingNotFoundError(
            f"'{path}' may not be read by this user.", "Change its permissions or copy it."
        ) from error
    except (OSError, ValueError) as error:
        raise RecordingNotFoundError(
            f"There is no recording '{path}'.", "Check the name and the folder."
        ) from error
    if stat.S_ISDIR(mode):
        raise RecordingNotFoundError(f"'{path}' is a folder, not a recording.", _HOLDS)
    if not regular:
        raise RecordingNotFoundError(f"'{path}' is a device or a pipe, not a file.", _HOLDS)
    if size == 0:
        raise RecordingError(f"'{path}' is empty (0 bytes).", "Record or copy it again.")


def _first_byte(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(1)


def picture_stream(container: av.container.InputContainer) -> av.VideoStream | None:
    """The first moving picture of a container, None if it has none."""
    for stream in container.streams.video:
        cover = av.stream.Disposition.attached_pic in stream.disposition
        if not cover and stream.codec_context is not None:
            return stream
    return None


def sound_stream(container: av.container.InputContainer) -> av.AudioStream | None:
    """The first sound of a container, None if it has none or none that can be decoded."""
    return next((s for s in container.streams.audio if s.codec_context is not None), None)


def start_time_s(container: av.container.InputContainer) -> float:
    """The time stamp that counts as 0 s for both picture and sound."""
    return float((container.start_time or 0) / av.time_base)


class Decoding:
    """Decodes one stream of a recording, passing over what is damaged."""

    def __init__(self, container: av.container.InputContainer, stream: av.stream.Stream) -> None:
        self._container = container
        self._stream = stream
        self._damaged = 0  # packets

    def frames(self) -> Iterator[Any]:
        """Yield the frames that can be decoded, in order."""
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets)
            except (StopIteration, av.FFmpegError):
                return
            try:
                frames = packet.decode()
            except av.FFmpegError:
                self._damaged += 1
                continue
            yield from frames

    def fault(self, what: str, reached_s: float) -> str | None:
        """A sentence about what was damaged or is not there, None where all is well.

        Args:
            what: "picture" or "sound".
            reached_s: the time to which frames came.
        """
        length_s = (self._container.duration or 0) / av.time_base
        if reached_s < length_s - _CUT_SHORT_S:
            return f"The {what} breaks off at {reached_s:.0f} s of {length_s:.0f} s."
        if self._damaged:
            return f"The {what} is damaged in places; these were passed over."
        return None


def probe(path: Path) -> RecordingInfo:
    """Tell what a recording holds, without decoding it.

    Raises:
        RecordingNotFoundError, RecordingError: as `open_recording`; also where there is neither
            picture nor sound.
    """
    with open_recording(path) as container:
        has_picture = picture_stream(container) is not None
        has_sound = sound_stream(container) is not None
        duration = container.duration / av.time_base if container.duration else None
    if not (has_picture or has_sound):
        raise RecordingError(f"'{path}' holds neither picture nor sound.", _HOLDS)
    return RecordingInfo(duration, has_picture, has_sound)
