"""A recording of somebody who answers and then falls silent, made of the packaged sample."""

from pathlib import Path

import av
import numpy as np

from appliance.devices.camera.recording import RecordingCamera
from appliance.devices.microphone.recording import RecordingMicrophone
from appliance.domain.media import SAMPLE_RATE_HZ, FloatArray, ImageArray

_RATE_HZ = 10


def write_answer(sample: Path, target: Path, spoken_s: float, silent_s: float) -> None:
    """Write the beginning of a recording, and a silence in which the picture stands still.

    Args:
        sample: with picture and sound, at least `spoken_s` long.
        target: that is written, as Matroska.
        spoken_s: of the sample.
        silent_s: after that.
    """
    sound = _sound(sample, spoken_s, silent_s)
    with av.open(str(target), "w", format="matroska") as container:
        picture = container.add_stream("libx264", rate=_RATE_HZ, options={"preset": "ultrafast"})
        audio = container.add_stream("pcm_s16le", rate=SAMPLE_RATE_HZ, layout="mono")
        for number, image in enumerate(_images(sample, spoken_s, silent_s)):
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            if number == 0:
                picture.width, picture.height, picture.pix_fmt = (
                    frame.width,
                    frame.height,
                    "yuv420p",
                )
            frame.pts = number
            container.mux(picture.encode(frame))
        block = av.AudioFrame.from_ndarray(sound[np.newaxis], "fltp", "mono")
        block.sample_rate, block.pts = SAMPLE_RATE_HZ, 0
        container.mux(audio.encode(block))
        container.mux(picture.encode(None))
        container.mux(audio.encode(None))


def _images(sample: Path, spoken_s: float, silent_s: float) -> list[ImageArray]:
    """Pictures at `_RATE_HZ`, each the newest that the sample had by then."""
    frames = [one for one in RecordingCamera(sample).frames() if one.time_s <= spoken_s]
    images = []
    place = 0
    for number in range(round((spoken_s + silent_s) * _RATE_HZ)):
        while place + 1 < len(frames) and frames[place + 1].time_s <= number / _RATE_HZ:
            place += 1
        images.append(frames[place].image)
    return images


def _sound(sample: Path, spoken_s: float, silent_s: float) -> FloatArray:
    blocks = [one.samples for one in RecordingMicrophone(sample).blocks() if one.time_s < spoken_s]
    spoken = np.concatenate(blocks)[: round(spoken_s * SAMPLE_RATE_HZ)]
    silence = np.zeros(round(silent_s * SAMPLE_RATE_HZ), np.float32)
    return np.concatenate([spoken, silence])
