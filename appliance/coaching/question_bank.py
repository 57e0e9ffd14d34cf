"""The questions that a person can practise, read from `questions/`."""

from importlib import resources

import tomli

from appliance.domain.errors import WrongUsageError
from appliance.domain.report import Question


def load_questions(language: str) -> tuple[Question, ...]:
    """Read all questions of a language, in the order of the file.

    Raises:
        WrongUsageError: there are no questions in that language.
    """
    path = resources.files("appliance.coaching") / "questions" / f"{language}.toml"
    if not path.is_file():
        raise WrongUsageError(f"There are no questions in the language '{language}'.")
    table = tomli.loads(path.read_text(encoding="utf-8"))
    return tuple(Question(**entry) for entry in table["question"])


def find_question(language: str, question_id: str) -> Question:
    """The question of that id.

    Raises:
        WrongUsageError: there is none.
    """
    for question in load_questions(language):
        if question.id == question_id:
            return question
    raise WrongUsageError(
        f"There is no question '{question_id}'.", "List them with 'booth questions'."
    )
