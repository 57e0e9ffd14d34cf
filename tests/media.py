"""Small recordings, made by the test that needs them."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from appliance.domain.media import FloatArray, ImageArray


def tone(hz: float, seconds: float, rate_hz: int = 48_000, level: float = 0.25) -> FloatArray:
    """A sine, (n,) float32."""
    return (level * np.sin(2 * np.pi * hz * np.arange(int(seconds * rate_hz)) / rate_hz)).astype(
        np.float32
    )


def grey(width: int, height: int, value: int = 128) -> ImageArray:
    """A plain picture, (height, width, 3)."""
    return np.full((height, width, 3), value, np.uint8)


def write_recording(
    path: Path,
    pictures: Iterable[ImageArray] = (),
    *,
    rate_hz: int = 25,
    times_s: Sequence[float] | None = None,
    sound: FloatArray | None = None,
    sound_rate_hz: int = 48_000,
    codec: str = "libx264",
) -> Path:
    """Write pictures, sound or both.

    Args:
        path: the ending chooses the container.
        pictures: all of one size, RGB.
        rate_hz: frames a second.
        times_s: time of each picture, for a varying rate.
        sound: (n,) or (n, channels) in -1..1; 16-bit PCM in a WAV, else AAC.
        sound_rate_hz: of the sound.
        codec: of the pictures.
    """
    with av.open(str(path), "w") as container:
        pictures = list(pictures)
        picture_stream = container.add_stream(codec, rate=rate_hz) if pictures else None
        if picture_stream:
            picture_stream.height, picture_stream.width = pictures[0].shape[:2]
            picture_stream.pix_fmt = "yuv420p" if codec == "libx264" else picture_stream.pix_fmt
            picture_stream.codec_context.time_base = Fraction(1, 1000)
        sound_stream = None
        if sound is not None:
            name = "pcm_s16le" if path.suffix in {".wav", ".mkv"} else "aac"
            layout = "mono" if sound.ndim == 1 else "stereo"
            sound_stream = container.add_stream(name, rate=sound_rate_hz, layout=layout)
        if picture_stream:
            for index, picture in enumerate(pictures):
                frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
                frame.time_base = Fraction(1, 1000)
                frame.pts = round(1000 * (times_s[index] if times_s else index / rate_hz))
                container.mux(picture_stream.encode(frame))
            container.mux(picture_stream.encode(None))
        if sound_stream is not None and sound is not None:
            planes = np.ascontiguousarray(np.atleast_2d(sound.T)).astype(np.float32)
            frame = av.AudioFrame.from_ndarray(planes, "fltp", sound_stream.layout.name)
            frame.sample_rate = sound_rate_hz
            frame.pts = 0
            container.mux(sound_stream.encode(frame))
            container.mux(sound_stream.encode(None))
    return path
