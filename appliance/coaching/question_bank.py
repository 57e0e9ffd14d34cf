"""The questions that a person can practise: the booth's own, and a site's.

The booth's own are in `questions/`, a folder for each language; a site brings a file of the same
form.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import tomli
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from appliance.coaching.site_file import read_site_file, reason_of, text_of
from appliance.domain.errors import WrongUsageError
from appliance.domain.questions import Competency, Level, Role
from appliance.domain.report import Question

_QUESTIONS = Path(__file__).parent / "questions"

PARTS = ("situation", "task", "action", "result")
"""The parts of a story, in the order in which they are best told."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
KeywordGroup = Annotated[tuple[Text, ...], Field(min_length=1)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StrongAnswer(_Part):
    """A strong answer, told as the four parts of a story."""

    situation: Text
    task: Text
    action: Text
    result: Text

    @property
    def text(self) -> str:
        """All of it."""
        return f"{self.situation} {self.task} {self.action} {self.result}"


class FollowUps(_Part):
    """What to ask where a part of the answer was missing."""

    situation: Text
    action: Text
    result: Text
    number: Text
    own_part: Text


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference answer.

    Attributes:
        mark: how good it is, 1 to 5.
        text: of the answer.
    """

    mark: int
    text: str


class BankQuestion(Question):
    """A question with what is known of answers to it. A site's may leave all of that out.

    Attributes:
        level: for whom it is.
        form: "story" asks for something that happened, "reasons" for motives or plans.
        shows: what a strong answer shows, one or two sentences.
        keywords: groups of words of one meaning, in their dictionary forms; the first names the
            group.
        strong: a strong reference answer.
        fair: a middling one.
        weak: one that stays vague.
        follow_ups: what to ask where a part was missing.
    """

    id: Name
    competency: Competency
    role: Role
    level: Level = "entry"
    form: Literal["story", "reasons"] = "story"
    text: Text
    shows: Text | None = None
    keywords: tuple[KeywordGroup, ...] = ()
    strong: StrongAnswer | None = None
    fair: Text | None = None
    weak: Text | None = None
    follow_ups: FollowUps | None = None

    @model_validator(mode="after")
    def _has_all_or_no_references(self) -> "BankQuestion":
        given = [name for name in ("strong", "fair", "weak") if getattr(self, name) is not None]
        if given and len(given) < len(_MARKS):
            raise ValueError("needs all of 'strong', 'fair' and 'weak', or none of them")
        return self

    @property
    def plain(self) -> Question:
        """What a report tells of it."""
        return Question(id=self.id, competency=self.competency, role=self.role, text=self.text)

    @property
    def references(self) -> tuple[Reference, ...]:
        """The reference answers, the best first; none where a site gave none."""
        if self.strong is None or self.fair is None or self.weak is None:
            return ()
        texts = (self.strong.text, self.fair, self.weak)
        return tuple(Reference(mark, text) for mark, text in zip(_MARKS, texts, strict=True))


_MARKS = (5, 3, 2)


class _File(_Part):
    question: tuple[BankQuestion, ...]


def load_questions(language: str, site: Path | None = None) -> tuple[BankQuestion, ...]:
    """Read all questions of a language, file by file.

    Args:
        language: two letters, ISO 639-1.
        site: a file with more questions, which take the place of those with the same id.

    Raises:
        WrongUsageError: there are no questions in that language, or a file is not of the form.
    """
    files = sorted((_QUESTIONS / language).glob("*.toml"))
    if not files:
        raise WrongUsageError(f"There are no questions in the language '{language}'.")
    found = {
        question.id: question
        for item in files
        for question in parse_questions(item.read_text(encoding="utf-8"), item.name)
    }
    if site is not None:
        found.update({question.id: question for question in _read_site(site)})
    return tuple(found.values())


def parse_questions(text: str, source: str) -> tuple[BankQuestion, ...]:
    """Read questions.

    Args:
        text: in the form of `questions/`.
        source: name of the file, for the error.

    Raises:
        WrongUsageError: the text is not of that form; it says which question, and which key.
    """
    try:
        table = tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        raise WrongUsageError(f"The questions in '{source}' are no TOML: {error}.") from error
    except RecursionError as error:
        raise WrongUsageError(f"The questions in '{source}' are nested too deeply.") from error
    try:
        questions = _File.model_validate(table).question
    except ValidationError as error:
        raise WrongUsageError(*_told(error, table, source)) from error
    ids = [question.id for question in questions]
    for name in ids:
        if ids.count(name) > 1:
            raise WrongUsageError(f"'{source}' has two questions with the id '{name}'.")
    return questions


def find_question(questions: Iterable[BankQuestion], question_id: str) -> BankQuestion:
    """The question of that id.

    Raises:
        WrongUsageError: there is none.
    """
    for question in questions:
        if question.id == question_id:
            return question
    raise WrongUsageError(
        f"There is no question '{question_id}'.", "List them with 'booth questions'."
    )


def _read_site(path: Path) -> tuple[BankQuestion, ...]:
    try:
        content = read_site_file(path)
    except OSError as error:
        words = f"The questions '{path}' cannot be read: {reason_of(error)}."
        raise WrongUsageError(words) from error
    return parse_questions(text_of(content, str(path)), str(path))


def _told(error: ValidationError, table: dict[str, object], source: str) -> tuple[str, str]:
    """The first fault of a file, as a sentence and what to do."""
    first = error.errors()[0]
    where = first["loc"]
    advice = "docs/questions.md shows the form of a question."
    if len(where) < _DEEP or where[0] != "question":
        key = where[0] if where else ""
        return f"The questions in '{source}' are wrong at '{key}': {first['msg']}.", advice
    entries = table["question"]
    entry = entries[int(where[1])] if isinstance(entries, list) else {}
    name = entry.get("id", f"number {int(where[1]) + 1}") if isinstance(entry, dict) else ""
    key = ".".join(str(part) for part in where[2:])
    problem = first["msg"].removeprefix("Value error, ")
    spot = f", key '{key}'" if key else ""
    return f"The question '{name}' in '{source}'{spot}: {problem}.", advice


_DEEP = 2
