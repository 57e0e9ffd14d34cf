"""How two votes become one: a weighted sum of calibrated logarithms of probabilities.

Multiplying the probabilities of experts who see different things is Hinton's product of experts
("Training products of experts by minimizing contrastive divergence", Neural Computation 2002).
Below 1, a weight tells how far an expert can be relied on here and now.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_LEAST = 1e-6

_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Vote:
    """What one sense says of a window.

    Attributes:
        shares: (classes,) calibrated probabilities.
        weight: how far to rely on it, at least 0; at 0 it does not vote.
    """

    shares: _Floats
    weight: float


def calibrated(shares: _Floats, temperature: float) -> _Floats:
    """Make probabilities (..., classes) as sure as they are right (Guo et al., ICML 2017).

    Args:
        shares: each row sums to 1.
        temperature: above 1 softens, below 1 sharpens.
    """
    return normalised(np.log(np.maximum(shares, _LEAST)) / temperature)


def fuse(first: Vote | None, second: Vote | None) -> _Floats | None:
    """Fuse two votes; None where neither is there.

    Where only one votes, the result is what it says, to the bit: nobody else's weight matters.
    """
    votes = [vote for vote in (first, second) if vote is not None and vote.weight > 0]
    if not votes:
        return None
    if len(votes) == 1:
        return votes[0].shares
    return normalised(
        np.sum([vote.weight * np.log(np.maximum(vote.shares, _LEAST)) for vote in votes], axis=0)
    )


def reliance(level: float, slope: float, quality: float) -> float:
    """A logistic curve from 0 to 1: how far to rely on a vote of this quality."""
    return 1 / (1 + math.exp(-(level + slope * quality)))


def normalised(logarithms: _Floats) -> _Floats:
    """Probabilities (..., classes) of unnormalised logarithms."""
    shares = np.exp(logarithms - logarithms.max(axis=-1, keepdims=True))
    result: _Floats = shares / shares.sum(axis=-1, keepdims=True)
    return result
