from pathlib import Path

import numpy as np
import pytest

from appliance.operations.evaluation.face_labels import majority
from appliance.perception.expression import FER2013_LABELS
from models_tflite.training.expression.faces import class_weights, set_aside
from models_tflite.training.expression.fer2013 import (
    load_training,
    load_validation,
    vote_shares,
)

# neutral, happiness, surprise, sadness, anger, disgust, fear, contempt, unknown, not a face
_CLEAR = [1, 8, 1, 0, 0, 0, 0, 0, 0, 0]
_TIED = [0, 5, 5, 0, 0, 0, 0, 0, 0, 0]
_UNKNOWN = [3, 0, 0, 0, 0, 0, 0, 0, 7, 0]
_NO_FACE = [0, 0, 0, 0, 0, 0, 0, 0, 0, 10]
_NOBODY = [0] * 10


@pytest.fixture
def small_set(tmp_path: Path) -> Path:
    """Six training images, of which two are alike and one is also in validation."""
    images = np.random.default_rng(1).integers(0, 256, (8, 48, 48), dtype=np.uint8)
    images[1] = images[0]
    images[6] = images[2]
    path = tmp_path / "fer.npz"
    np.savez(
        path,
        train_images=images[:6],
        train_labels=np.array([3, 4, 0, 0, 5, 6]),
        train_ferplus_votes=np.array(
            [_CLEAR, [8, 2, 0, 0, 0, 0, 0, 0, 0, 0], _CLEAR, _CLEAR, _NO_FACE, _UNKNOWN],
            dtype=np.uint8,
        ),
        validation_images=images[6:],
        validation_labels=np.array([1, 3]),
        validation_ferplus_votes=np.array([_CLEAR, _TIED], dtype=np.uint8),
    )
    return path


def test_the_expression_with_most_votes_is_the_truth() -> None:
    assert majority(np.array([_CLEAR])).tolist() == [1]


def test_a_face_on_which_people_do_not_agree_is_left_out() -> None:
    assert majority(np.array([_TIED, _UNKNOWN, _NO_FACE, _NOBODY])).tolist() == [-1] * 4


def test_a_single_vote_is_taken_for_a_slip() -> None:
    assert vote_shares(np.array([_CLEAR]))[0].tolist() == [0, 1, 0, 0, 0, 0, 0, 0]


def test_what_two_people_or_more_saw_stays_a_doubt() -> None:
    shares = vote_shares(np.array([[6, 0, 0, 2, 0, 0, 0, 0, 2, 0]]))[0]
    assert shares.tolist() == [0.75, 0, 0, 0.25, 0, 0, 0, 0]


def test_a_face_that_nobody_could_read_teaches_nothing() -> None:
    assert not vote_shares(np.array([_UNKNOWN, _NO_FACE, _NOBODY])).any()


def test_copies_are_merged_with_all_their_opinions(small_set: Path) -> None:
    faces = load_training(small_set)
    assert faces.fer2013[0, FER2013_LABELS.index("happy")] == 0.5
    assert faces.fer2013[0, FER2013_LABELS.index("neutral")] == 0.5
    np.testing.assert_allclose(faces.expressions[0, :2], [0.4, 0.6], atol=1e-6)


def test_what_validation_will_ask_and_what_is_no_face_is_not_trained_on(small_set: Path) -> None:
    faces = load_training(small_set)
    validation, copies = load_validation(small_set)
    assert len(faces) == 3  # of six: a merged pair, one in validation, one not a face
    assert copies.tolist() == [True, False]
    trained = {image.tobytes() for image in faces.images}
    assert trained.isdisjoint(image.tobytes() for image in validation.images)


def test_a_tie_has_no_truth_in_validation(small_set: Path) -> None:
    validation, _ = load_validation(small_set)
    assert validation.expressions.sum(axis=1).tolist() == [1, 0]
    assert validation.fer2013.argmax(axis=1).tolist() == [1, 3]


def test_faces_that_are_set_aside_are_not_trained_on(small_set: Path) -> None:
    faces = load_training(small_set)
    training, aside = set_aside(faces, 1, seed=1)
    assert (len(training), len(aside)) == (2, 1)
    assert aside.images[0].tobytes() not in {image.tobytes() for image in training.images}


def test_rare_classes_weigh_more_but_not_without_limit() -> None:
    shares = np.repeat(np.eye(3, dtype=np.float32), (900, 99, 1), axis=0)
    weights = class_weights(shares, power=0.2, most=2.0)
    assert weights[0] < weights[1] < weights[2]
    assert weights[2] / weights[0] == pytest.approx(2.0)
    assert (shares @ weights).mean() == pytest.approx(1.0)


@pytest.mark.data
def test_the_shared_set_is_what_its_readme_says(shared_data: Path) -> None:
    validation, copies = load_validation(shared_data / "fer2013.npz")
    assert len(validation) == 3589
    assert copies.mean() == pytest.approx(0.08, abs=0.01)
