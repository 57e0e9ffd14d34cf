"""The figures of a case that is small enough to be worked out by hand."""

import numpy as np
import pytest

from appliance.operations.evaluation.figures import (
    NO_TRUTH,
    Figures,
    expected_calibration_error,
    judge,
    wilson,
)
from appliance.operations.evaluation.table import summary, table

CLASSES = ("calm", "happy", "sad", "never")


@pytest.fixture
def figures() -> Figures:
    """Three calm, of whom two are found; one happy, found; two sad, one found; one nobody knows."""
    answers = [0, 0, 1, 1, 2, 0, 3]
    truth = np.array([0, 0, 0, 1, 2, 2, NO_TRUTH])
    said = np.full((7, 4), 0.1, dtype=np.float32)
    said[np.arange(7), answers] = 0.7
    judged = judge(said, truth, CLASSES)
    assert judged is not None
    return judged


def test_the_figures_are_what_a_person_counts(figures: Figures) -> None:
    assert figures.count == 6
    assert figures.accuracy == pytest.approx(4 / 6)
    assert figures.recalls == (2 / 3, 1.0, 0.5, None)
    assert figures.unweighted_average_recall == pytest.approx((2 / 3 + 1 + 1 / 2) / 3)
    assert figures.confusion.tolist() == [[2, 1, 0, 0], [0, 1, 0, 0], [1, 0, 1, 0], [0, 0, 0, 0]]
    assert figures.confusion.sum() == figures.count
    assert figures.expected_calibration_error == pytest.approx(0.7 - 4 / 6, abs=1e-6)


def test_programs_get_plain_values(figures: Figures) -> None:
    value = figures.to_json_value()
    assert value["n"] == 6
    assert value["accuracy"] == 0.6667
    assert value["recalls"] == {"calm": 0.6667, "happy": 1.0, "sad": 0.5, "never": None}
    assert value["classes"] == list(CLASSES)
    assert value["accuracy_interval"] == [round(bound, 4) for bound in wilson(4 / 6, 6)]


def test_a_person_gets_a_row_for_each_class(figures: Figures) -> None:
    assert table(figures).split("\n") == [
        "  true class       n  recall   said to be   1   2   3   4",
        "  1 calm           3   66.7%                2   1   .   .",
        "  2 happy          1  100.0%                .   1   .   .",
        "  3 sad            2   50.0%                1   .   1   .",
        "  4 never          0       -                .   .   .   .",
    ]
    assert summary(figures).startswith("accuracy 66.7% (95% interval 30.0% to 90.3%), ")


def test_a_set_without_any_truth_has_no_figures() -> None:
    assert judge(np.ones((2, 4)), np.array([NO_TRUTH, NO_TRUTH]), CLASSES) is None


def test_the_interval_is_wilsons() -> None:
    assert wilson(0.5, 100) == pytest.approx((0.404, 0.596), abs=1e-3)


def test_certainty_that_is_always_wrong_is_the_worst_calibration() -> None:
    said = np.tile(np.array([[1, 0]], dtype=np.float32), (10, 1))
    assert expected_calibration_error(said, np.ones(10, dtype=np.int64)) == 1


def test_confidence_that_is_right_as_often_as_it_says_is_the_best() -> None:
    said = np.tile(np.array([[0.75, 0.25]]), (4, 1))
    assert expected_calibration_error(said, np.array([0, 0, 0, 1])) == 0
