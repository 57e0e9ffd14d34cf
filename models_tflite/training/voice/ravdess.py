"""Descriptions of RAVDESS speech clips: as they are, in other rooms, and in noise."""

import functools
import hashlib
import inspect
import io
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path

import numpy as np
import numpy.typing as npt

from appliance.devices.microphone.recording import RecordingMicrophone
from appliance.domain.errors import DataError
from appliance.domain.media import FloatArray
from appliance.domain.whole_file import write_whole
from appliance.operations.evaluation.ravdess import Clip
from appliance.perception import prosody, speech_embedding, voice_description, voice_features
from appliance.perception.voice_description import VoiceDescriber
from appliance.perception.voice_features import TooLittleVoiceError
from models_tflite.training.voice import rooms

ROOMS = 3
"""Copies of each clip that are trained on beside it, each in another room."""

SNRS_DB = (20, 10, 5)
"""Noise that models are judged in; each clip has one of the kinds of noise."""

ACTORS_A_FOLD = 4
_TALKERS = 6


@dataclass(frozen=True, slots=True)
class LabelledVoices:
    """Clips in order of name.

    Attributes:
        clean: (n, values) float32 descriptions.
        elsewhere: (copies, n, values) the same clips in random rooms.
        noisy: by signal-to-noise ratio in dB, (n, values).
        labels: (n,) index of the class.
        actors: (n,) who speaks.
    """

    clean: FloatArray
    elsewhere: FloatArray
    noisy: dict[int, FloatArray]
    labels: npt.NDArray[np.int64]
    actors: npt.NDArray[np.int64]


def load_voices(clips: list[Clip], models: Path, cache: Path, jobs: int) -> LabelledVoices:
    """Describe all clips in `jobs` processes once, and keep that in the folder `cache`.

    The kept file is found by the clips' names and the code of the descriptions, so a change of
    either computes them anew.

    Args:
        clips: at least one.
        models: folder of the models that describe.
        cache: folder for what is kept.
        jobs: processes.

    Raises:
        DataError: a clip has too little voice; the message names it.
    """
    cache.mkdir(parents=True, exist_ok=True)
    kept = cache / f"voice-{_fingerprint(clips)}.npy"
    if kept.exists():
        described = np.load(kept, allow_pickle=False)
    else:
        with ProcessPoolExecutor(jobs) as pool:
            work = pool.map(_versions, clips, repeat(clips), repeat(models), chunksize=8)
            described = np.stack(list(work), axis=1)
        content = io.BytesIO()
        np.save(content, described)
        write_whole({kept: content.getvalue()})
    labels = np.array([clip.label for clip in clips], dtype=np.int64)
    actors = np.array([clip.actor for clip in clips], dtype=np.int64)
    noisy = dict(zip(SNRS_DB, described[1 + ROOMS :], strict=True))
    return LabelledVoices(described[0], described[1 : 1 + ROOMS], noisy, labels, actors)


def _fingerprint(clips: list[Clip]) -> str:
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for module in (prosody, rooms, speech_embedding, voice_description, voice_features):
        digest.update(inspect.getsource(module).encode())
    for clip in clips:
        digest.update(f"{clip.path.name} {clip.path.stat().st_size}\n".encode())
    return digest.hexdigest()[:16]


def _versions(clip: Clip, clips: list[Clip], models: Path) -> FloatArray:
    """Describe a clip as it is, in `ROOMS` rooms, and at each of `SNRS_DB`: (versions, values)."""
    describer = VoiceDescriber(models)
    samples = _samples(clip.path)
    name = clip.path.name
    versions = [samples]
    for room in range(ROOMS):
        random = rooms.chance(name, f"room {room}")
        versions.append(rooms.elsewhere(samples, _babble(clip, clips, random), random))
    for snr_db in SNRS_DB:
        random = rooms.chance(name, f"noise {snr_db}")
        noise = rooms.NOISES[random.integers(len(rooms.NOISES))]
        babble = _babble(clip, clips, random)
        noisy = rooms.in_noise(samples, noise, snr_db, babble, random)
        versions.append((noisy / max(1.0, np.max(np.abs(noisy)))).astype(np.float32))
    try:
        return np.stack([describer.describe(version) for version in versions])
    except TooLittleVoiceError as error:
        raise DataError(
            f"'{name}' has too little voice to learn from.", "Take it out of the folder."
        ) from error


def _babble(clip: Clip, clips: list[Clip], random: np.random.Generator) -> FloatArray:
    """Six clips of others at once, all of the speaker's own fold: no other fold may be heard."""
    fold = (clip.actor - 1) // ACTORS_A_FOLD
    others = [
        other
        for other in clips
        if other.actor != clip.actor and (other.actor - 1) // ACTORS_A_FOLD == fold
    ]
    length = len(_samples(clip.path))
    babble = np.zeros(length)
    for index in random.choice(len(others), min(_TALKERS, len(others)), replace=False):
        voice = _samples(others[index].path).astype(np.float64)
        turned = np.roll(voice, random.integers(len(voice)))
        babble += np.resize(turned, length) / np.sqrt(np.mean(voice**2) + 1e-12)
    # Where there is nobody else to talk, a faint hiss stands in.
    return (babble + random.normal(0, 1e-3, length)).astype(np.float32)


@functools.cache
def _samples(path: Path) -> FloatArray:
    """All samples of a clip; kept, since others hear it as babble."""
    return np.concatenate([block.samples for block in RecordingMicrophone(path).blocks()])
