"""Figures are drawn for a model's card: one picture a set, readable by everybody."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from appliance.domain.errors import OutputError
from appliance.operations.evaluation.figures import Figures, judge, reliability
from appliance.operations.evaluation.pictures import write_pictures


def figures() -> Figures:
    """Two classes of four examples, one of them taken for the other."""
    said = np.array([[0.9, 0.1], [0.9, 0.1], [0.3, 0.7], [0.9, 0.1]])
    judged = judge(said, np.array([0, 0, 1, 1]), ("calm", "angry"))
    assert judged is not None
    return judged


def test_each_set_of_figures_is_a_picture_under_its_name(tmp_path: Path) -> None:
    paths = write_pictures({"voice heard": figures(), "voice": figures()}, tmp_path / "new")
    assert [path.name for path in paths] == ["voice-heard.png", "voice.png"]
    for path in paths:
        with Image.open(path) as picture:
            assert picture.width > picture.height > 300
            colours = picture.convert("RGB").getcolors(maxcolors=1 << 20)
        assert colours is not None
        assert len(colours) > 20, "something is drawn"
        assert path.stat().st_mode & 0o777 == 0o644


def test_the_same_figures_give_the_same_picture(tmp_path: Path) -> None:
    first, second = (
        write_pictures({"voice": figures()}, tmp_path / name)[0].read_bytes() for name in "ab"
    )
    assert first == second


def test_a_folder_that_cannot_be_written_is_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(OutputError, match="could not be written"):
        write_pictures({"voice": figures()}, tmp_path / "taken")


def test_reliability_counts_confidence_and_right_answers() -> None:
    said = np.array([[0.9, 0.1], [0.9, 0.1], [0.3, 0.7], [0.9, 0.1]])
    rows = reliability(said, np.array([0, 0, 1, 1]))
    np.testing.assert_allclose(rows, [[1, 0.7, 1.0], [3, 0.9, 2 / 3]])
    # One at 0.7 that is right, three at 0.9 of which two are: (0.3 + 3 * (0.9 - 2/3)) / 4.
    assert figures().expected_calibration_error == pytest.approx(0.25)
