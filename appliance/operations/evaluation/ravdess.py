"""RAVDESS speech clips by their names: what was acted, and who speaks.

Livingstone and Russo, "The Ryerson Audio-Visual Database of Emotional Speech and Song" (PLOS ONE
2018). A clip is named MODALITY-CHANNEL-EMOTION-INTENSITY-STATEMENT-REPETITION-ACTOR.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from appliance.domain.errors import DataError

CLASSES = ("neutral", "calm", "happy", "sad", "angry", "fearful", "disgust", "surprised")
"""Emotion 01 to 08 of the file names, in order."""

FOLDS = 5

_SUFFIXES = (".flac", ".wav")
_WITH_SOUND = "01-"
_FULL_VIDEO_OR_SOUND_OF_SPEECH = ("01", "03"), "01"


@dataclass(frozen=True, slots=True)
class Clip:
    """One performance: its file, its class as an index of `CLASSES`, and who spoke (1..24)."""

    path: Path
    label: int
    actor: int

    @property
    def speaker(self) -> str:
        """Who spoke, as model files name it, such as "ravdess-01"."""
        return speaker(self.actor)


def speaker(actor: int) -> str:
    """An actor's name in model files."""
    return f"ravdess-{actor:02}"


def find_clips(folder: Path) -> list[Clip]:
    """The speech clips of a folder and its folders, in order of name.

    Raises:
        DataError: there are none, or no such folder.
    """
    if not folder.is_dir():
        raise DataError(f"There is no folder '{folder}'.", "Name a folder of RAVDESS speech clips.")
    clips = _named(folder, _SUFFIXES)
    if not clips:
        raise DataError(f"No clip with a RAVDESS name is in '{folder}'.")
    return clips


def find_videos(folder: Path) -> list[Clip]:
    """The speech videos with sound of a folder and its folders, in order of name; may be none."""
    return [clip for clip in _named(folder, (".mp4",)) if clip.path.stem.startswith(_WITH_SOUND)]


def actor_folds(actors: npt.NDArray[np.int64]) -> list[npt.NDArray[np.bool_]]:
    """Which clips each fold holds back: blocks of neighbouring actors, so 1-4, 5-8 ... of twenty.

    RAVDESS numbers men odd and women even, so each fold has as many of both.

    Raises:
        DataError: there are fewer actors than folds.
    """
    present = np.unique(actors)
    if len(present) < FOLDS:
        message = f"{len(present)} actors cannot be split into {FOLDS} folds."
        raise DataError(message, "Use a folder with at least five actors.")
    return [np.isin(actors, group) for group in np.array_split(present, FOLDS)]


def _named(folder: Path, suffixes: tuple[str, ...]) -> list[Clip]:
    paths = sorted(path for path in folder.rglob("*") if path.suffix in suffixes)
    return [clip for clip in map(_clip, paths) if clip is not None]


def _clip(path: Path) -> Clip | None:
    parts = path.stem.split("-")
    if len(parts) != 7 or not all(part.isdecimal() for part in parts):
        return None
    modalities, speech = _FULL_VIDEO_OR_SOUND_OF_SPEECH
    emotion = int(parts[2])
    if parts[0] not in modalities or parts[1] != speech or not 1 <= emotion <= len(CLASSES):
        return None
    return Clip(path, emotion - 1, int(parts[6]))
