"""Noise as loud as what it hides: the same in every run."""

import zlib
from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from appliance.domain.media import FloatArray
from appliance.operations.evaluation.fusion.sounds import Take, samples_of, whole
from appliance.operations.evaluation.progress import Progress, with_progress
from appliance.operations.evaluation.ravdess import Clip
from appliance.perception.voice_features import active_hops

Noise = Literal["white", "babble"]

NOISES: tuple[Noise, ...] = ("white", "babble")

_TALKERS = 6


def chance(name: str) -> np.random.Generator:
    """A source of chance that is the same for the same name on every machine."""
    return np.random.default_rng(zlib.crc32(name.encode()))


def in_noise(
    clips: list[Clip], fold_of: npt.NDArray[np.int64], noise: Noise, progress: Progress
) -> Iterator[Take]:
    """Each clip in noise; babble is made of others of the same fold, so that no other is heard.

    Args:
        clips: in order of name.
        fold_of: (n,) which fold each belongs to.
        noise: its kind.
        progress: told how far it is.
    """
    voices = [samples_of(clip.path) for clip in clips]
    for index, clip in enumerate(with_progress(clips, f"Listening in {noise} noise", progress)):
        others = [
            voices[other]
            for other in np.flatnonzero(fold_of == fold_of[index]).tolist()
            if clips[other].actor != clip.actor
        ]
        yield whole(drowned(voices[index], noise, others, chance(f"{clip.path.name} {noise}")))


def drowned(
    voice: FloatArray, noise: Noise, others: list[FloatArray], random: np.random.Generator
) -> FloatArray:
    """A voice in noise of its own power, at 0 dB where it sounds.

    Args:
        voice: (n,) float32.
        noise: white, or six other voices at once.
        others: voices to choose those six from.
        random: source of chance.

    Returns:
        (n,) float32 in -1..1.
    """
    added = random.normal(size=len(voice))
    if noise == "babble":
        added *= 1e-3
        for index in random.choice(len(others), min(_TALKERS, len(others)), replace=False):
            other = others[index].astype(np.float64)
            turned = np.roll(other, random.integers(len(other)))
            added += np.resize(turned, len(voice)) / np.sqrt(np.mean(other**2) + 1e-12)
    active = active_hops(voice)
    hop = len(voice) // max(1, len(active))
    heard = voice[: len(active) * hop].reshape(-1, hop)[active]
    power = np.mean(heard.astype(np.float64) ** 2) if heard.size else 0.0
    noisy = voice + added * np.sqrt(power / np.mean(added**2))
    levelled: FloatArray = (noisy / max(1.0, float(np.max(np.abs(noisy))))).astype(np.float32)
    return levelled


def blurred(
    faces: npt.NDArray[np.floating[Any]], level: float, random: np.random.Generator
) -> npt.NDArray[np.float64]:
    """Action units (n, units) in noise: at level 1 as much as they differ among clips, at 0 dB.

    Args:
        faces: square roots, as `load_action_units` gives them.
        level: of the noise, as a share of that.
        random: source of chance.
    """
    units = faces**2
    noisy = units + level * units.std(axis=0) * random.normal(size=units.shape)
    result: npt.NDArray[np.float64] = np.sqrt(np.maximum(noisy, 0.0))
    return result
