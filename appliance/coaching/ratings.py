"""Ratings of one to five from measures, each with what its level means and what it rests on."""

from collections.abc import Iterable, Mapping

from appliance.coaching.messages import Messages
from appliance.coaching.rating_rules import RULES, Rule
from appliance.domain.report import Evidence, Gate, Measure, Rating

_LISTED = 6

_JUDGED_AS_NOTHING = {"too_short", "refusal", "gibberish", "repeats_question"}
"""Gates behind which there is no answer to the question: relevance is 1, and not unknown."""


def rate(measures: Iterable[Measure], gate: Gate | None, messages: Messages) -> tuple[Rating, ...]:
    """All ratings, in the order in which a person reads them.

    Args:
        measures: of the answer.
        gate: that the answer did not pass; None where its content is judged.
        messages: of the language.
    """
    by_name = {measure.name: measure for measure in measures}
    return tuple(_rate(rule, by_name, gate, messages) for rule in RULES[messages.language])


def _rate(
    rule: Rule, measures: Mapping[str, Measure], gate: Gate | None, messages: Messages
) -> Rating:
    if gate is not None and rule.of_content:
        if rule.name == "relevance" and gate.name in _JUDGED_AS_NOTHING:
            return _rating(rule, 1, gate.says, (), messages)
        return _rating(rule, None, gate.says, (), messages)
    values = {
        name: measure.value for name, measure in measures.items() if measure.value is not None
    }
    level = rule.level(values)
    if level is None:
        return _rating(rule, None, _reason(rule, measures, messages), (), messages)
    says = messages.say("ratings", f"{rule.name}_{level}")
    taken = dict.fromkeys(
        step.measure
        for step in rule.steps
        if step.measure in values and step.holds(values[step.measure])
    )
    evidence = [one for name in taken for one in measures[name].evidence]
    return _rating(rule, level, says, evidence[:_LISTED], messages)


def _rating(
    rule: Rule,
    value: int | None,
    says: str,
    evidence: Iterable[Evidence],
    messages: Messages,
) -> Rating:
    return Rating(
        name=rule.name,
        title=messages.say("ratings", rule.name),
        value=value,
        says=says,
        reason=says if value is None else None,
        measures=rule.measures,
        evidence=tuple(evidence),
    )


def _reason(rule: Rule, measures: Mapping[str, Measure], messages: Messages) -> str:
    """Why there is no rating: the reason of the first measure that it lacks."""
    for name in (*rule.needs, *rule.measures):
        measure = measures.get(name)
        if measure is not None and measure.value is None and measure.reason:
            return measure.reason
    return messages.say("reasons", "little_measured")
