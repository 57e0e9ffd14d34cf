"""What is fitted finds what was put in: temperatures, weights, thresholds, stickiness."""

import numpy as np
import pytest

from appliance.operations.evaluation.fusion.fitting import (
    Case,
    Floats,
    Indices,
    best_curves,
    best_smoothing,
    best_temperature,
    threshold_at,
    weighted,
)
from appliance.perception.fusion.rule import Vote, calibrated, fuse, normalised

RANDOM = np.random.default_rng(7)


def answers(count: int, strength: float, seed: int) -> tuple[Floats, Indices]:
    """Calibrated probabilities of eight classes, and truths drawn by them."""
    random = np.random.default_rng(seed)
    shares = normalised(strength * random.normal(size=(count, 8)))
    truth = np.array([random.choice(8, p=row) for row in shares])
    return shares, truth


@pytest.mark.parametrize("true", [0.6, 1.0, 1.7])
def test_a_temperature_that_was_put_in_is_found(true: float) -> None:
    shares, truth = answers(4000, 2.0, seed=1)
    assert best_temperature(calibrated(shares, 1 / true), truth) == pytest.approx(true, rel=0.08)


def test_noise_takes_weight_from_a_sense_and_not_from_the_other() -> None:
    voice, truth = answers(1500, 2.0, seed=2)
    face = normalised(1.5 * RANDOM.normal(size=(1500, 8)) + 3 * np.eye(8)[truth])
    drowned = normalised(2 * RANDOM.normal(size=(1500, 8)))
    clear, noisy = np.full(1500, 2.0), np.full(1500, -2.0)
    cases = [
        Case(voice, clear, face, np.zeros(1500), truth, 1.0),
        Case(drowned, noisy, face, np.zeros(1500), truth, 0.5),
    ]
    heard, seen = best_curves(cases)
    in_noise, in_quiet = heard.weights(np.array([-2.0, 2.0]))
    assert in_noise < 0.4 * in_quiet
    assert seen.weights(np.zeros(1))[0] > 0.5


def test_many_rows_at_once_are_the_devices_rule() -> None:
    voice, _ = answers(20, 2.0, seed=3)
    face, _ = answers(20, 2.0, seed=4)
    weights = RANDOM.uniform(0.1, 1, (2, 20))
    together = weighted(voice, weights[0], face, weights[1])
    for row in range(20):
        one = fuse(Vote(voice[row], weights[0, row]), Vote(face[row], weights[1, row]))
        assert together[row] == pytest.approx(one)


def test_a_threshold_leaves_the_share_that_was_asked_for() -> None:
    shares, _ = answers(1000, 2.0, seed=5)
    threshold = threshold_at(shares, 0.85)
    assert np.mean(shares.max(axis=1) >= threshold) == pytest.approx(0.85, abs=0.01)


def test_long_runs_are_smoothed_more_than_hops() -> None:
    random = np.random.default_rng(6)

    def run(length: int) -> tuple[Floats, Indices]:
        truth = np.repeat(random.integers(8, size=240 // length), length)
        return normalised(random.normal(size=(240, 8)) + 1.5 * np.eye(8)[truth]), truth

    long, _ = best_smoothing([run(24) for _ in range(5)])
    short, _ = best_smoothing([run(1) for _ in range(5)])
    assert long > short
