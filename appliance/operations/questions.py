"""`booth questions`: what can be practised, as a list, as JSON, or as a set."""

import argparse
import json
import random
from collections.abc import Iterator, Sequence

from appliance.coaching.question_bank import BankQuestion, load_questions
from appliance.coaching.question_sets import question_set
from appliance.domain.questions import Role


def list_questions(options: argparse.Namespace) -> str:
    """What the command prints.

    Args:
        options: of the command line.

    Raises:
        WrongUsageError: the site's file is not of the form, or there are too few for a set.
    """
    questions = load_questions(options.language, options.file)
    fitting = [question for question in questions if _fits(question, options)]
    if options.length is not None:
        role: Role = options.role or "general"
        fitting = list(question_set(fitting, options.length, random.SystemRandom(), role))
    if options.json:
        entries = [question.plain.model_dump(mode="json") for question in fitting]
        return json.dumps(entries, ensure_ascii=False, indent=1)
    return "\n".join(_lines(fitting))


def _fits(question: BankQuestion, options: argparse.Namespace) -> bool:
    roles = {options.role, "general"} if options.length is not None else {options.role}
    return (
        options.competency in {None, question.competency}
        and options.level in {None, question.level}
        and (options.role is None or question.role in roles)
    )


def _lines(questions: Sequence[BankQuestion]) -> Iterator[str]:
    width = max((len(question.id) for question in questions), default=0)
    for question in questions:
        yield f"{question.id:<{width}}  {question.text}"
