"""The booth's own regression finds what scikit-learn's finds."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from appliance.operations.evaluation.fusion.regression import fit_regression


@pytest.mark.parametrize("weighed", [False, True])
def test_it_is_scikit_learns_regression(*, weighed: bool) -> None:
    random = np.random.default_rng(0)
    labels = random.choice(4, 300, p=[0.1, 0.2, 0.3, 0.4])
    values = random.normal(size=(300, 6)) + np.eye(4, 6)[labels]
    counts = random.uniform(0.5, 3, 300) if weighed else None
    ours = fit_regression(values, labels, 4, 0.1, counts)
    share = 300 / 4 / np.bincount(labels)[labels]
    if counts is not None:
        share = share * counts / counts.mean()
    theirs = LogisticRegression(C=0.1, tol=1e-6).fit(values, labels, sample_weight=share)
    # Only differences between classes count: a constant added to all of them changes nothing.
    centred = ours.intercepts - ours.intercepts.mean()
    np.testing.assert_allclose(ours.weights, theirs.coef_, atol=0.02)
    np.testing.assert_allclose(centred, theirs.intercept_ - theirs.intercept_.mean(), atol=0.02)
    logits = ours.logits(values)
    assert np.mean(logits.argmax(axis=1) == theirs.predict(values)) > 0.99
