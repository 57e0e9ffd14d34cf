"""RAVDESS speech clips: who speaks, what was acted, and the features of the sound.

Livingstone and Russo, "The Ryerson Audio-Visual Database of Emotional Speech and Song" (PLOS ONE
2018). A clip is named MODALITY-CHANNEL-EMOTION-INTENSITY-STATEMENT-REPETITION-ACTOR.
"""

import hashlib
import inspect
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from appliance.devices.microphone.recording import RecordingMicrophone
from appliance.domain.errors import BoothError
from appliance.domain.media import FloatArray
from appliance.perception import prosody, voice_features

CLASSES = ("neutral", "calm", "happy", "sad", "angry", "fearful", "disgust", "surprised")
"""Emotion 01 to 08 of the file names, in order."""

_SUFFIXES = (".flac", ".wav")
_FULL_VIDEO_OR_SOUND_OF_SPEECH = ("01", "03"), "01"


class DataError(BoothError, ValueError):
    """The folder is not what the recipe can be trained on."""

    code = "training_data_unusable"


@dataclass(frozen=True, slots=True)
class Clip:
    """One performance: its file, its class as an index of `CLASSES`, and who spoke (1..24)."""

    path: Path
    label: int
    actor: int


@dataclass(frozen=True, slots=True)
class LabelledVoices:
    """Features (n, features) float32, labels (n,) and actors (n,) of clips, in order of name."""

    features: FloatArray
    labels: npt.NDArray[np.int64]
    actors: npt.NDArray[np.int64]


def find_clips(folder: Path) -> list[Clip]:
    """The speech clips of a folder and its folders, in order of name.

    Raises:
        DataError: there are none.
    """
    paths = sorted(path for path in folder.rglob("*") if path.suffix in _SUFFIXES)
    clips = [clip for clip in map(_clip, paths) if clip is not None]
    if not clips:
        raise DataError(f"No clip with a RAVDESS name is in '{folder}'.")
    return clips


def _clip(path: Path) -> Clip | None:
    parts = path.stem.split("-")
    if len(parts) != 7 or not all(part.isdecimal() for part in parts):
        return None
    modalities, speech = _FULL_VIDEO_OR_SOUND_OF_SPEECH
    emotion = int(parts[2])
    if parts[0] not in modalities or parts[1] != speech or not 1 <= emotion <= len(CLASSES):
        return None
    return Clip(path, emotion - 1, int(parts[6]))


def load_voices(clips: list[Clip], cache: Path, jobs: int) -> LabelledVoices:
    """Features of all clips, computed by `jobs` processes once and then kept in the folder `cache`.

    The kept file is found by the clips' names and the code of the features, so a change of either
    computes them anew.
    """
    cache.mkdir(parents=True, exist_ok=True)
    kept = cache / f"voice-{_fingerprint(clips)}.npy"
    if kept.exists():
        features = np.load(kept, allow_pickle=False)
    else:
        with ProcessPoolExecutor(jobs) as pool:
            features = np.stack(list(pool.map(_features, clips, chunksize=16)))
        np.save(kept, features)
    labels = np.array([clip.label for clip in clips], dtype=np.int64)
    actors = np.array([clip.actor for clip in clips], dtype=np.int64)
    return LabelledVoices(features, labels, actors)


def _fingerprint(clips: list[Clip]) -> str:
    digest = hashlib.sha256()
    for module in (prosody, voice_features):
        digest.update(inspect.getsource(module).encode())
    for clip in clips:
        digest.update(f"{clip.path.name} {clip.path.stat().st_size}\n".encode())
    return digest.hexdigest()[:16]


def _features(clip: Clip) -> FloatArray:
    samples = np.concatenate([block.samples for block in RecordingMicrophone(clip.path).blocks()])
    return voice_features.voice_features(samples)
