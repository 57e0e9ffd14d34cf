"""Sets of questions for one practice, with a balance of what they look for."""

import random
from collections.abc import Sequence

from appliance.coaching.question_bank import BankQuestion
from appliance.domain.errors import WrongUsageError
from appliance.domain.questions import Level, Role

_OPENERS = ("motivation", "strengths")
"""Competencies that a practice begins with: most interviews do."""


def question_set(
    questions: Sequence[BankQuestion],
    count: int,
    chance: random.Random,
    role: Role = "general",
    level: Level | None = None,
) -> tuple[BankQuestion, ...]:
    """Choose a set: as many different competencies as can be, the role's own questions first.

    Args:
        questions: to choose from.
        count: how many, usually one of `SET_LENGTHS`.
        chance: decides between equals.
        role: the kind of work; general questions fill up.
        level: only questions of that level; None for all.

    Raises:
        WrongUsageError: there are fewer questions for that role and level.
    """
    fitting = [
        question
        for question in questions
        if question.role in {role, "general"} and level in {None, question.level}
    ]
    if len(fitting) < count:
        raise WrongUsageError(
            f"There are {len(fitting)} questions for the role '{role}', not {count}.",
            "Choose fewer questions, or another role or level.",
        )
    waiting = sorted(fitting, key=lambda question: (question.role != role, chance.random()))
    chosen: list[BankQuestion] = []
    while len(chosen) < count:
        chosen.append(min(waiting, key=lambda question: _asked(question, chosen)))
        waiting.remove(chosen[-1])
    # Sorting keeps the order of equals.
    return tuple(sorted(chosen, key=lambda question: question.competency not in _OPENERS))


def _asked(question: BankQuestion, chosen: Sequence[BankQuestion]) -> int:
    """How often the set already looks for the same."""
    return sum(question.competency == other.competency for other in chosen)
