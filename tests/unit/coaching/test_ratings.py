"""Ratings: documented, monotone, explained by the rules themselves."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.coaching.messages import load_messages
from appliance.coaching.rating_guide import rating_guide
from appliance.coaching.rating_rules import RULES, Rule
from appliance.coaching.ratings import rate
from appliance.domain.report import Gate
from tests.answers import answer, said_at
from tests.coaches import coach_of
from tests.tools.rating_page import rating_page

ENGLISH = load_messages("en")

_DOCS = Path(__file__).parents[3] / "docs"


@pytest.mark.parametrize("rule", RULES["en"], ids=lambda rule: rule.name)
@given(data=st.data())
def test_a_rating_moves_one_way_with_each_measure(rule: Rule, data: st.DataObject) -> None:
    values = {name: data.draw(st.floats(0, 200), label=name) for name in rule.measures}
    for name in rule.measures:
        rising = {step.levels > 0 for step in rule.steps if step.measure == name}
        sides = {step.side for step in rule.steps if step.measure == name}
        if len(sides) > 1:
            continue  # a band has two sides, each of which goes one way
        higher = {**values, name: data.draw(st.floats(values[name], 300))}
        before, after = rule.level(values), rule.level(higher)
        assert before is not None
        assert after is not None
        up = rising == {True} or (rising == {False} and sides == {"below"})
        assert after >= before if up else after <= before


@pytest.mark.parametrize("rule", RULES["en"], ids=lambda rule: rule.name)
def test_every_level_can_be_reached_and_has_an_anchor(rule: Rule) -> None:
    anchors = [ENGLISH.say("ratings", f"{rule.name}_{level}") for level in range(1, 6)]
    assert len(set(anchors)) == 5
    assert len({step.levels for step in rule.steps}) == 1, "all steps go the same way"


def test_without_what_it_needs_there_is_no_rating() -> None:
    for rule in RULES["en"]:
        assert rule.level({}) is None


def test_behind_a_gate_content_is_unrated_and_relevance_is_one() -> None:
    gate = Gate(name="too_short", says="That was too short.")
    report = coach_of().report(answer(), source="x", question=None)
    ratings = {one.name: one for one in rate(report.measures, gate, ENGLISH)}
    assert ratings["relevance"].value == 1
    assert ratings["structure"].value is None
    assert ratings["structure"].reason == "That was too short."
    unheard = rate(report.measures, Gate(name="unsure", says="Not understood."), ENGLISH)
    assert unheard[0].value is None


def test_every_rating_shows_what_it_rests_on() -> None:
    text = (
        "In May I had to move ninety chairs out of a flooded hall in Bergen. I rang eleven people, "
        "made two lists, and carried the first ones myself. In the end all were dry by noon."
    )
    report = coach_of().report(answer(said=said_at(text)), source="x", question=None)
    by_name = {one.name: one for one in report.ratings}
    assert [one.label for one in by_name["structure"].evidence][:1] == ["situation"]
    assert by_name["relevance"].value is None
    assert by_name["relevance"].reason == "We do not know which question this answers."
    assert all(one.measures for one in report.ratings)


def test_the_page_is_written_from_the_rules() -> None:
    assert (_DOCS / "ratings.md").read_text(encoding="utf-8") == rating_page()
    guide = rating_guide(ENGLISH)
    assert [one.title for one in guide.ratings] == [
        ENGLISH.say("ratings", rule.name) for rule in RULES["en"]
    ]
    assert all(len(one.levels) == 5 for one in guide.ratings)


def test_nothing_claims_to_measure_a_person() -> None:
    assert not {rule.name for rule in RULES["en"]} & {"total", "overall", "score"}
