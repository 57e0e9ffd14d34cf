"""The page "How this is rated", written from the rules by which ratings are made."""

from appliance.coaching.messages import Messages
from appliance.coaching.rating_rules import LEVELS, RULES, Rule, Step
from appliance.domain.report import RatingExplained, RatingGuide


def rating_guide(messages: Messages) -> RatingGuide:
    """Every rating with its rules and what its levels mean, in the language of the sentences."""
    return RatingGuide(
        title=messages.say("rules", "title"),
        intro=messages.say("rules", "intro"),
        ratings=tuple(_explained(rule, messages) for rule in RULES[messages.language]),
    )


def _explained(rule: Rule, messages: Messages) -> RatingExplained:
    sentences = [messages.say("rules", "starts_at", level=rule.starts_at)]
    sentences += [_step(step, messages) for step in rule.steps]
    sentences += [
        messages.say(
            "rules",
            "cap",
            title=messages.say(cap.measure, "title"),
            limit=f"{cap.above:g}",
            unit=messages.say(cap.measure, "unit"),
            level=cap.at_most,
        )
        for cap in rule.caps
    ]
    titles = ", ".join(messages.say(name, "title") for name in rule.needs)
    sentences.append(messages.say("rules", "unrated", titles=titles))
    if rule.of_content:
        sentences.append(messages.say("rules", "gate"))
    return RatingExplained(
        title=messages.say("ratings", rule.name),
        rules=tuple(sentences),
        levels=tuple(messages.say("ratings", f"{rule.name}_{level}") for level in LEVELS),
    )


def _step(step: Step, messages: Messages) -> str:
    direction = "up" if step.levels > 0 else "down"
    return messages.say(
        "rules",
        "step",
        title=messages.say(step.measure, "title"),
        side=messages.say("rules", step.side),
        limit=f"{step.limit:g}",
        unit=messages.say(step.measure, "unit"),
        levels=messages.say("rules", direction, count=abs(step.levels)),
    )
