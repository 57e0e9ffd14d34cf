"""The questions that people practise."""

import pytest

from appliance.coaching.language import load_language
from appliance.coaching.question_bank import find_question, load_questions
from appliance.domain.errors import WrongUsageError


def test_every_question_has_its_own_id_and_ends_as_a_sentence() -> None:
    questions = load_questions("en")
    assert len({question.id for question in questions}) == len(questions)
    assert all(question.text[-1] in ".?" for question in questions)


def test_a_question_is_found_by_its_id() -> None:
    assert find_question("en", "solved-problem").competency == "problem solving"


def test_an_unknown_question_says_where_to_look() -> None:
    with pytest.raises(WrongUsageError, match="booth questions"):
        find_question("en", "nonsense")


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(WrongUsageError, match="no questions in the language 'xx'"):
        load_questions("xx")
    with pytest.raises(WrongUsageError, match="Choose one of: en"):
        load_language("xx")


def test_the_english_pack_knows_um() -> None:
    assert {"um", "uh", "er"} <= load_language("en").filled_pauses
