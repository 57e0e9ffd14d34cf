"""The rule: one vote alone stays as it is, two agree or weaken each other, weights count."""

import numpy as np
import pytest

from appliance.perception.fusion.rule import Vote, calibrated, fuse, reliance


def shares(*values: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array(values, dtype=np.float64)


ODD = np.random.default_rng(3).dirichlet(np.ones(8))


@pytest.mark.parametrize("nobody", [None, Vote(shares(0.9, *[0.1 / 7] * 7), 0.0)])
def test_one_vote_alone_is_the_result_to_the_bit(nobody: Vote | None) -> None:
    alone = Vote(calibrated(ODD, 1.37), 0.123)
    for fused in (fuse(alone, nobody), fuse(nobody, alone)):
        assert fused is not None
        assert np.array_equal(fused, alone.shares)


def test_without_any_vote_nothing_is_known() -> None:
    assert fuse(None, None) is None
    assert fuse(Vote(ODD, 0.0), None) is None


def test_two_votes_multiply_by_their_weights() -> None:
    first, second = Vote(shares(0.5, 0.3, 0.2), 1.0), Vote(shares(0.2, 0.3, 0.5), 0.5)
    product = first.shares * np.sqrt(second.shares)
    assert fuse(first, second) == pytest.approx(product / product.sum())
    assert fuse(second, first) == pytest.approx(product / product.sum())


def test_whom_one_relies_on_more_wins_a_disagreement() -> None:
    left, right = shares(0.8, 0.2), shares(0.2, 0.8)
    fused = fuse(Vote(left, 0.9), Vote(right, 0.4))
    assert fused is not None
    assert fused.argmax() == 0
    assert fused.max() < 0.8


def test_temperature_softens_and_sharpens_and_keeps_the_order() -> None:
    soft, sharp = calibrated(ODD, 2.0), calibrated(ODD, 0.5)
    assert soft.max() < ODD.max() < sharp.max()
    assert soft.argsort().tolist() == ODD.argsort().tolist()
    assert calibrated(ODD, 1.0) == pytest.approx(ODD)
    assert calibrated(np.stack([ODD, ODD]), 2.0)[1] == pytest.approx(soft)


def test_what_seems_impossible_can_still_be_outvoted() -> None:
    never = calibrated(shares(1.0, 0.0), 1.0)
    fused = fuse(Vote(never, 0.1), Vote(shares(1e-6, 1 - 1e-6), 1.0))
    assert fused is not None
    assert fused.argmax() == 1


def test_reliance_rises_with_quality() -> None:
    curve = [reliance(0.0, 0.5, quality) for quality in (-2, 0, 2)]
    assert curve == sorted(curve)
    assert curve[1] == 0.5
