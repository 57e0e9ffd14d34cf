"""Voices as the device describes them, kept between runs since describing takes minutes."""

import hashlib
import inspect
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from appliance.devices.microphone.recording import RecordingMicrophone
from appliance.domain.media import FloatArray
from appliance.domain.whole_file import write_whole
from appliance.operations.evaluation.ravdess import Clip
from appliance.perception import prosody, speech_embedding, voice_description, voice_features
from appliance.perception.prosody import loudness_range_db, measure_loudness
from appliance.perception.voice_description import VoiceDescriber, description_names
from appliance.perception.voice_features import TooLittleVoiceError

_SHORTEST = 400  # samples, of which a loudness can be told


@dataclass(frozen=True, slots=True, eq=False)
class Sounds:
    """Described stretches of voice.

    Attributes:
        values: (n, values) float32; zeros where there is too little voice.
        range_db: (n,) range of loudness.
        voiced: (n,) whether there is enough voice.
    """

    values: FloatArray
    range_db: npt.NDArray[np.float64]
    voiced: npt.NDArray[np.bool_]


class SoundStore:
    """Describes sounds once, and keeps that in a folder, by name.

    What is kept belongs to the clips and to the code that describes: a change of either describes
    anew.

    Args:
        models: the folder with the model files.
        folder: for what is kept; made if it is missing.
        clips: all clips of the evaluation.
    """

    def __init__(self, models: Path, folder: Path, clips: list[Clip]) -> None:
        self._describer = VoiceDescriber(models)
        self._folder = folder / _fingerprint(clips)

    def of(self, name: str, sounds: Iterable[FloatArray]) -> Sounds:
        """Describe sounds, or read what is kept of them.

        Args:
            name: of the set.
            sounds: (n,) float32 samples each, at 16 kHz; made only where they are needed.

        Raises:
            OutputError: the folder cannot be written.
        """
        path = self._folder / f"{name}.npz"
        if not path.is_file():
            described = [self._described(sound) for sound in sounds]
            values, ranges, voiced = zip(*described, strict=True)
            file = io.BytesIO()
            np.savez(file, values=np.stack(values), range_db=ranges, voiced=voiced)
            write_whole({path: file.getvalue()})
        with np.load(path, allow_pickle=False) as kept:
            return Sounds(kept["values"], kept["range_db"], kept["voiced"])

    def _described(self, sound: FloatArray) -> tuple[FloatArray, float, bool]:
        if len(sound) < _SHORTEST:
            return _nothing(), 0.0, False
        range_db = loudness_range_db(measure_loudness(sound))
        try:
            return self._describer.describe(sound), range_db, True
        except TooLittleVoiceError:
            return _nothing(), range_db, False


def samples_of(path: Path) -> FloatArray:
    """All samples of a clip.

    Raises:
        RecordingError: it cannot be decoded.
    """
    blocks = [block.samples for block in RecordingMicrophone(path).blocks()]
    return np.concatenate([np.zeros(0, np.float32), *blocks])


def joined(parts: list[Sounds]) -> Sounds:
    """Sets of sounds as one."""
    return Sounds(
        np.concatenate([part.values for part in parts]),
        np.concatenate([part.range_db for part in parts]),
        np.concatenate([part.voiced for part in parts]),
    )


def _nothing() -> FloatArray:
    return np.zeros(len(description_names()), np.float32)


def _fingerprint(clips: list[Clip]) -> str:
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for module in (prosody, speech_embedding, voice_description, voice_features):
        digest.update(inspect.getsource(module).encode())
    for clip in clips:
        digest.update(f"{clip.path.name} {clip.path.stat().st_size}\n".encode())
    return digest.hexdigest()[:16]
