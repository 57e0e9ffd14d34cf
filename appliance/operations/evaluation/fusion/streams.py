"""An actor's clips one after the other, as if they went on speaking: cut into windows.

RAVDESS has no long takes; this is the nearest to an answer in which the manner changes that
labelled clips allow. A window's truth is that of the clip in its middle.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from appliance.domain.media import SAMPLE_RATE_HZ
from appliance.domain.observations import Span
from appliance.operations.evaluation.fusion.sounds import (
    Sounds,
    SoundStore,
    Take,
    joined,
    samples_of,
)
from appliance.operations.evaluation.progress import Progress, with_progress
from appliance.operations.evaluation.ravdess import FOLDS, Clip
from appliance.perception.fusion.grid import HOP_S, WINDOW_S

Order = Literal["shuffled", "in runs"]

_SEED = 1000

_Floats = npt.NDArray[np.float64]
_Indices = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Streams:
    """The windows of all actors, each actor's in order of time.

    Attributes:
        sounds: described windows.
        faces: (n, units) square roots of action units, means over what the window covers.
        labels: (n,) truth.
        actors: (n,) who it is.
    """

    sounds: Sounds
    faces: _Floats
    labels: _Indices
    actors: _Indices


def build_streams(
    clips: Sequence[Clip], faces: _Floats, order: Order, store: SoundStore, progress: Progress
) -> Streams:
    """String actors' clips together: everybody's shuffled, one actor's of each fold in runs.

    Runs only tell how to smooth, for which that is enough.

    Args:
        clips: in order of name.
        faces: (clips, units) square roots of action units.
        order: all shuffled, or one class after the other.
        store: describes the windows.
        progress: told how far it is.
    """
    present = sorted({clip.actor for clip in clips})
    if order == "in runs":
        # Women and men by turns: RAVDESS numbers them so.
        folds = enumerate(np.array_split(present, FOLDS))
        present = [int(group[fold % min(2, len(group))]) for fold, group in folds]
    sounds, seen, labels, actors = [], [], [], []
    for actor in with_progress(present, f"Listening to clips {order}", progress):
        chosen = _in_order(clips, actor, order)
        audio = [samples_of(clips[index].path) for index in chosen]
        ends_s = np.cumsum([len(samples) for samples in audio]) / SAMPLE_RATE_HZ
        starts_s = HOP_S * np.arange(1 + max(0, int((ends_s[-1] - WINDOW_S) / HOP_S)))
        name = f"{order.replace(' ', '-')}-{actor:02}"
        sounds.append(store.of(name, [Take(np.concatenate(audio), _windows(starts_s))]))
        covered = _covered_s(starts_s, ends_s)
        units = covered @ faces[chosen] ** 2 / covered.sum(axis=1, keepdims=True)
        seen.append(np.sqrt(units))
        middle = np.searchsorted(ends_s, starts_s + WINDOW_S / 2, side="right")
        truth = np.array([clips[index].label for index in chosen], dtype=np.int64)
        labels.append(truth[np.minimum(middle, len(chosen) - 1)])
        actors.append(np.full(len(starts_s), actor))
    truth_of_all, who = np.concatenate(labels), np.concatenate(actors)
    return Streams(joined(sounds), np.concatenate(seen), truth_of_all, who)


def shifted(actors: _Indices, windows: int) -> tuple[_Indices, npt.NDArray[np.bool_]]:
    """Which window each window's face comes from, where the camera is late by some windows.

    Returns:
        (n,) the window, and (n,) whether there is one of the same actor.
    """
    place = np.arange(len(actors)) - windows
    inside = np.clip(place, 0, len(actors) - 1)
    return inside, (place == inside) & (actors[inside] == actors)


def _in_order(clips: Sequence[Clip], actor: int, order: Order) -> list[int]:
    random = np.random.default_rng(_SEED + actor)
    own = [index for index, clip in enumerate(clips) if clip.actor == actor]
    if order == "shuffled":
        return [own[place] for place in random.permutation(len(own))]
    labels = random.permutation(sorted({clips[index].label for index in own}))
    groups = [[index for index in own if clips[index].label == label] for label in labels]
    return [group[place] for group in groups for place in random.permutation(len(group))]


def _windows(starts_s: npt.NDArray[np.floating[Any]]) -> list[Span]:
    return [Span(start_s, start_s + WINDOW_S) for start_s in starts_s.tolist()]


def _covered_s(starts_s: npt.NDArray[np.floating[Any]], ends_s: _Floats) -> _Floats:
    """Seconds that each window (rows) shares with each clip (columns)."""
    begins_s = np.concatenate([[0.0], ends_s[:-1]])
    first = np.maximum(starts_s[:, np.newaxis], begins_s)
    last = np.minimum(starts_s[:, np.newaxis] + WINDOW_S, ends_s)
    covered: _Floats = np.maximum(last - first, 0.0)
    return covered
