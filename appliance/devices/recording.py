"""Opening a recording: one place that turns what FFmpeg says into our own errors."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

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
    try:
        if path.is_dir():
            raise RecordingNotFoundError(f"'{path}' is a folder, not a recording.", _HOLDS)
        if not path.is_file():
            raise RecordingNotFoundError(
                f"There is no recording '{path}'.", "Check the name and the folder."
            )
        if path.stat().st_size == 0:
            raise RecordingError(f"'{path}' is empty (0 bytes).", "Record or copy it again.")
        container = av.open(
            str(path.absolute()), metadata_errors="replace", options={"protocol_whitelist": "file"}
        )
    except PermissionError as error:
        raise RecordingNotFoundError(
            f"'{path}' may not be read by this user.", "Change its permissions or copy it."
        ) from error
    except (av.FFmpegError, ValueError) as error:
        if isinstance(error, RecordingError | RecordingNotFoundError):
            raise
        raise RecordingError(
            f"'{path}' cannot be decoded: it is damaged or no recording.", _HOLDS
        ) from error
    with container:
        yield container


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


def broken_off(what: str, reached_s: float, container: av.container.InputContainer) -> str | None:
    """A sentence where a stream ends long before the recording's own word, else None."""
    length_s = (container.duration or 0) / av.time_base
    if reached_s >= length_s - _CUT_SHORT_S:
        return None
    return f"The {what} breaks off at {reached_s:.0f} s of {length_s:.0f} s."


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
