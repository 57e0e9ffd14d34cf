"""Small multiples: every series of the same size, and no value where there was none."""

import pytest

from appliance.interview.progress import Series
from web_panel.small_multiples import HEIGHT, WIDTH, draw, drawn

SESSIONS = (0, 0, 1, 1, 1)


def test_ratings_reach_from_one_to_five_whatever_the_person_has() -> None:
    low = draw(Series("Structure", "", (1.0, 1.0, 1.0, 1.0, 1.0), None), SESSIONS)
    high = draw(Series("Structure", "", (5.0, 5.0, 5.0, 5.0, 5.0), 5.0), SESSIONS)
    assert {y for _, y in low.dots} == {HEIGHT - 8.0}
    assert {y for _, y in high.dots} == {8.0}
    assert high.usual_y == 8.0
    assert low.usual_y is None


def test_a_line_ends_where_an_attempt_is_not_rated() -> None:
    picture = draw(Series("Structure", "", (2.0, 3.0, None, 4.0, 5.0), None), SESSIONS)
    assert [len(line.split()) for line in picture.lines] == [2, 2]
    assert len(picture.dots) == 4
    assert len(picture.unrated) == 1
    alone = draw(Series("Structure", "", (2.0, None, 3.0, None, 1.0), None), SESSIONS)
    assert alone.lines == ()
    assert len(alone.dots) == 3


def test_sessions_stand_apart_and_all_is_within_the_picture() -> None:
    pace = Series("Pace", "words/min", (150.0, 160.0, 140.0, 155.0, 150.0), 152.0)
    picture = draw(pace, SESSIONS)
    across = [x for x, _ in picture.dots]
    assert across == sorted(across)
    assert across[2] - across[1] > across[1] - across[0] == pytest.approx(across[3] - across[2])
    for x, y in picture.dots:
        assert 0 < x < WIDTH
        assert 0 < y < HEIGHT
    assert picture.usual_y is not None
    assert 0 < picture.usual_y < HEIGHT


def test_one_attempt_and_equal_values_are_drawn_too() -> None:
    one, same = drawn(
        [Series("Pace", "words/min", (150.0,), None), Series("Structure", "", (3.0,), None)], (0,)
    )
    assert one.dots == ((WIDTH / 2, HEIGHT / 2),)
    assert same.dots == ((WIDTH / 2, HEIGHT / 2),)
    flat = draw(Series("Pace", "words/min", (150.0, 150.0), None), (0, 0))
    assert {y for _, y in flat.dots} == {HEIGHT / 2}
