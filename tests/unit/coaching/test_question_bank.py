"""The questions that people practise: the bank's form, a site's own, and sets with a balance."""

import random
from collections import Counter
from pathlib import Path

import pytest

from appliance.coaching.language import load_language
from appliance.coaching.question_bank import (
    PARTS,
    find_question,
    load_questions,
    parse_questions,
)
from appliance.coaching.question_sets import question_set
from appliance.domain.errors import WrongUsageError
from appliance.domain.questions import SET_LENGTHS

BANK = load_questions("en")

OWN = """
[[question]]
id = "our-own"
competency = "customer"
role = "care"
text = "What would you do on your first day here?"
"""


def test_there_are_at_least_a_hundred_and_twenty_of_every_kind() -> None:
    assert len(BANK) >= 120
    assert set(Counter(one.competency for one in BANK).values()) == {12}
    assert len({one.competency for one in BANK}) == 10
    assert len({one.role for one in BANK}) == 9
    assert min(Counter(one.role for one in BANK).values()) >= 10
    assert len({one.level for one in BANK}) == 3


def test_every_question_has_all_that_coaching_needs() -> None:
    for one in BANK:
        assert one.text[-1] in ".?", one.id
        assert len(one.text.split()) <= 25, one.id
        assert one.shows, one.id
        assert one.follow_ups, one.id
        assert [reference.mark for reference in one.references] == [5, 3, 2], one.id
        strong, fair, weak = (len(reference.text.split()) for reference in one.references)
        assert strong > fair > weak > 10, one.id
        assert all(getattr(one.strong, part) for part in PARTS), one.id
        assert 5 <= len(one.keywords) <= 8, one.id
        assert all(word == word.lower() for group in one.keywords for word in group), one.id


def test_no_two_questions_share_an_id_a_text_or_an_answer() -> None:
    for values in (
        [one.id for one in BANK],
        [one.text for one in BANK],
        [reference.text for one in BANK for reference in one.references],
    ):
        assert len(set(values)) == len(values)


def test_a_question_is_found_by_its_id() -> None:
    assert find_question(BANK, "solved-problem").competency == "problem solving"


def test_an_unknown_question_says_where_to_look() -> None:
    with pytest.raises(WrongUsageError, match="booth questions"):
        find_question(BANK, "nonsense")


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(WrongUsageError, match="no questions in the language 'xx'"):
        load_questions("xx")
    with pytest.raises(WrongUsageError, match="Choose one of:"):
        load_language("xx")


def test_the_english_pack_knows_um() -> None:
    assert {"um", "uh", "er"} <= load_language("en").filled_pauses


def test_a_site_adds_its_own_and_may_replace_one(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(OWN + OWN.replace("our-own", "solved-problem"), encoding="utf-8")
    questions = load_questions("en", path)
    assert len(questions) == len(BANK) + 1
    assert find_question(questions, "our-own").references == ()
    assert find_question(questions, "solved-problem").role == "care"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('role = "care"', 'role = "pilot"', "'our-own' in 'own.toml', key 'role'"),
        ('id = "our-own"', 'id = "Our Own"', "'Our Own' in 'own.toml', key 'id'"),
        ('id = "our-own"', "", "'number 1' in 'own.toml', key 'id'"),
        ("text =", "txet =", "key 'text'"),
        ("text =", 'fair = "x"\ntext =', "needs all of 'strong', 'fair' and 'weak'"),
        ("[[question]]", "[[questions]]", "wrong at 'question'"),
        ("[[question]]", "[question", "are no TOML"),
    ],
)
def test_a_fault_in_a_sites_file_says_where(old: str, new: str, words: str) -> None:
    with pytest.raises(WrongUsageError, match=r"own\.toml") as fault:
        parse_questions(OWN.replace(old, new, 1), "own.toml")
    assert words in str(fault.value)


def test_two_questions_of_one_id_and_a_missing_file_are_told(tmp_path: Path) -> None:
    with pytest.raises(WrongUsageError, match="two questions with the id 'our-own'"):
        parse_questions(OWN + OWN, "own.toml")
    with pytest.raises(WrongUsageError, match="cannot be read"):
        load_questions("en", tmp_path / "none.toml")


@pytest.mark.parametrize("length", SET_LENGTHS)
@pytest.mark.parametrize("role", ["general", "care", "first job"])
def test_a_set_looks_for_different_things_and_begins_gently(length: int, role: str) -> None:
    for seed in range(20):
        chosen = question_set(BANK, length, random.Random(seed), role)  # type: ignore[arg-type]
        assert len({one.competency for one in chosen}) == length
        assert {one.role for one in chosen} <= {role, "general"}
        gentle = [one.competency in {"motivation", "strengths"} for one in chosen]
        assert gentle == sorted(gentle, reverse=True)
    if role != "general":
        assert sum(one.role == role for one in chosen) >= length / 2


def test_chance_decides_between_equals_and_is_repeatable() -> None:
    sets = {question_set(BANK, 3, random.Random(seed)) for seed in range(10)}
    assert len(sets) > 5
    assert question_set(BANK, 3, random.Random(1)) == question_set(BANK, 3, random.Random(1))


def test_too_few_questions_are_told() -> None:
    with pytest.raises(WrongUsageError, match="There are 1 questions for the role 'general'"):
        question_set(BANK[:2], 3, random.Random(0))
