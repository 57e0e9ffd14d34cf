"""Action units, noise, baselines and streams: what experts are asked about."""

from pathlib import Path

import numpy as np
import pytest

from appliance.domain.errors import DataError
from appliance.operations.evaluation.fusion.action_units import load_action_units
from appliance.operations.evaluation.fusion.noise import NOISES, Noise, blurred, chance, drowned
from appliance.operations.evaluation.fusion.own import (
    all_others,
    baselines,
    drawn,
    drawn_still,
    running,
)
from appliance.operations.evaluation.fusion.streams import shifted

ACTORS = np.repeat([1, 2], 20)


def test_action_units_come_in_the_order_of_the_clips(tmp_path: Path) -> None:
    path = tmp_path / "action_units.csv"
    path.write_text("clip,AU01_r,AU02_c\nb,4,-1\na,9,1\n", encoding="utf-8")
    assert load_action_units(path, ["a", "b"]).tolist() == [[3, 1], [2, 0]]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("clip,AU01_r\na,1\n", "no row for b"),
        ("name,AU01_r\na,1\n", "no column 'clip'"),
        ("clip,AU01_r\na,1\nb,much\n", "no number"),
    ],
)
def test_a_table_that_is_none_is_told(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "action_units.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=told):
        load_action_units(path, ["a", "b"])
    with pytest.raises(DataError, match="cannot be read"):
        load_action_units(tmp_path / "none.csv", ["a"])


@pytest.mark.parametrize("noise", NOISES)
def test_noise_is_as_loud_as_the_voice(noise: Noise) -> None:
    time_s = np.arange(16000) / 16000
    voice = (0.1 * np.sin(2 * np.pi * 200 * time_s)).astype(np.float32)
    others = [np.sin(2 * np.pi * hz * time_s).astype(np.float32) for hz in range(300, 900, 100)]
    noisy = drowned(voice, noise, others, chance("one"))
    assert np.std(noisy - voice) == pytest.approx(np.std(voice), rel=0.05)
    assert np.array_equal(noisy, drowned(voice, noise, others, chance("one")))


def test_blurred_faces_keep_their_kind() -> None:
    faces = np.sqrt(np.random.default_rng(0).uniform(0, 4, (500, 3)))
    assert np.allclose(blurred(faces, 0.0, chance("x")), faces)
    noisy = blurred(faces, 1.0, chance("x"))
    assert noisy.min() >= 0
    assert np.std(noisy**2) > 1.2 * np.std(faces**2)


def test_a_persons_own_are_other_clips_of_the_same_person() -> None:
    still = np.arange(40) % 4 == 0
    random = np.random.default_rng(0)
    mixed = drawn(ACTORS, (10,), random)
    for sets in (mixed, all_others(ACTORS), drawn_still(ACTORS, still, 4, random)):
        for clip, chosen in enumerate(sets):
            assert clip not in chosen
            assert set(ACTORS[chosen]) == {ACTORS[clip]}
            assert len(set(chosen.tolist())) == len(chosen)
    assert {len(chosen) for chosen in mixed} == {10}
    assert {len(chosen) for chosen in all_others(ACTORS)} == {19}
    assert all(still[chosen].all() for chosen in drawn_still(ACTORS, still, 4, random))


def test_a_baseline_is_learned_from_its_rows() -> None:
    values = np.arange(80, dtype=np.float32).reshape(40, 2)
    first, second = baselines(values, [np.array([0, 1]), np.array([3])])
    assert (first.count, second.count) == (2, 1)


def test_a_running_baseline_knows_only_what_was_heard_before() -> None:
    learns = np.ones(20, dtype=np.bool_)
    learns[6] = False
    known = running(np.zeros((20, 2), np.float32), learns, 3)
    counts = [one.count for one in known]
    assert counts == [0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5]


def test_a_late_face_is_that_of_an_earlier_window_of_the_same_person() -> None:
    source, inside = shifted(np.array([1, 1, 1, 2, 2]), 2)
    assert source[inside].tolist() == [0]
    assert inside.tolist() == [False, False, True, False, False]
    _, always = shifted(np.array([1, 1, 1, 2, 2]), 0)
    assert always.all()
