"""The features of RAVDESS speech clips, with what was acted and who speaks."""

import hashlib
import inspect
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from appliance.devices.microphone.recording import RecordingMicrophone
from appliance.domain.media import FloatArray
from appliance.operations.evaluation.ravdess import Clip
from appliance.perception import prosody, voice_features


@dataclass(frozen=True, slots=True)
class LabelledVoices:
    """Features (n, features) float32, labels (n,) and actors (n,) of clips, in order of name."""

    features: FloatArray
    labels: npt.NDArray[np.int64]
    actors: npt.NDArray[np.int64]


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
