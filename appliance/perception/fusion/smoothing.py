"""How one window leads to the next: people do not change their manner twice a second.

A hidden Markov model whose states are the classes (Rabiner, Proc. IEEE 1989): from one window to
the next a class stays with the probability `stay`, and all others are equally likely. Windows
overlap and so repeat each other: each one's evidence counts by the power `pull` below 1.
"""

import numpy as np
import numpy.typing as npt

_Floats = npt.NDArray[np.float64]


class StickyFilter:
    """Smooths windows as they come; holds two of them, however long it runs.

    A window is told one window later, when the next one has said whether it was a slip: at two
    windows a second that is a delay of half a second.

    Args:
        stay: probability that the class of a window is that of the one before, 0..1.
        pull: how much a window's own evidence counts, 0..1.
    """

    def __init__(self, stay: float, pull: float) -> None:
        self._stay = stay
        self._pull = pull
        self._filtered: _Floats | None = None

    def add(self, shares: _Floats | None) -> _Floats | None:
        """Take in the next window, and tell the one before.

        Args:
            shares: (classes,) probabilities; None where nobody knows anything, which ends the run:
                what comes after a gap starts afresh.

        Returns:
            (classes,) probabilities of the window before; None where there was none.
        """
        before = self._filtered
        if shares is None:
            self._filtered = None
            return before
        evidence = self._evidence(shares)
        if before is None:
            self._filtered = evidence / evidence.sum()
            return None
        filtered = self._stepped(before) * evidence
        self._filtered = filtered / filtered.sum()
        told = before * self._stepped(evidence)
        result: _Floats = told / told.sum()
        return result

    def finish(self) -> _Floats | None:
        """Tell the last window; None where there is none."""
        return self.add(None)

    def _evidence(self, shares: _Floats) -> _Floats:
        evidence: _Floats = np.maximum(shares / shares.max(), 1e-12) ** self._pull
        return evidence

    def _stepped(self, shares: _Floats) -> _Floats:
        """Probabilities one window on; the chain is the same backwards."""
        others = (1 - self._stay) / (len(shares) - 1)
        stepped: _Floats = others * shares.sum() + (self._stay - others) * shares
        return stepped


def smoothed(windows: _Floats, stay: float, pull: float) -> _Floats:
    """Smooth one run of windows (n, classes)."""
    chain = StickyFilter(stay, pull)
    told = [chain.add(window) for window in windows]
    told.append(chain.finish())
    return np.array([window for window in told if window is not None])
