import pytest

from appliance.perception.speech.word_errors import (
    edit_distance,
    normalised_words,
    word_error_rate,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Eleven workers lost their lives.", "11 workers lost their lives"),
        ("on April twentieth", "On April 20th,"),
        ("the twenty-first day", "the 21st day"),
        ("the first and the third", "the 1st and the 3rd"),
        ("one thousand two hundred people", "1,200 people"),
        ("two million three hundred five", "2,000,305"),
        ("ninety percent", "90%"),
        ("we’re DON'T", "We're don't"),
        ("mister and missus smith", "Mr. and Mrs. Smith"),
        ("well-known", "well known"),
        ("the year was one thousand nine hundred ninety", "The year was 1990."),
        ("zero", "0"),
    ],
)
def test_how_a_word_is_written_is_no_error(one: str, other: str) -> None:
    assert normalised_words(one) == normalised_words(other)


def test_words_with_digits_in_them_stay_words() -> None:
    assert normalised_words("B2B, 3rdly") == ["b2b", "3rdly"]


def test_a_number_too_long_to_say_is_said_digit_by_digit() -> None:
    assert normalised_words("1234567890123")[:3] == ["one", "two", "three"]


def test_words_of_other_scripts_are_compared_too() -> None:
    assert word_error_rate("저는 한국에서 왔습니다", "저는 한국에 왔습니다") == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("hypothesis", "rate"),
    [
        ("a b c d", 0.0),
        ("a x c d", 0.25),
        ("a c d", 0.25),
        ("a b x c d", 0.25),
        ("", 1.0),
        ("v w x y z", 1.25),
    ],
)
def test_each_wrong_missing_or_added_word_counts_once(hypothesis: str, rate: float) -> None:
    assert word_error_rate("a b c d", hypothesis) == pytest.approx(rate)


def test_the_fewest_changes_count() -> None:
    assert edit_distance(list("kitten"), list("sitting")) == 3
    assert edit_distance([], ["a", "b"]) == 2


def test_without_a_reference_there_is_no_rate() -> None:
    with pytest.raises(ValueError, match="reference"):
        word_error_rate(" ... ", "something")
