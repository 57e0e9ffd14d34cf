"""The table of classes holds both sides, and loses no probability."""

from pathlib import Path

import numpy as np
import pytest

from appliance.operations.evaluation import ravdess
from appliance.perception.expression import EXPRESSIONS
from appliance.perception.fusion.classes import CLASSES, FACE_MEANS, from_face, from_voice, named
from appliance.perception.voice import VoiceModel


def test_the_table_has_every_class_of_the_face() -> None:
    assert tuple(sorted(FACE_MEANS)) == tuple(sorted(EXPRESSIONS))
    assert {name for meant in FACE_MEANS.values() for name in meant} == set(CLASSES)


def test_the_voices_classes_are_what_is_fused(models_dir: Path) -> None:
    assert CLASSES == ravdess.CLASSES
    assert VoiceModel(models_dir).classes == CLASSES


def test_a_neutral_face_is_for_calm_as_much_as_for_neutral() -> None:
    shares = named(from_face({"neutral": 0.8, "happiness": 0.2}))
    assert shares["neutral"] == shares["calm"] == pytest.approx(0.4)
    assert shares["happy"] == pytest.approx(0.2)


def test_contempt_says_nothing_of_the_others() -> None:
    shares = from_face({"contempt": 1.0})
    assert shares == pytest.approx(np.full(len(CLASSES), 1 / len(CLASSES)))
    weaker = named(from_face({"contempt": 0.5, "anger": 0.5}))
    assert weaker["angry"] == pytest.approx(0.5 + 0.5 / 8)


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_no_probability_is_lost(name: str) -> None:
    assert from_face({name: 1.0}).sum() == pytest.approx(1)


def test_a_voices_probabilities_come_by_name() -> None:
    shares = {name: float(place) for place, name in enumerate(reversed(CLASSES))}
    assert from_voice(shares).tolist() == [7, 6, 5, 4, 3, 2, 1, 0]
    with pytest.raises(KeyError):
        from_voice({"calm": 1.0})
