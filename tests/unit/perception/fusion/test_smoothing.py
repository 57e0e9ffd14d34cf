"""Slips are smoothed away, changes stay where they are, and memory does not grow."""

import numpy as np
import pytest

from appliance.perception.fusion.smoothing import StickyFilter, smoothed

STAY, PULL = 0.6, 0.4


def windows(*tops: int, share: float = 0.6) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    rows = np.full((len(tops), 8), (1 - share) / 7)
    rows[np.arange(len(tops)), tops] = share
    return rows


def test_a_window_is_told_when_the_next_one_came() -> None:
    chain = StickyFilter(STAY, PULL)
    first, second = windows(2, 2)
    assert chain.add(first) is None
    told = chain.add(second)
    assert told is not None
    assert told.argmax() == 2
    assert told.sum() == pytest.approx(1)
    assert chain.finish() is not None
    assert chain.finish() is None


def test_a_weak_slip_among_sure_windows_is_smoothed_away() -> None:
    rows = windows(3, 3, 3, 5, 3, 3, share=0.8)
    rows[3] = windows(5, share=0.25)[0]
    assert smoothed(rows, STAY, PULL).argmax(axis=1).tolist() == [3] * 6


def test_a_change_stays_in_its_place() -> None:
    said = smoothed(windows(0, 0, 0, 0, 4, 4, 4, 4, share=0.9), STAY, PULL)
    assert said.argmax(axis=1).tolist() == [0, 0, 0, 0, 4, 4, 4, 4]


def test_what_comes_after_a_gap_starts_afresh() -> None:
    chain = StickyFilter(STAY, PULL)
    sure, other = windows(0, share=0.99)[0], windows(5, share=0.3)[0]
    chain.add(sure)
    assert chain.add(None) is not None
    chain.add(other)
    fresh = StickyFilter(STAY, PULL)
    fresh.add(other)
    alone, expected = chain.finish(), fresh.finish()
    assert alone is not None
    assert expected is not None
    assert np.array_equal(alone, expected)


def test_no_evidence_changes_nothing() -> None:
    even = np.full((4, 8), 1 / 8)
    assert smoothed(even, STAY, PULL) == pytest.approx(even)


def test_it_is_what_the_whole_sum_over_all_paths_gives() -> None:
    """Against all 8**3 paths of three windows, seen from the middle one's lag of one."""
    rows = np.random.default_rng(0).dirichlet(np.ones(8), 3)
    step = np.full((8, 8), (1 - STAY) / 7)
    np.fill_diagonal(step, STAY)
    seen = (rows / rows.max(axis=1, keepdims=True)) ** PULL
    paths = np.einsum("a,ab,b,bc,c->abc", seen[0], step, seen[1], step, seen[2])
    middle = paths.sum(axis=(0, 2))
    assert smoothed(rows, STAY, PULL)[1] == pytest.approx(middle / middle.sum())
