"""Prompts, one file a task and language, and requests made of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any, Literal

import tomli

from appliance.coaching.ollama.claims import LONGEST, SHORTEST
from appliance.coaching.ollama.facts import Fact, Facts
from appliance.coaching.ollama.host import Asking
from appliance.coaching.ollama.transcript import as_data
from appliance.domain.errors import WrongUsageError

TaskName = Literal["feedback", "follow_up", "summary"]

ABOUT = "_about"
"""Ending of the field that names the sentence of a fact."""

_LONGEST_FACT = 400


@dataclass(frozen=True, slots=True)
class Prompt:
    """The texts of one task in one language.

    Attributes:
        name: of the task.
        version: grows with every change of the texts.
        system: what the model is told of its part.
        user: what it is given, with braces for facts.
        retry: what it is told where its words did not pass.
    """

    name: TaskName
    version: int
    system: str
    user: str
    retry: str


@dataclass(frozen=True, slots=True)
class Task:
    """Facts that are worded together.

    Attributes:
        prompt: by which.
        facts: that are worded.
        material: for the braces of the prompt, besides the facts.
    """

    prompt: Prompt
    facts: tuple[Fact, ...]
    material: Mapping[str, str]


def load_prompt(name: TaskName, language: str) -> Prompt:
    """Read a prompt.

    Args:
        name: of the task.
        language: two letters, ISO 639-1.

    Raises:
        WrongUsageError: there is none in that language.
    """
    folder = resources.files("appliance.coaching.ollama") / "prompts" / language
    path = folder / f"{name}.toml"
    if not path.is_file():
        raise WrongUsageError(f"There are no prompts in the language '{language}'.")
    table = tomli.loads(path.read_text(encoding="utf-8"))
    texts = {key: table[key].strip() for key in ("system", "user", "retry")}
    return Prompt(name, table["version"], **texts)


def material_of(facts: Facts) -> dict[str, str]:
    """What prompts are told besides the facts to be worded.

    Args:
        facts: of an answer.
    """
    sentences = (f"{name}: {as_data(text)}" for name, text in facts.sentences.items())
    return {
        "question": as_data(facts.question),
        "transcript": as_data(facts.transcript),
        "sentences": "\n".join(sentences) or "none",
    }


def asking_of(task: Task) -> Asking:
    """The first request of a task."""
    facts = "\n".join(_told(fact) for fact in task.facts)
    user = task.prompt.user.format(facts=facts, **task.material)
    messages = [_said("system", task.prompt.system), _said("user", user)]
    return Asking(messages, schema_of(task.facts))


def asking_again(task: Task, facts: Sequence[Fact], reasons: Iterable[str]) -> Asking:
    """The one further request, for the fields that did not pass.

    What the model wrote is not repeated: it may hold what somebody talked it into.

    Args:
        task: that was asked for.
        facts: those of its facts that are still to be worded.
        reasons: what is wrong with what came, a sentence for each field.
    """
    fields = ", ".join(name for fact in facts for name in (f"{fact.name}{ABOUT}", fact.name))
    retry = task.prompt.retry.format(reasons="\n".join(reasons), fields=fields)
    system, user = asking_of(task).messages
    again = _said("user", f"{user['content']}\n\n{retry}")
    return Asking([system, again], schema_of(facts))


def schema_of(facts: Sequence[Fact]) -> dict[str, Any]:
    """JSON schema of a flat object: for each fact its sentence, and then its words."""
    fields: dict[str, Any] = {}
    for fact in facts:
        fields[f"{fact.name}{ABOUT}"] = {"type": "string", "enum": [fact.sentence]}
        fields[fact.name] = {"type": "string", "minLength": SHORTEST, "maxLength": LONGEST}
    return {
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }


def _told(fact: Fact) -> str:
    return f"{fact.name} ({fact.sentence}): {as_data(fact.says, _LONGEST_FACT)}"


def _said(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}
