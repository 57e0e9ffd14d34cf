"""A person's own baseline, from some of their other clips, drawn without regard to labels."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from appliance.domain.media import FloatArray
from appliance.perception.voice_description import VoiceBaseline

Indices = npt.NDArray[np.int64]


def drawn(actors: Indices, counts: Sequence[int], random: np.random.Generator) -> list[Indices]:
    """For each clip, other clips of the same actor.

    Args:
        actors: (n,) who speaks.
        counts: how many others; one of them is chosen for each clip.
        random: source of chance.
    """
    sets = []
    for clip in range(len(actors)):
        others = np.flatnonzero(actors == actors[clip])
        others = others[others != clip]
        count = min(int(random.choice(counts)), len(others))
        sets.append(random.choice(others, count, replace=False))
    return sets


def all_others(actors: Indices) -> list[Indices]:
    """For each clip, all other clips of the same actor."""
    return [
        np.array([other for other in np.flatnonzero(actors == actors[clip]) if other != clip])
        for clip in range(len(actors))
    ]


def drawn_still(
    actors: Indices, still: npt.NDArray[np.bool_], count: int, random: np.random.Generator
) -> list[Indices]:
    """For each clip, others in which the actor is still: neutral or calm.

    Args:
        actors: (n,) who speaks.
        still: (n,) which clips those are.
        count: how many.
        random: source of chance.
    """
    sets = []
    for clip in range(len(actors)):
        others = np.flatnonzero((actors == actors[clip]) & still)
        others = others[others != clip]
        sets.append(random.choice(others, min(count, len(others)), replace=False))
    return sets


def baselines(values: FloatArray, sets: Sequence[Indices]) -> list[VoiceBaseline]:
    """Learn a baseline from each set of rows of `values` (n, values)."""
    learned = []
    for chosen in sets:
        baseline = VoiceBaseline()
        for row in chosen:
            baseline.add(values[row])
        learned.append(baseline)
    return learned


def running(values: FloatArray, learns: npt.NDArray[np.bool_], every: int) -> list[VoiceBaseline]:
    """Baselines as they grow along windows that overlap.

    Args:
        values: (windows, values), in order of time.
        learns: (windows,) which may be learned from.
        every: windows from one to the next that does not overlap it.

    Returns:
        For each window, what was heard before it; windows share what has not changed.
    """
    known, grown = VoiceBaseline(), []
    for window in range(len(values)):
        before = window - every
        if before >= 0 and before % every == 0 and learns[before]:
            known = known.copy()
            known.add(values[before])
        grown.append(known)
    return grown
